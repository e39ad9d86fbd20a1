import OnnxEmbedding
import Primitives
import Testing

@Suite(.enabled(if: Installed.hasRuntime, Comment(rawValue: Installed.runtimeAdvice)))
struct OnnxRerankerTests {
  private let passages = ["red", "blue", "green code", "nothing known", "", "blue blue"]

  @Test(arguments: [ModelPrecision.fp32, .int8])
  func `Each passage gets the score that the model gives its pair, in order`(_ precision: ModelPrecision) throws {
    let reranker = try OnnxReranker(Installed.fixture("tiny-judge"), Installed.options { $0.precision = precision })
    #expect(reranker.name == "tiny-judge")
    // One logit, or the second less the first of two: the sum of the passage's values; the query's do not count.
    #expect(try reranker.scores(of: passages, for: "blue green red") == [1, 4, 1, 0, 0, 8])
    #expect(try reranker.scores(of: [], for: "red").isEmpty)
  }

  @Test func `A model that embeds is refused as a judge`() {
    let failure = #expect(throws: Failure.self) {
      try OnnxReranker(Installed.fixture("tiny-embedder"), Installed.options())
    }
    #expect(failure?.code == .unsupportedModel)
    #expect(failure?.message.contains("BertModel") == true)
  }
}
