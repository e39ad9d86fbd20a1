import Corpus
import Disk
import Inspection
package import Patterns
package import Primitives
package import QueryLanguage
import Synchronization

/// Searches files by all cores, and tells what it finds in their order.
package struct LineSearchRun: Sendable {
  private let pattern: CompiledPattern
  private let options: LineSearchOptions
  private let threadCount: Int
  private let languages: LanguageFilter?
  private let excludedLanguages: LanguageFilter?

  /// What came of some files, one after the other.
  package struct Batch: Sendable {
    /// What is shown of each file in which something is to be shown.
    package var pieces: [[UInt8]] = []
    package var totals = Totals()
    package var failures: [Failure] = []
    package init() {}
  }

  package struct Totals: Hashable, Sendable {
    package var files = 0
    /// Files with a line that was found.
    package var filesFound = 0
    package var lines = 0
    package var matches = 0
    package var bytes = 0
    package var shownBytes = 0
    package init() {}

    package static func += (a: inout Totals, b: Totals) {
      a.files += b.files
      a.filesFound += b.filesFound
      a.lines += b.lines
      a.matches += b.matches
      a.bytes += b.bytes
      a.shownBytes += b.shownBytes
    }
  }

  /// - Parameter threadCount: 0 is one for each core.
  package init(
    _ pattern: CompiledPattern, _ options: LineSearchOptions, threadCount: Int, languages: LanguageFilter? = nil,
    excludedLanguages: LanguageFilter? = nil
  ) {
    self.pattern = pattern
    self.options = options
    self.threadCount = threadCount > 0 ? threadCount : coreCount
    (self.languages, self.excludedLanguages) = (languages, excludedLanguages)
  }

  /// Whether nothing behind `bytes`, of a text that comes piece by piece, could change what is shown of it: as many
  /// lines are found as are wanted, and what is shown after them is there. Searches all of them.
  package func isEnough(_ bytes: [UInt8]) -> Bool {
    guard options.isExistence || options.lineLimit != nil, !options.showsAll, pattern.staysInLines,
      let end = bytes.lastIndex(of: 10)
    else { return false }
    guard let found = try? FileSearch(pattern, options).search(Array(bytes[...end]), isNamed: true) else {
      return false
    }
    if options.isExistence { return found.lineCount > 0 }
    guard found.lineCount >= options.lineLimit ?? .max else { return false }
    guard options.wantsLines, options.linesAfter > 0 else { return true }
    return found.lines.reversed().prefix { $0.isContext }.count >= options.linesAfter
  }

  /// Bytes of files that are searched or wait to be shown at once, roughly.
  private static let costLimit = 64 << 20
  private static let batchByteCount = 512 << 10
  private static let batchFileCount = 48

  /// Searches `files`. Blocks; `consume` is called on the calling thread, in the order of the files, until it gives
  /// false.
  ///
  /// - Parameter render: what is shown of a file, by the name it is shown with; called on any thread.
  package func run(
    _ files: SearchedFiles, _ context: SearchContext,
    render: @escaping @Sendable (_ name: [UInt8], _ found: FoundLines) -> [UInt8],
    consume: (Batch) -> Bool
  ) throws(Failure) {
    let batches = Self.batches(files.files)
    let searches = SearchPool(pattern, options)
    var isDone = false
    let stop = Failure(.cancelled, "no more is wanted")
    do throws(Failure) {
      try mapInOrder(
        count: batches.count, threadCount: min(threadCount, batches.count), costLimit: Self.costLimit,
        cost: { batches[$0].cost },
        transform: { item, _ in
          if context.isOver { return Batch() }
          return searches.borrow { search in
            var batch = Batch()
            for file in files.files[batches[item].files] { self.search(file, files, search, render, &batch) }
            return batch
          }
        },
        consume: { (_, batch) throws(Failure) in
          try context.check()
          if !consume(batch) {
            isDone = true
            throw stop
          }
        })
    } catch {
      if isDone { return }
      throw error
    }
  }

  private static func batches(_ files: [SearchedFile]) -> [(files: Range<Int>, cost: Int)] {
    var batches: [(Range<Int>, Int)] = []
    var (start, cost) = (0, 0)
    // The first are small, so that something is seen soon.
    for (index, file) in files.enumerated() {
      cost += file.byteCount + 1_000
      let countLimit = batches.count < 8 ? 8 : batchFileCount
      if index + 1 - start >= countLimit || cost >= batchByteCount {
        batches.append((start..<(index + 1), cost))
        (start, cost) = (index + 1, 0)
      }
    }
    if start < files.count { batches.append((start..<files.count, cost)) }
    return batches
  }

  private func search(
    _ file: SearchedFile, _ files: SearchedFiles, _ search: FileSearch,
    _ render: (_ name: [UInt8], _ found: FoundLines) -> [UInt8], _ batch: inout Batch
  ) {
    do throws(Failure) {
      let bytes = try files.bytes(of: file)
      if languages != nil || excludedLanguages != nil {
        let language = SearchedFiles.language(of: bytes, file.path)
        if let languages, !languages.contains(language) { return }
        if let excludedLanguages, excludedLanguages.contains(language) { return }
      }
      batch.totals.files += 1
      let found: FoundLines
      do throws(LineMatcher.LimitReached) {
        found = try search.search(bytes, isNamed: file.place == nil || options.searchesBinary)
      } catch {
        throw Failure(
          .patternLimit,
          "a line from byte \(error.lineStart) on takes the pattern too many steps, so that this file was not searched",
          path: FilePath(bytes: file.shown))
      }
      if let line = found.limitedLine {
        let more = found.limitedLineCount - 1
        let others = more == 0 ? " takes" : " and \(more) more of the file take"
        batch.failures.append(
          Failure(
            .patternLimit,
            "the line from byte \(line) on\(others) the pattern too many steps: not searched",
            path: FilePath(bytes: file.shown)))
      }
      batch.totals.lines += found.lineCount
      batch.totals.matches += found.matchCount
      batch.totals.bytes += found.searchedByteCount
      if found.lineCount > 0 { batch.totals.filesFound += 1 }
      let piece = render(file.shown, found)
      batch.totals.shownBytes += piece.count
      if !piece.isEmpty { batch.pieces.append(piece) }
    } catch {
      // What went since it was listed is no error: a search at a later moment would not have seen it.
      if error.code == .notFound, file.place != nil { return }
      var failure = error
      failure.path = FilePath(bytes: file.shown)
      batch.failures.append(failure)
    }
  }
}

/// The searches of the threads; each is used by one at a time.
private final class SearchPool: Sendable {
  private let idle = Mutex<[FileSearch]>([])
  private let pattern: CompiledPattern
  private let options: LineSearchOptions

  init(_ pattern: CompiledPattern, _ options: LineSearchOptions) {
    self.pattern = pattern
    self.options = options
  }

  func borrow<Result>(_ body: (FileSearch) -> Result) -> Result {
    let search = idle.withLock { $0.popLast() } ?? FileSearch(pattern, options)
    defer { idle.withLock { $0.append(search) } }
    return body(search)
  }
}
