import Corpus
import Disk
import IndexStorage
import Primitives
import QueryLanguage
import Retrieval
import Segments
import Synchronization

/// Which commits pass the filters of one search of the history, and what of the code that they removed is in the tree
/// all the same. Thread-safe.
final class PresentCode: RemovalView {
  private let log: CommitLog
  let searched: Set<UInt32>?
  private let tree: SourceTree
  /// Finds files of the tree by a line that they hold; nil where the tree has no index.
  private let searcher: Searcher?
  private let state = Mutex(State())

  private struct State {
    /// The lines that say something of files that were read; nil for one that is not there.
    var lines: [FilePath: Set<UInt64>?] = [:]
    /// Files that hold a line, by the line.
    var holders: [[UInt8]: [FilePath]] = [:]
  }

  /// - Parameter isLimited: whether `log` has not all commits that the index has.
  init(_ log: CommitLog, isLimited: Bool, tree: SourceTree, searcher: Searcher?) {
    self.log = log
    searched = isLimited ? Set(log.entries.map(\.number)) : nil
    self.tree = tree
    self.searcher = searcher
  }

  func passing(_ filters: CommitFilters) -> Set<UInt32> {
    let now = wallClockNanoseconds() / 1_000_000_000
    var passing: Set<UInt32> = []
    for entry in log.entries {
      let commit = entry.commit
      let author = FoldedText.folded(
        String(decoding: commit.authorName + Array(" <".utf8) + commit.authorAddress + Array(">".utf8), as: UTF8.self))
      if filters.passes(author: author, seconds: commit.seconds, now: now) { passing.insert(entry.number) }
    }
    return passing
  }

  func isPresent(_ text: Span<UInt8>, from path: FilePath, context: SearchContext) -> Bool {
    var wanted: Set<UInt64> = []
    var longest = 0..<0
    var start = 0
    for i in 0...text.count where i == text.count || text[i] == .newline {
      let mark = LineMark(text.extracting(start..<i))
      if mark.isTelling {
        wanted.insert(mark.hash)
        if i - start > longest.count { longest = start..<i }
      }
      start = i + 1
    }
    if wanted.isEmpty { return true }
    if holds(path, wanted) { return true }
    var line: [UInt8] = []
    for i in longest { line.append(text[i]) }
    return holders(of: line, context).contains { !context.isOver && holds($0, wanted) }
  }

  private func holds(_ path: FilePath, _ wanted: Set<UInt64>) -> Bool {
    guard let lines = lines(of: path) else { return false }
    return wanted.isSubset(of: lines)
  }

  private func lines(of path: FilePath) -> Set<UInt64>? {
    if let known = state.withLock({ $0.lines[path] }) { return known }
    var reader = SourceReader(tree)
    var lines: Set<UInt64>?
    if let text = reader.text(of: path) {
      var found: Set<UInt64> = []
      for number in 0..<text.lineCount {
        let mark = LineMark(text.bytes.span.extracting(text.range(ofLine: number + 1)))
        if mark.isTelling { found.insert(mark.hash) }
      }
      lines = found
    }
    state.withLock { [lines] state in state.lines[path] = .some(lines) }
    return lines
  }

  /// Of more files that hold a line not all are read: a line that is everywhere is hardly the only one of a piece.
  private static let holderCount = 4
  private static let longestLine = 300

  /// The files of the tree that hold `line`, as far as its index knows.
  private func holders(of line: [UInt8], _ context: SearchContext) -> [FilePath] {
    guard let searcher else { return [] }
    // A mark inside would end the quotation: the longest part without one is enough.
    let parts = line.split(whereSeparator: { $0 == UInt8(ascii: "\"") || $0 < 0x20 })
    guard var part = parts.max(by: { $0.count < $1.count }) else { return [] }
    if part.count > Self.longestLine {
      // To the end of a word.
      part = part.prefix(Self.longestLine)
      if let blank = part.lastIndex(of: .space) { part = part[..<blank] }
    }
    if part.count < 3 { return [] }
    let key = Array(part)
    if let known = state.withLock({ $0.holders[key] }) { return known }
    var query = SearchQuery(text: "\"\(String(decoding: key, as: UTF8.self))\"")
    query.limit = Self.holderCount
    query.countsFiles = true
    query.leavesOutNear = true
    query.explains = false
    let results = try? searcher.search(query, context: context)
    let found = results.map { $0.isAbsent ? [] : $0.results.map(\.path) } ?? []
    state.withLock { $0.holders[key] = found }
    return found
  }
}
