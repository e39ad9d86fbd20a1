/// Places in a text: a bit for each of its bytes.
package struct BytePlaces: Sendable {
  private var numbers: [UInt64] = []

  package init() {}

  /// Makes room for a text of `count` bytes; which places are set then means nothing.
  mutating func prepare(for count: Int) {
    let wanted = (count + 63) / 64
    if numbers.count < wanted { numbers.append(contentsOf: repeatElement(0, count: wanted - numbers.count)) }
    // Nothing behind the text is set, whatever text was looked at before.
    for i in wanted..<numbers.count { numbers[i] = 0 }
  }

  mutating func withUnsafeMutableNumbers<R>(_ body: (UnsafeMutablePointer<UInt64>?) -> R) -> R {
    unsafe numbers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
  }

  /// The first place at or after `start`, if there is one.
  package func first(from start: Int) -> Int? {
    var number = start >> 6
    if number >= numbers.count { return nil }
    var bits = numbers[number] & UInt64.max << UInt64(start & 63)
    while bits == 0 {
      number += 1
      if number == numbers.count { return nil }
      bits = numbers[number]
    }
    return number << 6 + bits.trailingZeroBitCount
  }
}
