import Embedding
import Primitives
import Segments

/// Prepared files whose chunks wait for their vectors: as many as make one good call of a `BatchEmbedder`. Files
/// without chunks wait with them, so that the order stays.
struct EmbeddingWindow {
  private let embedder: any BatchEmbedder
  private let byteLimit: Int
  private var outcomes: [(index: Int, outcome: PreparedOutcome)] = []
  private var textCount = 0
  /// Bytes of the texts.
  private(set) var byteCount = 0

  /// - Parameter byteLimit: what the texts may hold in memory; a single file may have more.
  init(_ embedder: any BatchEmbedder, byteLimit: Int) {
    self.embedder = embedder
    self.byteLimit = byteLimit
  }

  var isEmpty: Bool { outcomes.isEmpty }
  /// Whether it is time to embed. Depends on the files alone, so that calls are the same however files were prepared.
  var isFull: Bool { textCount >= max(1, embedder.gatheredTextCount) || byteCount > byteLimit }

  mutating func append(_ index: Int, _ outcome: PreparedOutcome) {
    textCount += outcome.texts.count
    // A file in flight is more than its texts: its terms take about as much again.
    for text in outcome.texts { byteCount += text.text.utf8.count }
    outcomes.append((index, outcome))
  }

  mutating func removeAll() {
    outcomes = []
    textCount = 0
    byteCount = 0
  }

  /// The files with their vectors, in their order. One call of the embedder, or several where there is more than twice
  /// what it gathers; `cancellation` is checked between them.
  consuming func embedded(_ cancellation: Cancellation) throws(Failure) -> [(index: Int, outcome: PreparedOutcome)] {
    var texts: [DocumentText] = []
    texts.reserveCapacity(textCount)
    // Those of no text have their vectors, or no chunks.
    let waiting = outcomes.map { !$0.outcome.texts.isEmpty }
    for i in outcomes.indices {
      texts += outcomes[i].outcome.texts
      outcomes[i].outcome.texts = []
    }
    if texts.isEmpty { return outcomes }
    let callCount = max(1, texts.count / max(1, embedder.gatheredTextCount))
    var vectors: [QuantisedVector] = []
    for call in 0..<callCount {
      try cancellation.checkRun()
      let part = texts[texts.count * call / callCount..<texts.count * (call + 1) / callCount]
      vectors += try QuantisedVector.vectors(
        of: part.count, in: embedder.embed(documents: Array(part)), embedder.identity)
    }
    var next = 0
    for i in outcomes.indices {
      guard waiting[i], case .indexed(var file) = outcomes[i].outcome.content else { continue }
      for chunk in file.chunks.indices {
        file.chunks[chunk].vector = vectors[next]
        next += 1
      }
      outcomes[i].outcome.content = .indexed(file)
    }
    return outcomes
  }
}
