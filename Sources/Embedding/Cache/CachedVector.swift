import Primitives

/// A vector as the cache keeps it: each component in half precision, little endian, then 32 bits that hold them and the
/// text they are of together (XXH3, mixed with the text's hash): a damaged index that leads to another's vector shows.
///
/// The components of a unit vector need no scale: half precision errs by at most 2^-12 of a component, and by 2^-26 for
/// those below 2^-14, which costs a cosine less than 1e-6 (`EmbeddingCacheTests`). Int8 with one scale for a vector
/// would take half the room and cost up to 1e-4 where one component stands out.
enum CachedVector {
  static func byteCount(dimensions: Int) -> Int { 2 * dimensions + 4 }

  /// Nil for a vector with a component that half precision cannot say (infinite, not a number, too large).
  static func encode(_ vector: ArraySlice<Float>, of text: ContentHash) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount(dimensions: vector.count))
    for component in vector {
      let half = Float16(component)
      guard half.isFinite else { return nil }
      let bits = half.bitPattern
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
    let sum = mark(bytes.span, text)
    for i in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: sum >> UInt32(8 * i))) }
    return bytes
  }

  /// Nil for bytes that are not a whole vector of so many components, made of `text`.
  static func decode(_ bytes: [UInt8], of text: ContentHash, dimensions: Int) -> [Float]? {
    guard bytes.count == byteCount(dimensions: dimensions) else { return nil }
    let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[2 * dimensions + $1]) << UInt32(8 * $1) }
    guard sum == mark(bytes.span.extracting(..<(2 * dimensions)), text) else { return nil }
    var vector: [Float] = []
    vector.reserveCapacity(dimensions)
    for i in 0..<dimensions {
      vector.append(Float(Float16(bitPattern: UInt16(bytes[2 * i]) | UInt16(bytes[2 * i + 1]) << 8)))
    }
    return vector
  }

  private static func mark(_ components: Span<UInt8>, _ text: ContentHash) -> UInt32 {
    UInt32(truncatingIfNeeded: checksum(components) ^ text.low)
  }
}
