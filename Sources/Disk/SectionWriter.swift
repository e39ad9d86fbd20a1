package import Primitives

/// Writes a file of sections: a magic, the sections one after the other, and a footer that lists them. The file appears
/// whole or not at all (`AtomicFile`); memory is one piece of 64 KiB and 8 bytes for each piece written.
///
/// | bytes | what |
/// |---|---|
/// | 8 | magic |
/// | ... | the sections, each at a multiple of 64, zeros between them |
/// | 8 p | from a multiple of 64: u64 checksum (XXH3) of each 64 KiB of the bytes before, the last piece shorter |
/// | 24 n | the table: u32 identifier, u32 zero, u64 offset, u64 byte count |
/// | 4 | u32 n, the number of sections |
/// | 4 | u32 content version: an older one should be rebuilt |
/// | 8 | u64 checksum of the footer: of the checksum of all from the pieces' to here, the format version and the zero |
/// | 4 | u32 format version: whether this can be read |
/// | 4 | u32 zero |
/// | 8 | magic |
///
/// Numbers are little endian. Pieces are counted from the beginning of the file, whatever sections they are of, so that
/// every byte is covered, and any piece can be checked by itself. There are as many as the size of the file says
/// (`pieceCount`).
package struct SectionWriter: ~Copyable {
  package static let alignment = 64
  package static let pieceByteCount = 1 << 16
  static let tailByteCount = 32
  static let entryByteCount = 24
  static let checksumByteCount = 8

  /// Nil where the bytes stay in memory.
  private var file: AtomicFile?
  private var memory: [UInt8] = []
  private var writtenByteCount = 0
  private let magic: [UInt8]
  private var piece: [UInt8] = []
  private var pieceChecksums: [UInt8] = []
  private var table: [UInt8] = []
  private var sectionCount: UInt32 = 0
  private var current: (identifier: UInt32, offset: Int)?
  /// Called after each 64 KiB, so that the caller can release what they were made from.
  package var pieceWritten: (() -> Void)?
  /// Bytes of the current section so far.
  package private(set) var sectionByteCount = 0

  /// The file at `path`. `magic` has 8 bytes.
  package init(_ path: FilePath, magic: [UInt8]) throws(Failure) { try self.init(HeldName(path), magic: magic) }

  /// A file in a held directory. `magic` has 8 bytes.
  package init(_ target: HeldName, magic: [UInt8]) throws(Failure) {
    precondition(magic.count == 8)
    file = try AtomicFile(target)
    self.magic = magic
    piece.reserveCapacity(Self.pieceByteCount)
    piece.append(contentsOf: magic)
  }

  /// A file that is no file: its bytes are what `finish` gives. `magic` has 8 bytes.
  package init(inMemory magic: [UInt8]) {
    precondition(magic.count == 8)
    file = nil
    self.magic = magic
    piece.append(contentsOf: magic)
  }

  /// The number of pieces of a file whose pieces and their checksums have `byteCount` bytes together.
  static func pieceCount(of byteCount: Int) -> Int {
    let stride = pieceByteCount + checksumByteCount
    return byteCount / stride + (byteCount % stride > 0 ? 1 : 0)
  }

  private var byteCount: Int { writtenByteCount + piece.count }

  private mutating func emit(_ bytes: [UInt8]) throws(Failure) {
    writtenByteCount += bytes.count
    if file == nil { memory += bytes } else { try file!.write(bytes) }
  }

  /// Ends the current section and begins the next one.
  package mutating func begin(_ identifier: UInt32) throws(Failure) {
    end()
    try pad()
    current = (identifier, byteCount)
    sectionByteCount = 0
  }

  /// Appends to the current section.
  package mutating func append(_ bytes: Span<UInt8>) throws(Failure) {
    precondition(current != nil)
    sectionByteCount += bytes.count
    try write(bytes)
  }
  package mutating func append(_ bytes: [UInt8]) throws(Failure) { try append(bytes.span) }

  /// Writes the footer, makes the file durable and gives it its name. Returns its size in bytes.
  package consuming func commit(formatVersion: UInt32, contentVersion: UInt32) throws(Failure) -> Int {
    try addFooter(formatVersion: formatVersion, contentVersion: contentVersion)
    let byteCount = writtenByteCount
    try file?.commit()
    return byteCount
  }

  /// Ends what stays in memory, and gives its bytes.
  package consuming func finish(formatVersion: UInt32, contentVersion: UInt32) throws(Failure) -> [UInt8] {
    try addFooter(formatVersion: formatVersion, contentVersion: contentVersion)
    return memory
  }

  private mutating func addFooter(formatVersion: UInt32, contentVersion: UInt32) throws(Failure) {
    end()
    try pad()
    if !piece.isEmpty { try flushPiece() }
    var footer = pieceChecksums
    footer.append(contentsOf: table)
    footer.append(littleEndian: sectionCount)
    footer.append(littleEndian: contentVersion)
    let sum = footerChecksum(footer.span, formatVersion: formatVersion)
    footer.append(littleEndian: sum)
    footer.append(littleEndian: formatVersion)
    footer.append(littleEndian: UInt32(0))
    footer.append(contentsOf: magic)
    try emit(footer)
  }

  private mutating func end() {
    guard let (identifier, offset) = current else { return }
    table.append(littleEndian: identifier)
    table.append(littleEndian: UInt32(0))
    table.append(littleEndian: UInt64(offset))
    table.append(littleEndian: UInt64(sectionByteCount))
    sectionCount += 1
    current = nil
  }

  private mutating func write(_ bytes: Span<UInt8>) throws(Failure) {
    var from = 0
    while from < bytes.count {
      let to = min(bytes.count, from + Self.pieceByteCount - piece.count)
      unsafe bytes.extracting(from..<to).withUnsafeBufferPointer { unsafe piece.append(contentsOf: $0) }
      from = to
      if piece.count == Self.pieceByteCount { try flushPiece() }
    }
  }

  private mutating func flushPiece() throws(Failure) {
    pieceChecksums.append(littleEndian: checksum(piece.span))
    try emit(piece)
    piece.removeAll(keepingCapacity: true)
    pieceWritten?()
  }

  private mutating func pad() throws(Failure) {
    let rest = byteCount % Self.alignment
    if rest > 0 { try write([UInt8](repeating: 0, count: Self.alignment - rest).span) }
  }
}

/// The checksum of a footer: of `beginning` (the checksums of the pieces, the table, the number of sections, the
/// content version) and what follows it.
func footerChecksum(_ beginning: Span<UInt8>, formatVersion: UInt32) -> UInt64 {
  var covered: [UInt8] = []
  covered.append(littleEndian: checksum(beginning))
  covered.append(littleEndian: formatVersion)
  covered.append(littleEndian: UInt32(0))
  return checksum(covered.span)
}
