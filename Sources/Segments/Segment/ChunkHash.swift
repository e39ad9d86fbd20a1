package import Primitives

/// 64 bits that stand for the bytes of a chunk: enough to find a chunk again among the places of one file, and half as
/// much to keep for each of a million chunks as a `ContentHash`.
package struct ChunkHash: Hashable, Sendable {
  package var bits: UInt64

  package init(bits: UInt64) { self.bits = bits }
  /// The low half of the 128 bits.
  package init(_ hash: ContentHash) { bits = hash.low }
  package init(of bytes: Span<UInt8>) { self.init(ContentHash(of: bytes)) }
}
