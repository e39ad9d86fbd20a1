package import Embedding
package import Primitives
import Synchronization

/// An embedder for tests: each occurrence of a word adds ±1 to a few components chosen by its hash, and so do the words
/// of the path. No model, the same answer everywhere; texts that share words are near each other, and nothing else is.
///
/// It counts what it is asked for, may do something before each file (a way to stand at a known place in a run, or to
/// fail there), and may be one that had better be asked for many texts at once.
package final class ScriptedEmbedder: BatchEmbedder {
  package let identity: ModelIdentity
  package let gatheredTextCount: Int
  private let isBatch: Bool
  private let beforeFile: @Sendable (FilePath) throws(Failure) -> Void

  private struct Calls {
    var texts: [String] = []
    var textCounts: [Int] = []
    var queryCount = 0
  }
  private let calls = Mutex(Calls())

  /// - Parameters:
  ///   - dimensions: of the vectors, at least 1.
  ///   - gathering: how many texts it wants at once; nil for an embedder that takes file by file.
  ///   - beforeFile: called with a file's path before its pieces are embedded.
  package init(
    name: String = "hashing", contentHash: ContentHash = ContentHash(high: 0, low: 1), dimensions: Int = 64,
    gathering: Int? = nil, beforeFile: @escaping @Sendable (FilePath) throws(Failure) -> Void = { _ in }
  ) {
    precondition(dimensions > 0)
    identity = ModelIdentity(name: name, contentHash: contentHash, dimensions: dimensions)
    gatheredTextCount = gathering ?? 1
    isBatch = gathering != nil
    self.beforeFile = beforeFile
  }

  package var batch: (any BatchEmbedder)? { isBatch ? self : nil }

  /// Every text that `embed(documents:)` was shown, in order, and how many each call had.
  package var texts: [String] { calls.withLock { $0.texts } }
  package var textCounts: [Int] { calls.withLock { $0.textCounts } }
  package var queryCount: Int { calls.withLock { $0.queryCount } }

  package func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    try beforeFile(path)
    if isBatch { return try embed(documents: pieces.map { DocumentText(source.extracting($0), path: path) }) }
    var vectors: [Float] = []
    vectors.reserveCapacity(pieces.count * identity.dimensions)
    let ofPath = sum(path.bytes.span, in: path.rangeOfWords, from: zeros)
    for piece in pieces { vectors += Self.normalised(sum(source, in: piece, from: ofPath)) }
    return vectors
  }

  package func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    calls.withLock {
      $0.texts += documents.map(\.text)
      $0.textCounts.append(documents.count)
    }
    return documents.flatMap { vector(of: $0.text) }
  }

  package func embed(query: String) throws(Failure) -> [Float] {
    calls.withLock { $0.queryCount += 1 }
    return vector(of: query)
  }

  private var zeros: [Float] { [Float](repeating: 0, count: identity.dimensions) }

  private func vector(of text: String) -> [Float] {
    let bytes = Array(text.utf8)
    return Self.normalised(sum(bytes.span, in: bytes.indices, from: zeros))
  }

  private func sum(_ text: Span<UInt8>, in range: Range<Int>, from start: [Float]) -> [Float] {
    var sum = start
    var scanner = WordScanner(text, in: range)
    while let range = scanner.next() {
      var random = SeededRandom(seed: Word(text, at: range).hash(seed: 0x5EED))
      for _ in 0..<4 {
        let bits = random.next()
        sum[Int(bits >> 1 % UInt64(sum.count))] += bits & 1 == 0 ? 1 : -1
      }
    }
    return sum
  }

  /// Whole numbers are added up exactly, so that their order does not matter.
  private static func normalised(_ sum: [Float]) -> [Float] {
    let square = sum.reduce(0.0) { $0 + Double($1) * Double($1) }
    let factor = square > 0 ? Float(1 / square.squareRoot()) : 0
    return sum.map { $0 * factor }
  }
}
