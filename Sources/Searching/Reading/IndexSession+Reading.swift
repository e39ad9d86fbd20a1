import Catalog
package import Chunking
import Corpus
import Disk
import IndexStorage
import Inspection
package import Primitives
import ResultNotes
import Retrieval
import Segments
import Settings
import TreeSitterChunking

/// How much there is in an index.
package struct IndexExtent: Hashable, Sendable {
  package var fileCount = 0
  /// Whether a run has seen the whole corpus.
  package var isComplete = false
}

/// A file of the index: what it defines, and its text as it is now.
package struct IndexedFile: Hashable, Sendable {
  /// A symbol with the lines that it takes, as far as the index knows.
  package struct Definition: Hashable, Sendable {
    package var symbol: Symbol
    package var lines: ClosedRange<Int>
  }

  package var path: FilePath
  package var language: String
  /// By line.
  package var definitions: [Definition] = []
  /// The lines as they are now; empty where they were not asked for.
  package var lines: [String] = []
  /// Whether the text is the one that was indexed, so that the lines of the definitions are its lines.
  package var isAsIndexed = true

  /// A file of which nothing else is known.
  package init(path: FilePath, language: String) { (self.path, self.language) = (path, language) }
}

/// What lies in one directory of the index.
package struct IndexedDirectory: Sendable {
  /// The files in it, by name.
  package var files: [FilePath] = []
  /// The directories in it, and how many files are somewhere below each; 0 where that is not known.
  package var directories: [(path: FilePath, fileCount: Int)] = []
  package var isEmpty: Bool { files.isEmpty && directories.isEmpty }
}

