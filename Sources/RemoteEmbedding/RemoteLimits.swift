/// How much an endpoint takes at once: what is configured, and less once it has refused something.
struct RemoteLimits: Sendable {
  /// Bytes of a token in source code, at the least what is usual: an estimate that is too high is only a smaller
  /// request.
  private static let bytesPerToken = 3
  /// A text that is refused although it has no more bytes than this is not refused for its length.
  static let smallestText = 64

  private(set) var textByteLimit: Int
  private(set) var batchTextCount: Int
  private let batchTokenCount: Int
  var textCount = 0
  private(set) var cutTextCount = 0

  init(_ options: RemoteModelOptions) {
    textByteLimit = max(1, options.textTokenLimit) * Self.bytesPerToken
    batchTextCount = max(1, options.batchTextCount)
    batchTokenCount = max(1, options.batchTokenCount)
  }

  static func tokenCount(of text: String) -> Int { text.utf8.count / bytesPerToken + 1 }

  /// Ranges of `texts` that each make a request, in their order.
  ///
  /// - Parameter limit: the most texts of one.
  func batches(of texts: [String], textCount limit: Int = .max) -> [Range<Int>] {
    let batchTextCount = min(batchTextCount, limit)
    var batches: [Range<Int>] = []
    var start = 0
    var tokenCount = 0
    for (index, text) in texts.enumerated() {
      let more = Self.tokenCount(of: text)
      if index > start, index - start == batchTextCount || tokenCount + more > batchTokenCount {
        batches.append(start..<index)
        start = index
        tokenCount = 0
      }
      tokenCount += more
    }
    if start < texts.count { batches.append(start..<texts.count) }
    return batches
  }

  /// The beginning of `text` that has at most `limit` bytes, in whole characters; counted when something is lost.
  mutating func cut(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    cutTextCount += 1
    var end = text.utf8.index(text.startIndex, offsetBy: limit)
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }

  /// Later batches are no larger than half of what was refused.
  mutating func refused(textCount: Int) { batchTextCount = max(1, min(batchTextCount, textCount / 2)) }
  /// Later texts are cut before they are refused.
  mutating func refused(textByteCount: Int) {
    textByteLimit = max(Self.smallestText, min(textByteLimit, textByteCount / 2))
  }
}
