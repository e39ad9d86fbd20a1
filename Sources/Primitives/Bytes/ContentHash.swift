import CXXHash

/// 128 bits that stand for a run of bytes: equal content, equal hash, on every machine (XXH3, canonical byte order).
/// Not cryptographic: it recognises content, it does not defend against an attacker.
package struct ContentHash: Hashable, Sendable, Comparable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The hash of `bytes`. About 10 GB/s a core.
  package init(of bytes: Span<UInt8>) {
    let hash = unsafe bytes.withUnsafeBufferPointer { unsafe cxxhash_128bits($0.baseAddress, $0.count) }
    self.init(high: hash.high, low: hash.low)
  }

  /// The hash with such a `description`; nil for anything else.
  package init?(digits: some StringProtocol) {
    guard digits.utf8.count == 32,
      digits.utf8.allSatisfy({ $0.isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }),
      let high = UInt64(digits.prefix(16), radix: 16), let low = UInt64(digits.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  package static func < (a: ContentHash, b: ContentHash) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension ContentHash: CustomStringConvertible {
  /// 32 hexadecimal digits.
  package var description: String {
    func digits(_ word: UInt64) -> String {
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits(high) + digits(low)
  }
}

/// The 64-bit checksum of files of ours (XXH3).
@usableFromInline
package func checksum(_ bytes: Span<UInt8>) -> UInt64 {
  unsafe bytes.withUnsafeBufferPointer { unsafe cxxhash_64bits($0.baseAddress, $0.count) }
}
