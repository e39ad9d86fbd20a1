import Primitives

/// `Precompiled`: the rules that SentencePiece compiles into a file, a double array over bytes and the texts it points
/// to.
///
/// The reference looks up grapheme clusters of less than six bytes as a whole, and takes the shortest rule that one
/// begins with for all of it; longer ones scalar by scalar. So it is done here.
struct PrecompiledCharsMap: Sendable {
  private let units: [UInt32]
  private let texts: [UInt8]
  /// Whether a rule applies to an ASCII character that stands alone.
  private let changesASCII: [Bool]

  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["type", "precompiled_charsmap"])
    let text = try part.required("precompiled_charsmap")
    guard let bytes = PackedNumbers.decoded(base64: Array(try text.string().utf8)), bytes.count >= 4 else {
      throw text.wrong("it is not base 64")
    }
    func word(_ i: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) } }
    let size = Int(word(0))
    guard size >= 4, size % 4 == 0, 4 + size <= bytes.count else { throw text.wrong("it is cut off") }
    units = (0..<size / 4).map { word(4 + 4 * $0) }
    texts = Array(bytes[(4 + size)...])
    guard String(validating: texts, as: UTF8.self) != nil else { throw text.wrong("its texts are not UTF-8") }
    var changes = [Bool](repeating: false, count: 128)
    let alone: [UInt8] = Array(0..<128)
    for i in 0..<128 { changes[i] = Self.rule(for: alone.span, i..<i + 1, units) != nil }
    changesASCII = changes
  }

  /// Where the text begins that replaces what the shortest rule says, or nil if no rule fits.
  private static func rule(for text: Span<UInt8>, _ range: Range<Int>, _ units: [UInt32]) -> Int? {
    func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 1 << 9) >> 6) }
    var node = offset(units[0])
    for i in range {
      let byte = text[i]
      if byte == 0 { return nil }
      node ^= Int(byte)
      guard node < units.count else { return nil }
      let unit = units[node]
      guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
      node ^= offset(unit)
      guard node < units.count else { return nil }
      if unit >> 8 & 1 == 1 { return Int(units[node] & 0x7FFF_FFFF) }
    }
    return nil
  }

  /// Appends what replaces `range`; false if no rule fits.
  private func replace(_ text: Span<UInt8>, _ range: Range<Int>, _ output: inout [UInt8]) -> Bool {
    // A rule of a damaged file may point into the middle of a character, or past the end.
    guard let start = Self.rule(for: text, range, units), start < texts.count, texts[start] & 0xC0 != 0x80 else {
      return false
    }
    var position = start
    while position < texts.count, texts[position] != 0 {
      output.append(texts[position])
      position += 1
    }
    return true
  }

  func apply(_ scratch: inout NormalizerScratch) {
    let text = scratch.text
    var output = scratch.output
    scratch.output = []
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      // Between two ASCII characters there is always a boundary, unless they are a carriage return and a line feed.
      let byte = text[position]
      let next = position + 1 < text.count ? text[position + 1] : 0
      if byte < 0x80, next < 0x80, !(byte == 13 && next == 10) {
        if !changesASCII[Int(byte)] || !replace(text.span, position..<position + 1, &output) { output.append(byte) }
        position &+= 1
        continue
      }
      var end = position + 1
      while end < text.count, text[end] >= 0x80 || text[end - 1] >= 0x80 || (text[end - 1] == 13 && text[end] == 10) {
        end += 1
      }
      applyToClusters(text, position..<end, &output)
      position = end
    }
    scratch.output = output
    scratch.swap()
  }

  private func applyToClusters(_ text: [UInt8], _ range: Range<Int>, _ output: inout [UInt8]) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = GraphemeClusters.end(in: text.span, from: start, to: range.upperBound)
      if end - start >= 6 || !replace(text.span, start..<end, &output) {
        while start < end {
          let length = text.span.scalar(at: start).length
          if !replace(text.span, start..<start + length, &output) { output += text[start..<start + length] }
          start += length
        }
      }
      start = end
    }
  }
}
