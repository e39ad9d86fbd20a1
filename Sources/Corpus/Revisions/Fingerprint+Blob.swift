import Primitives

// A file of a revision has no times: its fingerprint is the name of its blob, in the place of times that no file has.

extension Fingerprint {
  /// That of a file of a revision. Equal ones are of the same blob: 160 bits of its name are in it, which is all of a
  /// SHA-1.
  package init(blob id: GitObjectID, byteCount: Int) {
    func bits(_ range: Range<Int>) -> UInt64 { id.bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(
      byteCount: byteCount, modified: Int64(bitPattern: bits(0..<8)),
      changed: Self.firstOfBlobs + Int64(bits(16..<20)), inode: bits(8..<16))
  }

  /// The first 40 hexadecimal digits of the blob's name; nil for a file of a directory.
  package var blobName: [UInt8]? {
    let last = abs(changed) - Self.firstOfBlobs
    guard last >= 0, last <= Int64(UInt32.max) else { return nil }
    var bytes: [UInt8] = []
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: modified >> shift)) }
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: inode >> shift)) }
    for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: last >> shift)) }
    return GitObjectID(bytes: bytes)?.hex
  }

  /// Of 2^32 times, some seconds on the first of January 1970: later than the marks that `changed` may have, and
  /// earlier than any file's change.
  private static let firstOfBlobs: Int64 = 1 << 40
}
