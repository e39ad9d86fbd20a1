import Chunking
import Corpus
import Disk
import Embedding
import Inspection
import Primitives
import Segments
import TreeSitterChunking

/// What the parts work on: source files with everything that the stages make of them.
struct PartInput {
  struct File {
    var path: FilePath
    var bytes: [UInt8]
    var language: Language
    var chunks: [Chunk]
  }

  /// Where the files lie on disk.
  let root: FilePath
  let scratch: FilePath
  let isQuick: Bool
  var files: [File] = []

  let chunker = Chunker(parser: TreeSitterParser())
  let analyzer = Analyzer()
  let model: StaticModel

  var byteCount: Int { files.reduce(0) { $0 + $1.bytes.count } }
  var chunkCount: Int { files.reduce(0) { $0 + $1.chunks.count } }

  /// Synthetic files, written to `scratch`; or, where `corpus` is given, at most 16 MB of its files, taken with a seed.
  init(corpus: FilePath?, scratch: FilePath, isQuick: Bool) throws {
    self.scratch = scratch
    self.isQuick = isQuick
    model = try StaticModel.builtIn()
    if let corpus {
      root = corpus
    } else {
      root = scratch.appending("tree")
      try SyntheticSource.write(fileCount: isQuick ? 60 : 600, seed: 1, to: root)
    }
    var options = WalkOptions()
    options.threadCount = 1
    var listed = try CorpusWalker(root: root, options: options).list().files.map(\.path)
    var random = SeededRandom(seed: 1)
    if corpus != nil { listed.shuffle(using: &random) }
    let inspector = ContentInspector()
    var taken = 0
    for path in listed where taken < 16_000_000 {
      guard let bytes = try? readFile(root.appending(path)).bytes,
        inspector.reasonToSkip(bytes.span, path: path) == nil
      else { continue }
      let language = inspector.language(of: bytes.span, path: path)
      files.append(
        File(path: path, bytes: bytes, language: language, chunks: chunker.chunks(of: bytes.span, in: language)))
      taken += bytes.count
    }
    files.sort { $0.path < $1.path }
    guard !files.isEmpty else { throw Failure(.notFound, "there is no source file in it", path: root) }
  }

  /// The files as the segment builder takes them.
  func prepared() throws -> [PreparedFile] {
    let dimensions = model.identity.dimensions
    return try files.map { file in
      let vectors = try model.embed(file.bytes.span, pieces: file.chunks.map(\.bytes), path: file.path)
      return PreparedFile(
        path: file.path, language: file.language, contentHash: ContentHash(of: file.bytes.span),
        chunks: file.chunks.enumerated().map { index, chunk in
          PreparedChunk(
            chunk: chunk, contentHash: ContentHash(of: file.bytes.span.extracting(chunk.bytes)),
            vector: QuantisedVector(vectors[(index * dimensions)..<((index + 1) * dimensions)]))
        }, terms: analyzer.terms(of: file.chunks, in: file.bytes.span, path: file.path))
    }
  }
}
