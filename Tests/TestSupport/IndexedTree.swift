package import Chunking
import Disk
package import Embedding
import Glibc
import IndexStorage
package import Indexing
package import Primitives
package import Segments

/// A tree of files and its index, built in this process by the rooms themselves: without a grammar and with the
/// `ScriptedEmbedder` where nothing else is said. Both are removed with the value.
package final class IndexedTree: Sendable {
  /// The files, where the value has made the tree itself; what holds the index, in any case.
  package let tree: TemporaryTree
  /// The tree that is indexed.
  package let root: FilePath
  /// The directory of the index.
  package var directory: FilePath { tree.root.appending(".cairn") }

  package init(inMemory: Bool = true) throws(Failure) {
    tree = try TemporaryTree(inMemory: inMemory)
    root = tree.root
  }

  /// The index of a tree that is there, which is only read.
  package init(of root: FilePath) throws(Failure) {
    tree = try TemporaryTree()
    self.root = root
  }

  /// A clock by which no file of a test is young enough to be racy, and one by which every file is.
  package static let lateClock: @Sendable () -> Int64 = { wallClockNanoseconds() + 60_000_000_000 }
  package static let earlyClock: @Sendable () -> Int64 = { wallClockNanoseconds() - 60_000_000_000 }

  /// - Parameters:
  ///   - chunker: cuts into `chunkByteCount` bytes without a grammar if nil.
  ///   - directory: of the index; the value's own if nil.
  package func writer(
    _ options: IndexingOptions = IndexingOptions(), embedder: any Embedder = ScriptedEmbedder(dimensions: 16),
    chunkByteCount: Int = 300, chunker: Chunker? = nil, directory: FilePath? = nil,
    clock: (@Sendable () -> Int64)? = nil
  ) -> IndexWriter {
    var writer = IndexWriter(
      root: root, directory: directory ?? self.directory, embedder: embedder,
      chunker: chunker ?? Chunker(parser: nil, targetByteCount: chunkByteCount), options: options)
    writer.wallClock = clock ?? Self.lateClock
    return writer
  }

  @discardableResult
  package func run(
    _ options: IndexingOptions = IndexingOptions(), embedder: any Embedder = ScriptedEmbedder(dimensions: 16),
    clock: (@Sendable () -> Int64)? = nil
  ) async throws(Failure) -> IndexRunReport {
    try await writer(options, embedder: embedder, clock: clock).run()
  }

  /// What is committed, opened anew.
  package func snapshot() throws(Failure) -> IndexSnapshot { try StoredIndex(directory: directory).snapshot() }
  package func chunks() throws(Failure) -> [LiveChunk] { liveChunks(try snapshot()) }
  /// The paths of the indexed files.
  package func paths() throws(Failure) -> [String] { Set(try chunks().map(\.path)).sorted().map(\.description) }

  /// What a new index of the tree as it is now holds.
  package func freshChunks() async throws(Failure) -> [LiveChunk] {
    let elsewhere = try TemporaryTree(inMemory: true)
    let directory = elsewhere.root.appending("index")
    _ = try await writer(directory: directory).run()
    return liveChunks(try StoredIndex(directory: directory).snapshot())
  }

  /// Writes a file without waiting for the disk, in place where there is one: its inode stays. What cannot be written
  /// is missed by the test.
  package func put(_ path: String, _ content: String) {
    let target = tree.root.appending(path)
    try? makeDirectory(target.parent)
    guard let file = unsafe fopen(target.description, "w") else { return }
    defer { unsafe fclose(file) }
    let bytes = Array(content.utf8)
    unsafe fwrite(bytes, 1, bytes.count, file)
  }

  /// Nothing on disk is damaged.
  package func problems() throws(Failure) -> [Failure] { try StoredIndex(directory: directory).verify().problems }
}
