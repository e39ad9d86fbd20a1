import Chunking
import Corpus
import Embedding
import Inspection
import Primitives
import Retrieval
import Segments
import TestSupport

/// An index of a few files, each of one chunk, which are written below `root` as well. It lives as long as the value.
struct SmallIndex {
  struct File {
    var path: String
    var text: String
    var symbols: [Symbol] = []
    var language = "python"
  }

  private let tree: TemporaryTree
  let root: FilePath
  let snapshot: IndexSnapshot

  /// - Parameter segmentCount: the files go to these in turn.
  init(_ files: [File], segmentCount: Int = 1, embedder: any Embedder = ScriptedEmbedder()) throws {
    tree = try TemporaryTree()
    root = tree.root.appending("corpus")
    var live: [IndexSnapshot.LiveSegment] = []
    for s in 0..<segmentCount {
      var builder = SegmentBuilder(dimensions: embedder.identity.dimensions)
      for (i, file) in files.enumerated() where i % segmentCount == s {
        let path = FilePath(file.path)
        try tree.write(FilePath("corpus").appending(path), file.text)
        let bytes = Array(file.text.utf8)
        let chunk = Chunk(bytes: 0..<bytes.count, lines: 1...bytes.count { $0 == 0x0A }, symbols: file.symbols)
        let vector = try embedder.embed(bytes.span, pieces: [0..<bytes.count], path: path)
        let prepared = PreparedChunk(
          chunk: chunk, contentHash: ContentHash(of: bytes.span), vector: QuantisedVector(vector[...]))
        _ = builder.add(
          PreparedFile(
            path: path, language: Language(name: file.language, kind: .code),
            contentHash: ContentHash(of: bytes.span), chunks: [prepared],
            terms: Analyzer().terms(of: [chunk], in: bytes.span, path: path)))
      }
      let path = tree.root.appending("index-\(s)")
      _ = try builder.write(to: path)
      let segment = try Segment(opening: path)
      live.append(IndexSnapshot.LiveSegment(segment: segment, tombstones: BitSet(capacity: segment.fileCount)))
    }
    snapshot = IndexSnapshot(generation: 1, isComplete: true, segments: live)
  }

  func searcher(
    embedder: any Embedder = ScriptedEmbedder(), nameEmbedder: (any Embedder)? = nil, reranking: Reranking? = nil,
    threadLimit: Int? = nil
  ) -> Searcher {
    Searcher(
      snapshot: snapshot, embedder: embedder, nameEmbedder: nameEmbedder, reranking: reranking, root: root,
      threadLimit: threadLimit)
  }
}
