import Chunking
import Corpus
import Embedding
import Inspection
import Primitives
import Retrieval
import Segments
import TestSupport

/// An index of a few files, each of one chunk where nothing else is said, which are written below `root` as well. It
/// lives as long as the value, or as the tree that it is given.
struct SmallIndex {
  struct File {
    var path: String
    var text: String
    var symbols: [Symbol] = []
    var language = "python"
    /// How many lines each of several chunks has; one of all lines where there is none.
    var chunkLineCounts: [Int] = []

    fileprivate var chunks: [Chunk] {
      let bytes = Array(text.utf8)
      let starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
      var first = 1
      return (chunkLineCounts.isEmpty ? [starts.count - 1] : chunkLineCounts).map { count in
        let lines = first...(first + count - 1)
        first += count
        return Chunk(
          bytes: starts[lines.lowerBound - 1]..<starts[lines.upperBound], lines: lines,
          symbols: symbols.filter { lines.contains($0.line) })
      }
    }
  }

  private let tree: TemporaryTree
  let root: FilePath
  let snapshot: IndexSnapshot

  /// - Parameters:
  ///   - segmentCount: the files go to these in turn.
  ///   - tombstoned: paths of files that are in a segment and not live.
  ///   - tree: where everything is written; one of its own if nil.
  ///   - name: of the directory with the files, in the tree.
  init(
    _ files: [File], segmentCount: Int = 1, tombstoned: Set<String> = [], generation: Int64 = 1,
    embedder: any Embedder = ScriptedEmbedder(), in tree: TemporaryTree? = nil, named name: FilePath = "corpus"
  ) throws {
    self.tree = try tree ?? TemporaryTree()
    root = self.tree.root.appending(name)
    var live: [IndexSnapshot.LiveSegment] = []
    for s in 0..<segmentCount {
      var builder = SegmentBuilder(dimensions: embedder.identity.dimensions)
      var numbers: [Int] = []
      for (i, file) in files.enumerated().sorted(by: { FilePath($0.1.path) < FilePath($1.1.path) })
      where i % segmentCount == s {
        let path = FilePath(file.path)
        try self.tree.write(name.appending(path), file.text)
        let bytes = Array(file.text.utf8)
        let chunks = file.chunks
        let vectors = try embedder.embed(bytes.span, pieces: chunks.map(\.bytes), path: path)
        let dimensions = embedder.identity.dimensions
        let prepared = chunks.enumerated().map { number, chunk in
          PreparedChunk(
            chunk: chunk, contentHash: ContentHash(of: bytes.span.extracting(chunk.bytes)),
            vector: QuantisedVector(vectors[number * dimensions..<(number + 1) * dimensions]))
        }
        let number = builder.add(
          PreparedFile(
            path: path, language: Language(name: file.language, kind: .code),
            contentHash: ContentHash(of: bytes.span), chunks: prepared,
            terms: Analyzer().terms(of: chunks, in: bytes.span, path: path)))
        if tombstoned.contains(file.path) { numbers.append(number) }
      }
      let path = self.tree.root.appending("index-of-\(name)-\(s)")
      _ = try builder.write(to: path)
      let segment = try Segment(opening: path)
      var tombstones = BitSet(capacity: segment.fileCount)
      for number in numbers { tombstones.insert(number) }
      live.append(IndexSnapshot.LiveSegment(segment: segment, tombstones: tombstones))
    }
    snapshot = IndexSnapshot(generation: generation, isComplete: true, segments: live)
  }

  func searcher(
    embedder: any Embedder = ScriptedEmbedder(), nameEmbedder: (any Embedder)? = nil, reranking: Reranking? = nil,
    weights: RankingWeights = RankingWeights(), threadLimit: Int? = nil
  ) -> Searcher {
    Searcher(
      snapshot: snapshot, embedder: embedder, nameEmbedder: nameEmbedder, reranking: reranking, root: root,
      weights: weights, threadLimit: threadLimit)
  }
}
