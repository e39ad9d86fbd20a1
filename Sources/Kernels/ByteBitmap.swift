/// A bitmap over a text: a bit for each of its bytes. It keeps its memory for the next text.
package struct ByteBitmap: Sendable {
  private var words: [UInt64] = []

  package init() {}

  /// Grows to a text of `count` bytes; which bits are set then means nothing.
  mutating func prepare(for count: Int) {
    let wanted = (count + 63) / 64
    if words.count < wanted { words.append(contentsOf: repeatElement(0, count: wanted - words.count)) }
    // Nothing after the text is set, whatever the text before left there.
    for i in wanted..<words.count { words[i] = 0 }
  }

  mutating func withUnsafeMutableWords<R>(_ body: (UnsafeMutablePointer<UInt64>?) -> R) -> R {
    unsafe words.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
  }

  /// The offset of the first set bit at or after `start`, or nil.
  package func first(from start: Int) -> Int? {
    var number = start >> 6
    if number >= words.count { return nil }
    var bits = words[number] & UInt64.max << UInt64(start & 63)
    while bits == 0 {
      number += 1
      if number == words.count { return nil }
      bits = words[number]
    }
    return number << 6 + bits.trailingZeroBitCount
  }
}
