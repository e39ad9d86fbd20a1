/// SHA-256 (FIPS 180-4) of bytes that come in parts: for files from elsewhere, whose published hash says that they are
/// what they should be. What only recognises content of our own uses `ContentHash`, which is fifty times as fast.
///
/// Written here instead of loaded from libcrypto: a download takes longer than its hash (about 200 MB/s a core), and a
/// check of what is downloaded should not depend on which version of a library a machine has.
package struct SHA256 {
  private var state: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes of a block that is not yet full.
  private var block = InlineArray<64, UInt8>(repeating: 0)
  private var blockByteCount = 0
  private var byteCount: UInt64 = 0

  package init() {}

  package mutating func update(_ bytes: Span<UInt8>) {
    byteCount &+= UInt64(bytes.count)
    var position = 0
    while position < bytes.count {
      let count = min(64 - blockByteCount, bytes.count - position)
      for i in 0..<count { block[blockByteCount + i] = bytes[position + i] }
      blockByteCount += count
      position += count
      if blockByteCount == 64 { compress() }
    }
  }

  /// The hash of everything that came: 64 hexadecimal digits in lower case.
  package consuming func finish() -> String {
    let bytes = digest()
    var text = ""
    for byte in bytes {
      let digits = String(byte, radix: 16)
      text += digits.count == 1 ? "0" + digits : digits
    }
    return text
  }

  /// The hash of everything that came: 32 bytes.
  package consuming func digest() -> [UInt8] {
    let bitCount = byteCount &* 8
    block[blockByteCount] = 0x80
    blockByteCount += 1
    if blockByteCount > 56 {
      while blockByteCount < 64 { append(0) }
      compress()
    }
    while blockByteCount < 56 { append(0) }
    for i in 0..<8 { append(UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * i))) }
    compress()
    var digest: [UInt8] = []
    for i in 0..<8 {
      for shift in [24, 16, 8, 0] { digest.append(UInt8(truncatingIfNeeded: state[i] >> UInt32(shift))) }
    }
    return digest
  }

  /// The hash of `bytes`.
  package static func hash(of bytes: Span<UInt8>) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  private mutating func append(_ byte: UInt8) {
    block[blockByteCount] = byte
    blockByteCount += 1
  }

  /// Takes the full block in.
  private mutating func compress() {
    blockByteCount = 0
    var w = InlineArray<64, UInt32>(repeating: 0)
    for i in 0..<16 {
      w[i] =
        UInt32(block[4 * i]) << 24 | UInt32(block[4 * i + 1]) << 16 | UInt32(block[4 * i + 2]) << 8
        | UInt32(block[4 * i + 3])
    }
    for i in 16..<64 {
      let s0 = Self.rotated(w[i - 15], 7) ^ Self.rotated(w[i - 15], 18) ^ w[i - 15] >> 3
      let s1 = Self.rotated(w[i - 2], 17) ^ Self.rotated(w[i - 2], 19) ^ w[i - 2] >> 10
      w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in 0..<64 {
      let s1 = Self.rotated(e, 6) ^ Self.rotated(e, 11) ^ Self.rotated(e, 25)
      let first = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ Self.constants[i] &+ w[i]
      let s0 = Self.rotated(a, 2) ^ Self.rotated(a, 13) ^ Self.rotated(a, 22)
      let second = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  @inline(__always)
  private static func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 { x &>> count | x &<< (32 &- count) }

  private static let constants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}

/// The code that proves that who made it had `key`: HMAC with SHA-256 (FIPS 198-1), 32 bytes.
package func messageCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
  var padded = key
  if padded.count > 64 { padded = digest(of: padded) }
  padded += [UInt8](repeating: 0, count: 64 - padded.count)
  let inner = digest(of: padded.map { $0 ^ 0x36 } + message)
  return digest(of: padded.map { $0 ^ 0x5C } + inner)
}

private func digest(of bytes: [UInt8]) -> [UInt8] {
  var hash = SHA256()
  hash.update(bytes.span)
  return hash.digest()
}
