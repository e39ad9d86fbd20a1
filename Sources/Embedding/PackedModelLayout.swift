import Disk
import Primitives

/// Where the parts of a packed model lie, read from its header and checked against its size. `Models/pack` writes the
/// form and has its byte table.
struct PackedModelLayout: Sendable {
  static let formatVersion: UInt32 = 1
  private static let magic = Array("CAIRNEMB".utf8)
  private static let headerByteCount = 128
  /// The checksum is of everything from here on.
  static let checkedFrom = 24

  let name: String
  /// The first half of the SHA-256 of the file that training wrote.
  let contentHash: ContentHash
  let dimensions: Int
  let checksum: UInt64
  let rowCount: Int
  let slots: Range<Int>
  let scales: Range<Int>
  let rows: Range<Int>

  /// Reads the header of `bytes`: the cost does not depend on the model's size.
  init(of bytes: Span<UInt8>) throws(Failure) {
    for i in Self.magic.indices where i < bytes.count && bytes[i] != Self.magic[i] {
      throw Failure(.wrongFormat, "this is not a packed model; Models/pack makes one")
    }
    guard bytes.count >= Self.headerByteCount else {
      throw Failure(.damaged, "the model is cut off: it has only \(bytes.count) bytes; copy it again")
    }
    var reader = ByteReader(bytes, at: Self.magic.count)
    let version: UInt32 = try reader.read()
    if version < Self.formatVersion {
      throw Failure(.unsupportedVersion, "the model has the old format \(version); pack it again with Models/pack")
    }
    if version > Self.formatVersion {
      throw Failure(.unsupportedVersion, "the model has format \(version), made for a newer Cairn; update Cairn")
    }
    let zero = Int(try reader.read() as UInt32)
    checksum = try reader.read()
    let byteCount: UInt64 = try reader.read()
    guard byteCount <= UInt64(bytes.count) else {
      throw Failure(.damaged, "the model is cut off: \(bytes.count) bytes of \(byteCount); copy it again")
    }
    rowCount = Int(try reader.read() as UInt32)
    let slotCount = Int(try reader.read() as UInt32)
    let slotsAt = Int(try reader.read() as UInt32)
    let scalesAt = Int(try reader.read() as UInt32)
    let rowsAt = Int(try reader.read() as UInt32)
    // The pieces that no word can match: only `Models/pack --unpack` reads them.
    let unreachableAt = Int(try reader.read() as UInt32)
    let unreachableByteCount = Int(try reader.read() as UInt32)
    dimensions = Int(try reader.read() as UInt32)
    let high: UInt64 = try reader.read()
    let low: UInt64 = try reader.read()
    contentHash = ContentHash(high: high.byteSwapped, low: low.byteSwapped)
    name = String(decoding: try reader.readBytes(48).prefix { $0 != 0 }, as: UTF8.self)

    let contradicting = Failure(.damaged, "the model's header contradicts its size; copy it again")
    guard dimensions > 0, dimensions <= 4096, dimensions % 64 == 0 else { throw contradicting }
    // Offsets and counts fit in 32 bits each and dimensions in 13, so none of these sums and products overflows.
    slots = slotsAt..<(slotsAt + 8 * slotCount)
    scales = scalesAt..<(scalesAt + 4 * rowCount)
    rows = rowsAt..<(rowsAt + dimensions * rowCount)
    guard byteCount == UInt64(bytes.count), zero == 0, slotCount >= 2,
      unreachableAt + unreachableByteCount <= bytes.count,
      [slots, scales, rows].allSatisfy({ $0.lowerBound % 64 == 0 && $0.upperBound <= bytes.count })
    else { throw contradicting }
  }
}
