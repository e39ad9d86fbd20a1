/// Turns away bytes in which none of some words can stand: a bit for each pair of bytes, small letters for capitals, set where a
/// word begins with it.
struct PairFilter: Sendable {
  private var pairs = [UInt64](repeating: 0, count: 1024)

  /// Takes in a word of small letters. One that begins beyond ASCII may be written as a capital that is other bytes: then nothing
  /// is turned away any more. A word of one byte is not looked for.
  mutating func insert(_ word: [UInt8]) {
    if word.count < 2 { return }
    if word[0] >= 0x80 || word[1] >= 0x80 {
      for k in pairs.indices { pairs[k] = .max }
    }
    let pair = Self.pair(word[0], word[1])
    pairs[pair >> 6] |= 1 << UInt64(pair & 63)
  }

  /// The first place from `start` on at which a word may begin, if there is one.
  @inline(__always)
  func place(in text: Span<UInt8>, from start: Int) -> Int? {
    let pairs = pairs.span
    if start + 1 >= text.count { return nil }
    var previous = text[start]
    for i in (start + 1)..<text.count {
      let pair = Self.pair(previous, text[i])
      if pairs[pair >> 6] >> UInt64(pair & 63) & 1 != 0 { return i - 1 }
      previous = text[i]
    }
    return nil
  }

  /// Letters lose their case; that other bytes fall together only lets more through.
  @inline(__always)
  private static func pair(_ a: UInt8, _ b: UInt8) -> Int { Int(a | 0x20) << 8 | Int(b | 0x20) }
}
