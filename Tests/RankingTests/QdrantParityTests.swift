import Cluster
import Embedding
import Foundation
import Primitives
import Qdrant
import QueryLanguage
import Retrieval
import TestSupport
import Testing

/// Our questions, asked of the local index and of the same index in Qdrant's engine. `CAIRN_RANKING_CORPORA=echo,clap`
/// takes some of the corpora; without it the largest, Python's library, is left out, which takes minutes.
@Suite(.enabled(if: QdrantServer.isInstalled), .serialized) struct QdrantParityTests {
  private static let isChosen = ProcessInfo.processInfo.environment["CAIRN_RANKING_CORPORA"] != nil
  private static let names = isChosen ? RankingCorpus.names : ["echo", "clap", "console", "penlight"]

  @Test func `the store gives the results of the local index`() async throws {
    var (local, shared) = (RankingSummary(), RankingSummary())
    var (equal, count) = (0, 0)
    for name in Self.names {
      let corpus = try await RankingCorpus(name)
      let server = try QdrantServer()
      var options = QdrantOptions()
      options.address = server.address
      options.timeLimit = .seconds(300)
      let store = try QdrantStore(options, environment: [:])
      let identity = StoreIdentity(model: corpus.embedder.identity, chunkerVersion: 1, analyzerVersion: 1)
      let context = SearchContext()
      _ = try IndexPush(corpus.snapshot, of: identity, root: corpus.root, byteCountLimit: 5 << 20, followsLinks: false)
        .run(to: store, collection: name, context)
      let collection = try #require(try store.collection(named: name))
      for question in corpus.questions {
        let here = try corpus.measure(question, .fused)
        let view = SharedCollection(try store.view(of: collection, context))
        var source = corpus
        source.source = SharedCandidates(view, collection, embedder: corpus.embedder)
        let there = try source.measure(question, .fused)
        local.add(here)
        shared.add(there)
        count += 1
        if here.places == there.places { equal += 1 }
      }
    }
    print("qdrant parity: local  \(local.line)")
    print("qdrant parity: shared \(shared.line)")
    print(String(format: "qdrant parity: equal top tens %d of %d (%.3f)", equal, count, Double(equal) / Double(count)))
    #expect(count >= 40 && abs(local.ndcg - shared.ndcg) < 0.005)
    #expect(Double(equal) >= 0.9 * Double(count))
  }
}