extension IndexSession {
  /// How much is committed; nil where there is no index. Reads of the catalog what is live, and no list of files.
  package func extent() throws(Failure) -> IndexExtent? {
    do throws(Failure) {
      let state = try index.committed()
      guard state.generation > 0 else { return nil }
      var extent = IndexExtent(fileCount: 0, isComplete: state.isComplete)
      for segment in state.segments { extent.fileCount += segment.fileCount - segment.tombstones.count }
      return extent
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  /// The full name of the commit that is checked out; nil where the tree is in no repository, or its files do not say
  /// it. Runs nothing.
  package var checkedOutCommit: String? { GitHead.commit(around: root)?.description }

  /// The file at `path` (relative to the root), which is in the index. Reads no other file, and follows no link.
  ///
  /// Throws `.notFound` with what is true of the path where it is not in the index or gone, `.leftOut` for a file that
  /// holds a secret by now.
  package func indexedFile(at path: FilePath, readsText: Bool) throws(Failure) -> IndexedFile {
    guard let stored = try storedChunks(of: path) else { throw try absence(of: path) }
    var file = IndexedFile(path: path, language: stored.language)
    file.definitions = Self.definitions(in: stored.chunks.map(\.chunk))
    if !readsText { return file }
    var reader = SourceReader(tree)
    guard let text = reader.text(of: path) else {
      throw reader.unreadable.values.first
        ?? Failure(.notFound, "this file is gone, or something else is in its place", path: path)
    }
    if revision == nil, !settings.boolean(.includesSecrets), holdsSecret(path, &reader) {
      throw Failure(.leftOut, "this file holds a secret, and is not shown", path: path)
    }
    file.isAsIndexed = Self.isText(text.bytes, of: stored.chunks)
    file.lines = (0..<text.lineCount).map { text.line($0 + 1, limit: Self.longestLine) }
    if file.isAsIndexed {
      for i in file.definitions.indices {
        let lines = file.definitions[i].lines
        var last = lines.upperBound
        while last > lines.lowerBound, text.range(ofLine: last).isEmpty { last -= 1 }
        file.definitions[i].lines = lines.lowerBound...last
      }
    }
    return file
  }

  /// The file at `path` (relative to the root) as it is now: as the index knows it, or where that does not know it, or
  /// knows another text, as a run would index it. Looks at the directories on the way to it alone; nothing waits for a
  /// run. Throws as `indexedFile` does.
  package func presentFile(at path: FilePath) throws(Failure) -> IndexedFile {
    if (try? storedChunks(of: path)) ?? nil != nil {
      let file = try indexedFile(at: path, readsText: true)
      if file.isAsIndexed { return file }
    }
    // What lies behind a link, or in a commit, is known by its index.
    if revision != nil || settings.boolean(.followsLinks) { return try indexedFile(at: path, readsText: true) }
    guard let entry = try listing(only: path).listing.files.first(where: { $0.path == path }) else {
      throw try absence(of: path)
    }
    var reader = SourceReader(tree)
    guard let text = reader.text(of: path) else {
      throw reader.unreadable.values.first
        ?? Failure(.notFound, "this file is gone, or something else is in its place", path: path)
    }
    let inspector = ContentInspector()
    let language = inspector.language(of: text.bytes.span, path: path)
    let judgement = inspector.judge(
      text.bytes.span, path: path, language: language, includesGenerated: entry.includesGenerated)
    if let reason = judgement.reason, reason != .secret || !entry.includesSecrets {
      if reason == .secret { throw Failure(.leftOut, "this file holds a secret, and is not shown", path: path) }
      let skipped = SkippedEntry(path: path, reason: reason, isDirectory: false)
      throw Failure(.notFound, skipped.note(root: root).message, path: path)
    }
    var file = IndexedFile(path: path, language: language.name)
    let chunks = Chunker(parser: TreeSitterParser()).cut(
      text.bytes.span, in: language, memoryLimit: Self.parseMemoryLimit
    ).chunks
    file.definitions = Self.definitions(in: chunks)
    file.lines = (0..<text.lineCount).map { text.line($0 + 1, limit: Self.longestLine) }
    return file
  }

  private static let parseMemoryLimit = 256 << 20

  /// What lies in `directory` (relative to the root; empty for the root itself) as it is now, without what lies below;
  /// no count of files is known. Looks at the directories on the way to it alone. Throws `.notFound` with what is true
  /// of the path where it is no directory that is indexed.
  package func presentDirectory(_ directory: FilePath) throws(Failure) -> IndexedDirectory {
    let (listing, directories) = try listing(only: directory)
    let files = listing.files.map(\.path).filter { $0.parent == directory }
    if files.isEmpty, directories.isEmpty, !directory.isEmpty { throw try absence(of: directory) }
    return IndexedDirectory(files: files, directories: directories.map { ($0, 0) })
  }

  /// What the file defines, as the index has it; empty where it has nothing of it.
  package func definitions(in path: FilePath) throws(Failure) -> [IndexedFile.Definition] {
    guard let stored = try storedChunks(of: path) else { return [] }
    return Self.definitions(in: stored.chunks.map(\.chunk))
  }

  /// Of a longer line a part is given.
  private static let longestLine = 1_000

  /// The chunks that the index has of the file, in their order; nil where it has none of it.
  private func storedChunks(of path: FilePath) throws(Failure) -> (language: String, chunks: [StoredChunk])? {
    for live in try committedSegments().reversed() {
      guard let number = live.segment.fileNumber(at: path), Self.isLive(number, in: live) else { continue }
      var list = ChunkList()
      live.segment.read(Array(live.segment.chunks(ofFile: number)), into: &list)
      let chunks = list.entries.indices.map { list.chunk($0) }
      if let damage = live.segment.damage { throw damage }
      return (live.segment.language(ofFile: number).name, chunks)
    }
    return nil
  }

  private func committedSegments() throws(Failure) -> [IndexSnapshot.LiveSegment] {
    do throws(Failure) { return try index.snapshot().segments } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(.noIndex, "there is no index yet", path: root, remedy: .index)
    }
  }

  private static func isText(_ text: [UInt8], of chunks: [StoredChunk]) -> Bool {
    let end = chunks.last?.chunk.bytes.upperBound ?? 0
    guard end == text.count else { return false }
    return chunks.allSatisfy { stored in
      stored.chunk.bytes.upperBound <= end
        && ChunkHash(of: text.span.extracting(stored.chunk.bytes)) == stored.contentHash
    }
  }

  private static func isLive(_ file: Int, in live: IndexSnapshot.LiveSegment) -> Bool {
    guard let first = live.segment.chunks(ofFile: file).first else { return true }
    return live.live?.contains(first) ?? true
  }

  /// The symbols of `chunks`, each up to where the next one begins that is not inside it.
  static func definitions(in chunks: [Chunk]) -> [IndexedFile.Definition] {
    let end = chunks.last?.lines.upperBound ?? 1
    var definitions: [IndexedFile.Definition] = []
    // For each depth the line before the next symbol that is not deeper.
    var ends: [Int] = []
    for chunk in chunks.reversed() {
      for (position, symbol) in chunk.symbols.enumerated().reversed() {
        let depth = symbol.enclosing.count
        while ends.count <= depth { ends.append(ends.last ?? end) }
        definitions.append(.init(symbol: symbol, lines: symbol.line...max(symbol.line, ends[depth])))
        // A chunk begins with the comment of its first symbol, unless another one goes on into it.
        let goesOn = chunk.context.map { $0.enclosing.count >= depth } ?? false
        let start = position == 0 && !goesOn ? min(symbol.line, chunk.lines.lowerBound) : symbol.line
        for deeper in depth..<ends.count { ends[deeper] = start - 1 }
      }
      // What does not go on into a chunk ends before it.
      let reaching = chunk.context.map { $0.enclosing.count + 1 } ?? 0
      while ends.count <= reaching { ends.append(ends.last ?? end) }
      for depth in reaching..<ends.count { ends[depth] = min(ends[depth], chunk.lines.lowerBound - 1) }
    }
    return definitions.reversed()
  }

  /// What lies in `directory` (relative to the root; empty for the root itself) of the index. Passes over all paths.
  package func indexedDirectory(_ directory: FilePath) throws(Failure) -> IndexedDirectory {
    let prefix = directory.isEmpty ? [] : directory.bytes + [UInt8(ascii: "/")]
    var files: Set<FilePath> = []
    var counts: [FilePath: Int] = [:]
    for live in try committedSegments() {
      live.forEachPath { number, path in
        guard path.count > prefix.count, prefix.indices.allSatisfy({ path[$0] == prefix[$0] }),
          Self.isLive(number, in: live)
        else { return }
        var rest: [UInt8] = []
        for i in prefix.count..<path.count {
          if path[i] == UInt8(ascii: "/") {
            counts[FilePath(bytes: prefix + rest), default: 0] += 1
            return
          }
          rest.append(path[i])
        }
        files.insert(FilePath(bytes: prefix + rest))
      }
    }
    return IndexedDirectory(
      files: files.sorted(), directories: counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  /// Why `path` is not in the index.
  private func absence(of path: FilePath) throws(Failure) -> Failure {
    if let entry = (try? leftOutEntry(at: path)) ?? nil {
      return Failure(.notFound, entry.note(root: root).message, path: entry.path)
    }
    var reason = try nothingLeftOut(at: path)
    reason.code = .notFound
    return reason
  }
}
