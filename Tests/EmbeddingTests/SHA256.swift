/// SHA-256, to recognise the file that a packed model was made from.
func sha256(_ message: [UInt8]) -> [UInt8] {
  // The fractional parts of the roots of the first primes, computed with whole numbers.
  let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
  func root(_ prime: Int, _ power: Int) -> UInt32 {
    // The largest x with (x / 2^32)^power <= prime, that is x^power <= prime * 2^(32 * power), by bisection.
    var low: UInt64 = 0
    var high: UInt64 = 1 << 37
    while high - low > 1 {
      let middle = (low + high) / 2
      let value = (0..<power).reduce(into: UInt128(1)) { product, _ in product *= UInt128(middle) }
      if value <= UInt128(prime) << UInt128(32 * power) { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }
  let constants = primes.map { root($0, 3) }
  var state = primes.prefix(8).map { root($0, 2) }

  var padded = message
  padded.append(0x80)
  padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
  for i in 0..<8 { padded.append(UInt8(truncatingIfNeeded: (message.count * 8) >> (56 - 8 * i))) }

  func rotated(_ x: UInt32, _ by: UInt32) -> UInt32 { x &>> by | x &<< (32 - by) }
  var w = [UInt32](repeating: 0, count: 64)
  for block in Swift.stride(from: 0, to: padded.count, by: 64) {
    for i in 0..<16 { w[i] = (0..<4).reduce(0) { $0 << 8 | UInt32(padded[block + 4 * i + $1]) } }
    for i in 16..<64 {
      let s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3
      let s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10
      w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in 0..<64 {
      let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let first = h &+ s1 &+ (e & f ^ ~e & g) &+ constants[i] &+ w[i]
      let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let second = s0 &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] = state[i] &+ word }
  }
  return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
}
