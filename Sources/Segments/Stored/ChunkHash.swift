package import Primitives

/// 32 bits that stand for the bytes of a chunk: enough to tell whether a chunk still stands where it stood, and to find it
/// again among the lines near by; a quarter of what a `ContentHash` takes, kept for each of a million chunks.
package struct ChunkHash: Hashable, Sendable {
  package var bits: UInt32

  package init(bits: UInt32) { self.bits = bits }
  /// The low quarter of the 128 bits.
  package init(_ hash: ContentHash) { bits = UInt32(truncatingIfNeeded: hash.low) }
  package init(of bytes: Span<UInt8>) { self.init(ContentHash(of: bytes)) }
}
