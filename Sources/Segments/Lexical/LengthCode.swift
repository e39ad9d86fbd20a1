/// The length of a chunk in 8 bits: exact below 32, then 16 steps for each doubling (at most 6 % off).
enum LengthCode {
  static func code(of length: Int) -> UInt8 {
    if length < 32 { return UInt8(max(0, length)) }
    let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount - 4
    let code = 32 + (exponent - 1) * 16 + (length >> exponent) - 16
    return UInt8(min(code, 255))
  }

  /// What no length exceeds that stands for a code.
  static let longest = length(of: 255)

  /// The smallest length with this code.
  static func length(of code: UInt8) -> Int {
    if code < 32 { return Int(code) }
    let exponent = (Int(code) - 32) / 16 + 1
    return (16 + (Int(code) - 32) % 16) << exponent
  }
}
