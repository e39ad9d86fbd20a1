import Cairn
import Chunking
import Corpus
import Disk
import Embedding
import Foundation
import Indexing
import Measuring
import OnnxEmbedding
import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import TreeSitterChunking

/// A corpus of the ranking test, indexed by the rooms themselves into a temporary directory.
struct RankingCorpus: Sendable {
  static let everyName = ["python", "echo", "clap", "sequel", "console", "undici", "asio", "penlight", "javafx"]
  /// `CAIRN_RANKING_CORPORA=echo,clap` takes some of them alone.
  static let names =
    ProcessInfo.processInfo.environment["CAIRN_RANKING_CORPORA"]?.split(separator: ",").map(String.init) ?? everyName
  /// `CAIRN_RANKING_MODEL=DIR` judges the transformer in a directory in place of the built-in model. Its embeddings are
  /// kept in the build folder, so that a second run costs seconds.
  static let modelDirectory = ProcessInfo.processInfo.environment["CAIRN_RANKING_MODEL"].map { FilePath($0) }
  private static let model = Result { () throws(Failure) -> any Embedder in
    guard let modelDirectory else { return try StaticModel.builtIn() }
    let cache = EmbeddingCache(
      path: package.appending(".build/ranking-embeddings.sqlite"),
      limits: EmbeddingCacheLimits(byteCount: 4 << 30, days: 0))
    return CachedEmbedder(try OnnxModel(modelDirectory), cache: cache)
  }
  /// The root of the package.
  static let package = FilePath(String(#filePath.dropLast("/Tests/RankingTests/RankingCorpus.swift".count)))

  let name: String
  let root: FilePath
  let questions: [RankingQuestion]
  let snapshot: IndexSnapshot
  let embedder: any Embedder
  /// Keeps the index's files.
  let indexed: IndexedTree
  /// Where candidates come from in place of the index.
  var source: (any CandidateSource)?

  init(_ name: String, targetByteCount: Int? = nil) async throws {
    self.name = name
    root = Self.package.appending(".deps/corpora").appending(name)
    guard fileExists(root) else {
      throw Failure(.notFound, "the corpus of the ranking test is missing; run Scripts/ranking-corpora", path: root)
    }
    questions = try RankingQuestion.read(Self.package.appending("Tests/RankingTests/questions/\(name).tsv"))
    for question in questions {
      for file in question.grades.keys where !fileExists(root.appending(file)) {
        throw Failure(
          .notFound, "the question “\(question.text)” names a file that is not there", path: root.appending(file))
      }
    }
    embedder = try Self.model.get()
    var options = IndexingOptions()
    // The corpora lie in a directory that this repository ignores.
    options.walk.obeysGitIgnore = false
    let parser = TreeSitterParser()
    let chunker = targetByteCount.map { Chunker(parser: parser, targetByteCount: $0) } ?? Chunker(parser: parser)
    indexed = try IndexedTree(of: root)
    _ = try await indexed.writer(options, embedder: embedder, chunker: chunker).run()
    snapshot = try indexed.snapshot()
  }

  func measure(
    _ question: RankingQuestion, _ retrievers: Searcher.Retrievers, weights: RankingWeights = RankingWeights()
  ) throws -> RankedQuery {
    var searcher = Searcher(
      snapshot: snapshot, embedder: embedder, root: root, retrievers: retrievers, weights: weights)
    searcher.source = source
    var query = SearchQuery(text: question.text)
    query.limit = 10
    let results = try searcher.search(query).results.map { (path: Path($0.path), lines: $0.lines) }
    return RankedQuery(
      measure: RankingMeasure(of: results, places: question.places, by: .file),
      placeCount: results.count { question.grades[$0.path.description] == 2 },
      places: results.map { "\($0.path):\($0.lines.lowerBound)-\($0.lines.upperBound)" })
  }
}
