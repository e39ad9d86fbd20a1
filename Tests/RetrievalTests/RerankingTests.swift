import Chunking
import Embedding
import Inspection
import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import Testing

/// Scores a passage by how often it says a word.
private struct WordCounter: Reranker {
  var word: String
  var name: String { "word counter" }
  func scores(of passages: [String], for query: String) throws(Failure) -> [Float] {
    passages.map { passage in Float(passage.split { !$0.isLetter }.count { $0 == word }) }
  }
}

private struct FailingReranker: Reranker {
  var scores: [Float]?
  var name: String { "broken" }
  func scores(of passages: [String], for query: String) throws(Failure) -> [Float] {
    guard let scores else { throw Failure(.inputOutput, "the model could not be read") }
    return scores
  }
}

@Suite struct RerankingTests {
  private let tree: TemporaryTree
  private let snapshot: IndexSnapshot
  private let root: FilePath
  private static let texts = (0..<12).map { i in
    "def retry_\(i)():\n    wait()\n" + String(repeating: "    mango()\n", count: i)
  }

  init() throws {
    tree = try TemporaryTree()
    root = tree.root.appending("corpus")
    var builder = SegmentBuilder(dimensions: 64)
    for (i, text) in Self.texts.enumerated() {
      let path = FilePath("f\(i / 10)\(i % 10).py")
      try tree.write(FilePath("corpus").appending(path), text)
      let bytes = Array(text.utf8)
      let chunk = Chunk(bytes: 0..<bytes.count, lines: 1...bytes.count { $0 == 0x0A })
      let vector = try ScriptedEmbedder().embed(bytes.span, pieces: [bytes.indices], path: path)
      _ = builder.add(
        PreparedFile(
          path: path, language: Language(name: "python", kind: .code), contentHash: ContentHash(of: bytes.span),
          chunks: [
            PreparedChunk(
              chunk: chunk, contentHash: ContentHash(of: bytes.span),
              vector: QuantisedVector(vector[...]))
          ], terms: Analyzer().terms(of: [chunk], in: bytes.span, path: path)))
    }
    let path = tree.root.appending("reranking.segment")
    _ = try builder.write(to: path)
    let segment = try Segment(opening: path)
    snapshot = IndexSnapshot(
      generation: 1, isComplete: true,
      segments: [.init(segment: segment, tombstones: BitSet(capacity: segment.fileCount))])
  }

  private func answer(_ reranking: Reranking?, limit: Int = 20) throws -> SearchResults {
    var query = SearchQuery(text: "wait before retry")
    query.limit = limit
    return try Searcher(snapshot: snapshot, embedder: ScriptedEmbedder(), reranking: reranking, root: root).search(
      query)
  }

  @Test func `what the reranker prefers rises among the few, and explanations still add up`() throws {
    let plain = try answer(nil)
    let reranked = try answer(Reranking(WordCounter(word: "mango"), count: 6))
    #expect(plain.results.count == 12 && reranked.results.count == 12 && reranked.notes.isEmpty)
    // The few stay the same ones, and the rest stays as it was.
    #expect(Set(reranked.results.prefix(6).map(\.path)) == Set(plain.results.prefix(6).map(\.path)))
    #expect(reranked.results.dropFirst(6).map(\.path) == plain.results.dropFirst(6).map(\.path))
    func mangos(_ result: SearchResult) -> Int { result.snippet.count { $0.contains("mango") } }
    let few = reranked.results.prefix(6)
    #expect(mangos(few[0]) == few.map(mangos).max())
    #expect(few.map(\.path) != plain.results.prefix(6).map(\.path))
    for result in few {
      let sum = result.explanation.reduce(Float(0)) { $0 + $1.value }
      #expect(abs(sum - result.score) < 1e-4)
    }
    #expect(
      few.contains { $0.explanation.contains { $0.signal == "reranking" && $0.note.contains("word counter gives") } })
    for (a, b) in zip(reranked.results, reranked.results.dropFirst()) { #expect(a.score >= b.score) }
  }

  @Test func `a short page is the beginning of a long one, reranked too`() throws {
    let reranking = Reranking(WordCounter(word: "mango"), count: 5)
    let all = try answer(reranking).results
    for limit in 0...all.count { #expect(try answer(reranking, limit: limit).results == Array(all.prefix(limit))) }
  }

  @Test(arguments: [nil, [], [1, 2], [.nan, 1, 1, 1, 1, 1], [Float](repeating: .infinity, count: 6)] as [[Float]?])
  func `a reranker that fails leaves the order and one note`(scores: [Float]?) throws {
    let plain = try answer(nil)
    let answered = try answer(Reranking(FailingReranker(scores: scores), count: 6))
    #expect(answered.results == plain.results)
    #expect(answered.notes.count == 1 && answered.notes[0].message.contains("broken"))
  }

  @Test func `a reranker that says nothing changes nothing, and neither does one for no results`() throws {
    let plain = try answer(nil).results.map(\.path)
    #expect(try answer(Reranking(WordCounter(word: "absent"), count: 6)).results.map(\.path) == plain)
    #expect(try answer(Reranking(WordCounter(word: "mango"), count: 0)).results.map(\.path) == plain)
    #expect(try answer(Reranking(WordCounter(word: "mango"), count: -3)).results.map(\.path) == plain)
  }
}
