import Primitives

/// The tokens of a model: their bytes and numbers, found by their bytes.
struct Vocabulary: Sendable {
  private let bytes: [UInt8]
  /// Where the bytes of each entry begin; one more than there are entries.
  private let starts: [UInt32]
  private let ids: [Int32]
  /// Entry + 1, or 0; linear probing.
  private var slots: [UInt32]

  /// Entries in the order of the file. Where a token occurs twice, the later one counts.
  init(_ tokens: [(token: [UInt8], id: Int32)]) {
    var bytes: [UInt8] = []
    var starts: [UInt32] = [0]
    for (token, _) in tokens {
      bytes += token
      starts.append(UInt32(bytes.count))
    }
    self.bytes = bytes
    self.starts = starts
    ids = tokens.map(\.id)
    var size = 16
    while size < tokens.count * 2 { size *= 2 }
    slots = Array(repeating: 0, count: size)
    distinctCount = 0
    for entry in tokens.indices {
      let token = bytes[Int(starts[entry])..<Int(starts[entry + 1])]
      let slot = slot(of: token.span)
      if slots[slot] == 0 { distinctCount += 1 }
      slots[slot] = UInt32(entry + 1)
    }
  }

  /// How many different tokens there are.
  private(set) var distinctCount: Int

  var highestID: Int32 { ids.max() ?? -1 }
  var count: Int { ids.count }
  func bytes(of entry: Int) -> ArraySlice<UInt8> { bytes[Int(starts[entry])..<Int(starts[entry + 1])] }
  func id(of entry: Int) -> Int32 { ids[entry] }

  @inline(__always)
  func id(of token: Span<UInt8>) -> Int32? {
    let entry = slots[slot(of: token)]
    return entry == 0 ? nil : ids[Int(entry) - 1]
  }

  func id(of token: [UInt8]) -> Int32? { id(of: token.span) }
  func id(of token: String) -> Int32? { id(of: Array(token.utf8).span) }

  /// Where `token` is, or would be.
  @inline(__always)
  private func slot(of token: Span<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hashOfBytes(token, seed: 0)) & mask
    while true {
      let entry = Int(slots[slot])
      if entry == 0 { return slot }
      let start = Int(starts[entry - 1])
      if Int(starts[entry]) - start == token.count {
        var i = 0
        while i < token.count, bytes[start + i] == token[i] { i += 1 }
        if i == token.count { return slot }
      }
      slot = (slot + 1) & mask
    }
  }
}

/// A hash of 64 bits, eight bytes at a time.
@inline(__always)
func hashOfBytes(_ bytes: Span<UInt8>, seed: UInt64) -> UInt64 {
  var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
  var i = 0
  while i &+ 8 <= bytes.count {
    // Inside: checked above.
    let eight = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self)
    hash = mixed(hash ^ eight)
    i &+= 8
  }
  var rest: UInt64 = 0
  while i < bytes.count {
    rest = rest &<< 8 | UInt64(bytes[i])
    i &+= 1
  }
  return mixed(hash ^ rest)
}

@inline(__always)
private func mixed(_ x: UInt64) -> UInt64 {
  let product = (x ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
  return product.high ^ product.low
}
