package import Embedding
import OnnxEmbedding
package import Primitives

/// What a model made of texts that are known: whether it works, how fast it is, and whether it tells code from code.
package struct ModelTrial: Hashable, Sendable {
  /// What the model calls itself in an index.
  package let modelName: String
  package let dimensions: Int
  /// On which device it runs and why not on others; nil if there is nothing to choose.
  package let device: String?
  package let openingTime: Duration
  package let textsPerSecond: Double
  /// Of a function and a query that it answers.
  package let matchingSimilarity: Double
  /// Of the same query and a function that does something else.
  package let otherSimilarity: Double

  private static let question = "parse a date from a string"
  private static let matching = """
    dates/parse.py
    def parse_date(text):
        \"\"\"Reads a date such as 2024-03-01 and returns year, month and day.\"\"\"
        year, month, day = text.strip().split("-")
        return int(year), int(month), int(day)
    """
  private static let other = """
    net/server.c
    static int accept_connection(int listener) {
      struct sockaddr_in peer;
      socklen_t size = sizeof peer;
      int client = accept(listener, (struct sockaddr *)&peer, &size);
      return client < 0 ? -errno : client;
    }
    """
  private static let textCount = 64

  /// Embeds some dozens of texts with `model`, which took `openingTime` to open. Throws `damaged` for vectors that are
  /// none, and what the model throws.
  package init(_ model: any Embedder, openingTime: Duration) throws(Failure) {
    modelName = model.identity.name
    dimensions = model.identity.dimensions
    device = (model as? OnnxModel)?.deviceLine
    self.openingTime = openingTime
    let question = try model.embed(query: Self.question)
    let pair = try Self.embed([Self.matching, Self.other], model)
    guard question.count == dimensions, pair.count == 2 * dimensions, (question + pair).allSatisfy(\.isFinite) else {
      throw Failure(.damaged, "the model \(modelName) gives vectors that are not \(dimensions) numbers: fetch it again")
    }
    func similarity(_ row: Int) -> Double {
      var sum = 0.0
      for d in 0..<model.identity.dimensions {
        sum += Double(question[d]) * Double(pair[row * model.identity.dimensions + d])
      }
      return sum
    }
    matchingSimilarity = similarity(0)
    otherSimilarity = similarity(1)
    // Texts of about a chunk's size, each another one.
    let texts = (0..<Self.textCount).map { "\(Self.matching)\n# \($0)\n\(Self.other)\n" }
    let began = ContinuousClock.now
    _ = try Self.embed(texts, model)
    textsPerSecond = Double(Self.textCount) / max(1e-9, (ContinuousClock.now - began) / .seconds(1))
  }

  private static func embed(_ texts: [String], _ model: any Embedder) throws(Failure) -> [Float] {
    if let batches = model.batch { return try batches.embed(documents: texts.map { DocumentText($0) }) }
    var vectors: [Float] = []
    for text in texts {
      let bytes = Array(text.utf8)
      vectors += try model.embed(bytes.span, pieces: [bytes.indices], path: "test")
    }
    return vectors
  }
}
