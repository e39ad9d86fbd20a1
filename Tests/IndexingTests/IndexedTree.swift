import Chunking
import Corpus
import Disk
import Embedding
import Foundation
import IndexStorage
import Indexing
import Inspection
import Primitives
import Segments
import TestSupport

/// A chunk with everything that the index keeps of it, wherever it lies: two indexes that hold the same chunks answer
/// alike.
struct LiveChunk: Hashable, Comparable {
  var path: FilePath
  var language: Language
  var fileHash: ContentHash
  var chunk: Chunk
  var contentHash: ChunkHash
  var vector: [Float]
  /// Its BM25 score for a few words, by the statistics of the whole index.
  var scores: [Float]

  static func < (a: LiveChunk, b: LiveChunk) -> Bool {
    (a.path, a.chunk.bytes.lowerBound) < (b.path, b.chunk.bytes.lowerBound)
  }
}

/// The words that `liveChunks` scores by; the texts of tests are made of them.
let words = ["alpha", "beta", "gamma", "delta", "parseDate", "read_file", "Tree", "index"]

/// Every live chunk, in the order of paths and lines.
func liveChunks(_ snapshot: IndexSnapshot) -> [LiveChunk] {
  let queries = words.map { LexicalQuery(clauses: [LexicalQuery.Clause(term: Term($0.lowercased()))]) }
  var chunks: [LiveChunk] = []
  for part in snapshot.segments {
    let segment = part.segment
    let live = (0..<segment.chunkCount).filter { part.live?.contains($0) ?? true }
    // Fixed statistics: what is compared is what is kept.
    let scores = queries.map { query in
      segment.termScores(
        query, statistics: CollectionStatistics(chunkCount: 1000, totalLength: 100_000, documentFrequencies: [10]),
        of: live)
    }
    for (place, number) in live.enumerated() {
      let stored = segment.chunk(number)
      let file = segment.file(stored.file)
      chunks.append(
        LiveChunk(
          path: file.path, language: file.language, fileHash: file.contentHash, chunk: stored.chunk,
          contentHash: stored.contentHash, vector: segment.vector(ofChunk: number), scores: scores.map { $0[place] }))
    }
  }
  return chunks.sorted()
}

/// A tree of files with an index in it.
final class IndexedTree: Sendable {
  let tree: TemporaryTree
  var directory: FilePath { tree.root.appending(".cairn") }

  init(inMemory: Bool = true) throws(Failure) { tree = try TemporaryTree(inMemory: inMemory) }

  /// A clock by which no file of a test is young enough to be racy, and one by which every file is.
  static let lateClock: @Sendable () -> Int64 = { wallClockNanoseconds() + 60_000_000_000 }
  static let earlyClock: @Sendable () -> Int64 = { wallClockNanoseconds() - 60_000_000_000 }

  func writer(
    _ options: IndexingOptions = IndexingOptions(), embedder: any Embedder = ScriptedEmbedder(dimensions: 16),
    chunkByteCount: Int = 300, directory: FilePath? = nil, clock: (@Sendable () -> Int64)? = nil
  ) -> IndexWriter {
    var writer = IndexWriter(
      root: tree.root, directory: directory ?? self.directory, embedder: embedder,
      chunker: Chunker(parser: nil, targetByteCount: chunkByteCount), options: options)
    writer.wallClock = clock ?? Self.lateClock
    return writer
  }

  @discardableResult
  func run(
    _ options: IndexingOptions = IndexingOptions(), embedder: any Embedder = ScriptedEmbedder(dimensions: 16),
    clock: (@Sendable () -> Int64)? = nil
  ) async throws(Failure) -> IndexRunReport {
    try await writer(options, embedder: embedder, clock: clock).run()
  }

  func chunks() throws(Failure) -> [LiveChunk] { liveChunks(try StoredIndex(directory: directory).snapshot()) }
  /// The paths of the indexed files.
  func paths() throws(Failure) -> [String] { Set(try chunks().map(\.path)).sorted().map(\.description) }

  /// What a new index of the tree as it is now holds.
  func freshChunks() async throws(Failure) -> [LiveChunk] {
    let elsewhere = try TemporaryTree(inMemory: true)
    let directory = elsewhere.root.appending("index")
    _ = try await writer(directory: directory).run()
    return liveChunks(try StoredIndex(directory: directory).snapshot())
  }

  /// Writes a file without waiting for the disk, in place where there is one: its inode stays.
  func put(_ path: String, _ content: String) {
    let url = URL(fileURLWithPath: tree.root.appending(path).description)
    try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    if let file = try? FileHandle(forUpdating: url) {
      try? file.truncate(atOffset: 0)
      file.write(Data(content.utf8))
    } else {
      _ = FileManager.default.createFile(atPath: url.path, contents: Data(content.utf8))
    }
  }

  /// Nothing on disk is damaged.
  func problems() throws(Failure) -> [Failure] { try StoredIndex(directory: directory).verify().problems }
}

extension IndexRunReport {
  var skippedCount: Int { skipped.values.reduce(0, +) }
  var addsUp: Bool { filesSeen == filesIndexed + filesUnchanged + skippedCount }
}

/// Text of about `byteCount` bytes.
func text(_ byteCount: Int, _ random: inout SeededRandom) -> String {
  var text = ""
  while text.utf8.count < byteCount {
    text += words.randomElement(using: &random)! + (Int.random(in: 0..<6, using: &random) == 0 ? "\n" : " ")
  }
  return text + "\n"
}

/// Sizes, times and numbers of everything below `directory`, but for the shared index of SQLite's log, which every
/// first process rebuilds.
func diskState(_ directory: FilePath) throws(Failure) -> [FilePath: [Int64]] {
  var state: [FilePath: [Int64]] = [:]
  let own = try FileStatus(of: directory)
  state[directory] = [own.modified, Int64(own.inode)]
  for entry in try listDirectory(directory) where entry.name != "catalog.sqlite-shm" {
    let path = directory.appending(entry.name)
    let status = try FileStatus(of: path)
    if status.kind == .directory {
      state.merge(try diskState(path)) { $1 }
    } else {
      state[path] = [Int64(status.byteCount), status.modified, Int64(status.inode)]
    }
  }
  return state
}
