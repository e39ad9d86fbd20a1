import Primitives

/// Inputs that are made from sound ones: each is a function of its seeds, the generator's seed and its number alone.
/// Without coverage it finds less than libFuzzer, in seconds and on any build.
struct InputMutator {
  private let seeds: [[UInt8]]
  private let seed: UInt64
  private let byteLimit: Int

  init(seeds: [[UInt8]], seed: UInt64, byteLimit: Int) {
    self.seeds = seeds.filter { !$0.isEmpty }
    self.seed = seed
    self.byteLimit = byteLimit
  }

  /// The input of that number.
  func input(_ number: Int) -> [UInt8] {
    var random = SeededRandom(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(number))
    var input = seeds.randomElement(using: &random) ?? []
    for _ in 0..<(1 << Int.random(in: 0...5, using: &random)) {
      change(&input, &random)
      if input.count > byteLimit { input.removeSubrange(byteLimit...) }
    }
    return input
  }

  private func change(_ input: inout [UInt8], _ random: inout SeededRandom) {
    let at = Int.random(in: 0...input.count, using: &random)
    let count = min(Int.random(in: 1...32, using: &random), input.count - at)
    switch Int.random(in: 0..<9, using: &random) {
    case 0 where at < input.count: input[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where at < input.count: input[at] = Self.bytes.randomElement(using: &random)!
    case 2: input.insert(.random(in: 0...255, using: &random), at: at)
    case 3: input.removeSubrange(at..<at + count)
    case 4: input.insert(contentsOf: input[at..<at + count], at: at)
    case 5: input.removeSubrange(at...)
    case 6:
      // Numbers that are too large, or negative, in either order of bytes.
      let value = Self.numbers.randomElement(using: &random)!
      let width = [2, 4, 8].randomElement(using: &random)!
      for i in 0..<min(width, input.count - at) { input[at + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i)) }
    case 7:
      let other = seeds.randomElement(using: &random) ?? []
      let start = Int.random(in: 0...other.count, using: &random)
      input.insert(contentsOf: other[start..<min(other.count, start + 64)], at: at)
    default: for i in at..<at + count { input[i] = .random(in: 0...255, using: &random) }
    }
  }

  private static let bytes: [UInt8] = [0, 1, 0x0A, 0x22, 0x2A, 0x2F, 0x5B, 0x5C, 0x7B, 0x7F, 0x80, 0xC0, 0xFE, 0xFF]
  private static let numbers: [UInt64] = [0, 1, 0x7F, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 62, .max]
}
