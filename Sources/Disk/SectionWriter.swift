package import Primitives

/// Writes a file of sections: a magic, the sections one after the other, and a footer that lists them. The file
/// appears whole or not at all (`AtomicFile`); memory is one piece of 64 KiB and 8 bytes for each piece written.
///
/// | bytes | what |
/// |---|---|
/// | 8 | magic |
/// | ... | the sections, each at a multiple of 64, zeros between them |
/// | 32 n | the table, from a multiple of 64: u32 identifier, u32 zero, u64 offset, u64 byte count, u64 checksum |
/// | 4 | u32 n, the number of sections |
/// | 4 | u32 content version: an older one should be rebuilt |
/// | 8 | u64 checksum of the table, n, both versions and the zero |
/// | 4 | u32 format version: whether this can be read |
/// | 4 | u32 zero |
/// | 8 | magic |
///
/// Numbers are little endian. A section's checksum is XXH3 over the XXH3 (8 bytes each) of its pieces of 64 KiB, so
/// that it can be made while streaming.
package struct SectionWriter: ~Copyable {
  package static let alignment = 64
  static let pieceByteCount = 1 << 16
  static let tailByteCount = 32
  static let entryByteCount = 32

  private var file: AtomicFile
  private let magic: [UInt8]
  private var piece: [UInt8] = []
  private var pieceChecksums: [UInt8] = []
  private var table: [UInt8] = []
  private var sectionCount: UInt32 = 0
  private var current: (identifier: UInt32, offset: Int)?
  /// Called after each 64 KiB: for letting go of what they were made from.
  package var pieceWritten: (() -> Void)?
  /// Bytes of the section at hand so far.
  package private(set) var sectionByteCount = 0

  /// The file at `path`. `magic` has 8 bytes.
  package init(_ path: FilePath, magic: [UInt8]) throws(Failure) { try self.init(HeldName(path), magic: magic) }

  /// A file in a held directory. `magic` has 8 bytes.
  package init(_ target: HeldName, magic: [UInt8]) throws(Failure) {
    precondition(magic.count == 8)
    var file = try AtomicFile(target)
    try file.write(magic)
    self.file = file
    self.magic = magic
    piece.reserveCapacity(Self.pieceByteCount)
  }

  /// Ends the section at hand and begins the next one.
  package mutating func begin(_ identifier: UInt32) throws(Failure) {
    try end()
    try pad()
    current = (identifier, file.byteCount)
    sectionByteCount = 0
    pieceChecksums.removeAll(keepingCapacity: true)
  }

  /// Appends to the section at hand.
  package mutating func append(_ bytes: Span<UInt8>) throws(Failure) {
    precondition(current != nil)
    sectionByteCount += bytes.count
    var from = 0
    while from < bytes.count {
      let to = min(bytes.count, from + Self.pieceByteCount - piece.count)
      unsafe bytes.extracting(from..<to).withUnsafeBufferPointer { unsafe piece.append(contentsOf: $0) }
      from = to
      if piece.count == Self.pieceByteCount { try flushPiece() }
    }
  }
  package mutating func append(_ bytes: [UInt8]) throws(Failure) { try append(bytes.span) }

  /// Writes the footer, makes the file durable and gives it its name. Gives its size in bytes.
  package consuming func commit(formatVersion: UInt32, contentVersion: UInt32) throws(Failure) -> Int {
    try end()
    try pad()
    var footer = table
    footer.append(littleEndian: sectionCount)
    footer.append(littleEndian: contentVersion)
    let sum = footerChecksum(footer, formatVersion: formatVersion)
    footer.append(littleEndian: sum)
    footer.append(littleEndian: formatVersion)
    footer.append(littleEndian: UInt32(0))
    footer.append(contentsOf: magic)
    try file.write(footer)
    let byteCount = file.byteCount
    try file.commit()
    return byteCount
  }

  private mutating func end() throws(Failure) {
    guard let (identifier, offset) = current else { return }
    if !piece.isEmpty { try flushPiece() }
    table.append(littleEndian: identifier)
    table.append(littleEndian: UInt32(0))
    table.append(littleEndian: UInt64(offset))
    table.append(littleEndian: UInt64(sectionByteCount))
    table.append(littleEndian: checksum(pieceChecksums.span))
    sectionCount += 1
    current = nil
  }

  private mutating func flushPiece() throws(Failure) {
    pieceChecksums.append(littleEndian: checksum(piece.span))
    try file.write(piece)
    piece.removeAll(keepingCapacity: true)
    pieceWritten?()
  }

  private mutating func pad() throws(Failure) {
    let rest = file.byteCount % Self.alignment
    if rest > 0 { try file.write([UInt8](repeating: 0, count: Self.alignment - rest)) }
  }
}

/// The checksum of a footer: of `beginning` (the table, the number of sections, the content version) and what follows
/// it.
func footerChecksum(_ beginning: [UInt8], formatVersion: UInt32) -> UInt64 {
  var covered = beginning
  covered.append(littleEndian: formatVersion)
  covered.append(littleEndian: UInt32(0))
  return checksum(covered.span)
}

/// Appends the checksums of the pieces of a section, or of a part of one that begins at the beginning of a piece.
func appendPieceChecksums(of bytes: Span<UInt8>, to sums: inout [UInt8]) {
  var from = 0
  while from < bytes.count {
    let to = min(bytes.count, from + SectionWriter.pieceByteCount)
    sums.append(littleEndian: checksum(bytes.extracting(from..<to)))
    from = to
  }
}
