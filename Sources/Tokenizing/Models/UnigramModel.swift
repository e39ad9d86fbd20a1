import JSON
import Primitives

/// Unigram: of all ways to write a word in tokens, the one with the highest sum of scores; of equal ones the one found
/// first, places from the left, short tokens before long ones. Scores are added in the order of the reference, so that
/// sums round as there.
struct UnigramModel: Sendable {
  struct Path {
    var score: Double
    var start: Int
    var token: Int32
  }

  private let trie: ByteTrie
  private let vocabulary: Vocabulary
  private let scores: [Double]
  private let unknown: Int32?
  private let unknownScore: Double
  private let fallsBackToBytes: Bool
  private let fallbacks: [Int32?]

  /// How much less than the worst token an unknown character is worth.
  private static let penalty = 10.0

  init(_ part: TokenizerNode, _ vocabulary: Vocabulary) throws(Failure) {
    try part.allow(["type", "unk_id", "byte_fallback", "vocab"])
    let list = try part.required("vocab")
    guard let entries = list.value.array else { throw list.wrong("it is no list") }
    var scores: [Double] = []
    for (number, entry) in entries.enumerated() {
      guard let score = entry[1], let value = Self.score(score) else {
        throw list.wrong("entry \(number) has no score")
      }
      scores.append(value)
    }
    self.scores = scores
    self.vocabulary = vocabulary
    unknown = if let id = part["unk_id"] { Int32(try id.count()) } else { nil }
    if let unknown, Int(unknown) >= scores.count { throw part.wrong("`unk_id` is not in the vocabulary") }
    unknownScore = (scores.min() ?? .infinity) - Self.penalty
    fallsBackToBytes = try part["byte_fallback"]?.boolean() ?? false
    fallbacks = byteFallbacks(vocabulary)
    trie = ByteTrie(
      (0..<vocabulary.count).filter { !vocabulary.bytes(of: $0).isEmpty }
        .map { (key: vocabulary.bytes(of: $0), value: vocabulary.id(of: $0)) })
  }

  /// A number as the reference reads it: the digits as a whole number, which may be rounded, divided by a power of ten,
  /// which rounds again. The digits are the shortest that say the number, as programs write them.
  static func score(_ value: JSONValue) -> Double? {
    guard case .real(let number) = value else { return value.number }
    var digits: UInt64 = 0
    var exponent = 0
    var isFraction = false
    let text = Array("\(number.magnitude)".utf8)
    for (i, character) in text.enumerated() {
      switch character {
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"):
        exponent += Int(String(decoding: text[(i + 1)...], as: UTF8.self)) ?? 0
      case UInt8(ascii: "0")...UInt8(ascii: "9") where !text[..<i].contains(UInt8(ascii: "e")):
        digits = digits * 10 + UInt64(character - UInt8(ascii: "0"))
        if isFraction { exponent -= 1 }
      default: break
      }
    }
    // A fraction of nothing is not written by the programs that write these files: `12.0` and `120e-1` are one.
    var power = 1.0
    guard exponent.magnitude <= 22 else { return number }
    for _ in 0..<exponent.magnitude { power *= 10 }
    let read = exponent < 0 ? Double(digits) / power : Double(digits) * power
    return number < 0 ? -read : read
  }

  func encode(
    _ text: Span<UInt8>, _ range: Range<Int>, into ids: inout [Int32], _ scratch: inout ModelScratch
  ) throws(Failure) {
    let count = range.count
    scratch.paths.removeAll(keepingCapacity: true)
    for _ in 0...count { scratch.paths.append(Path(score: 0, start: -1, token: -1)) }
    var offset = 0
    while offset < count {
      let score = scratch.paths[offset].score
      let length = text.scalar(at: range.lowerBound &+ offset).length
      var isCharacterKnown = false
      var node = ByteTrie.root
      var end = offset
      while end < count {
        node = trie.child(of: node, text[range.lowerBound &+ end])
        if node == ByteTrie.root { break }
        end &+= 1
        let token = trie.value(at: node)
        if token < 0 { continue }
        Self.improve(&scratch.paths[end], scores[Int(token)] + score, offset, token)
        if end &- offset == length { isCharacterKnown = true }
      }
      if !isCharacterKnown {
        let candidate = unknownScore + score
        let end = offset &+ length
        if scratch.paths[end].start < 0 || candidate > scratch.paths[end].score {
          guard let unknown else {
            throw Failure(.wrongFormat, "the tokenizer cannot say that a character is unknown: it has no `unk_id`")
          }
          scratch.paths[end] = Path(score: candidate, start: offset, token: unknown)
        }
      }
      offset &+= length
    }
    scratch.tokens.removeAll(keepingCapacity: true)
    var end = count
    while end > 0 {
      let path = scratch.paths[end]
      if path.token == unknown {
        // Unknown characters that follow each other are one token.
        var start = path.start
        while start > 0, scratch.paths[start].token == unknown { start = scratch.paths[start].start }
        appendUnknown(text, range.lowerBound + start..<range.lowerBound + end, &scratch)
        end = start
      } else {
        scratch.tokens.append(path.token)
        end = path.start
      }
    }
    var i = scratch.tokens.count
    while i > 0 {
      i &-= 1
      ids.append(scratch.tokens[i])
    }
  }

  @inline(__always)
  private static func improve(_ path: inout Path, _ score: Double, _ start: Int, _ token: Int32) {
    if path.start < 0 || score > path.score { path = Path(score: score, start: start, token: token) }
  }

  /// Appends the tokens of an unknown stretch, last one first.
  private func appendUnknown(_ text: Span<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch) {
    if let id = vocabulary.id(of: text.extracting(range)) { return scratch.tokens.append(id) }
    if fallsBackToBytes {
      var isWhole = true
      for i in range where fallbacks[Int(text[i])] == nil { isWhole = false }
      if isWhole {
        for i in range.reversed() { scratch.tokens.append(fallbacks[Int(text[i])] ?? 0) }
        return
      }
    }
    scratch.tokens.append(unknown ?? 0)
  }
}
