package import Primitives

/// A file of sections, mapped: what `SectionWriter` wrote. Opening it reads its footer alone. Thread-safe.
package final class SectionFile: Sendable {
  package struct Section: Hashable, Sendable {
    package var identifier: UInt32
    package var range: Range<Int>
    var checksum: UInt64
  }

  private let file: MappedFile
  private let magic: [UInt8]
  package let sections: [Section]
  package let formatVersion: UInt32
  /// The version of what the writer put in; an older one than the program's should be rebuilt.
  package let contentVersion: UInt32
  /// The checksum of the footer, which covers those of all sections: two files with the same one have the same content.
  package let checksum: UInt64
  package var path: FilePath { file.path }
  package var byteCount: Int { file.byteCount }
  /// False where the file was read whole.
  package var isMapped: Bool { file.isMapped }

  /// Throws `.damaged` when the file is too short or its footer's checksum is wrong, `.wrongFormat` when it does not
  /// end in `magic`, `.unsupportedVersion` when its format is not one of `versions`.
  ///
  /// - Parameter readsWholeUpTo: a file of no more bytes is read instead of mapped.
  package init(
    _ path: FilePath, magic: [UInt8], versions: ClosedRange<UInt32>, readsWholeUpTo wholeByteCount: Int = 0
  ) throws(Failure) {
    let file = try MappedFile(path, readsWholeUpTo: wholeByteCount)
    self.file = file
    self.magic = magic
    let bytes = file.bytes
    let count = bytes.count
    guard count >= magic.count + SectionWriter.tailByteCount else {
      throw Failure(.damaged, "it is too short (\(count) bytes): it was cut off; build the index again", path: path)
    }
    var found: [UInt8] = []
    for i in (count - 8)..<count { found.append(bytes[i]) }
    guard found == magic else {
      throw Failure(
        .wrongFormat, "it is not a file of this kind, or its end is missing; build the index again", path: path)
    }
    var reader = ByteReader(bytes, at: count - SectionWriter.tailByteCount)
    let sectionCount = Int(try reader.read(UInt32.self))
    let contentVersion: UInt32 = try reader.read()
    let sum: UInt64 = try reader.read()
    let format: UInt32 = try reader.read()
    let zero: UInt32 = try reader.read()
    guard versions.contains(format) else {
      let advice = format > versions.upperBound ? "a newer Cairn wrote it: use that one" : "an older Cairn wrote it"
      throw Failure(
        .unsupportedVersion,
        "its format is version \(format), not \(versions.upperBound); \(advice), or build the index again",
        path: path)
    }
    let damaged = Failure(.damaged, "its list of sections is damaged; build the index again", path: path)
    let tableByteCount = sectionCount * SectionWriter.entryByteCount
    let tableOffset = count - SectionWriter.tailByteCount - tableByteCount
    guard zero == 0, tableOffset >= magic.count else { throw damaged }
    reader = ByteReader(bytes, at: tableOffset)
    let beginning = try reader.readBytes(tableByteCount + 8)
    guard footerChecksum(beginning, formatVersion: format) == sum else { throw damaged }

    var sections: [Section] = []
    reader = ByteReader(bytes, at: tableOffset)
    for _ in 0..<sectionCount {
      let identifier: UInt32 = try reader.read()
      _ = try reader.read(UInt32.self)
      let offset: UInt64 = try reader.read()
      let byteCount: UInt64 = try reader.read()
      let sum: UInt64 = try reader.read()
      guard offset <= UInt64(tableOffset), byteCount <= UInt64(tableOffset) - offset else { throw damaged }
      sections.append(Section(identifier: identifier, range: Int(offset)..<Int(offset + byteCount), checksum: sum))
    }
    self.sections = sections
    formatVersion = format
    self.contentVersion = contentVersion
    checksum = sum
  }

  /// The format version that the file at `path` says it has; nothing where it does not end in `magic`.
  package static func formatVersion(of path: FilePath, magic: [UInt8]) throws(Failure) -> UInt32? {
    let file = try MappedFile(path)
    let bytes = file.bytes
    let count = bytes.count
    guard count >= magic.count + SectionWriter.tailByteCount, bytes.extracting(last: magic.count).elementsEqual(magic)
    else { return nil }
    var reader = ByteReader(bytes, at: count - magic.count - 8)
    return try reader.read()
  }

  /// The place of a section in the file, or nothing where it has no such section.
  package func range(of identifier: UInt32) -> Range<Int>? {
    sections.first { $0.identifier == identifier }?.range
  }

  /// The bytes of `range`, which must lie in the file.
  @_lifetime(borrow self)
  package func bytes(in range: Range<Int>) -> Span<UInt8> {
    let file = file
    let map = unsafe file.bytes.withUnsafeBufferPointer { unsafe $0 }
    let span = unsafe Span(_unsafeElements: map).extracting(range)
    // The map lives as long as this object does.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Lets go of all pages of the map that are in memory; reading brings them back.
  package func releasePages() { file.releasePages(in: 0..<byteCount) }

  /// Checks one section's checksum; reads all of it, and keeps only a few of its pages in memory.
  package func verify(_ section: Section) throws(Failure) {
    let window = 64 * SectionWriter.pieceByteCount
    var sums: [UInt8] = []
    var from = section.range.lowerBound
    while from < section.range.upperBound {
      let range = from..<min(section.range.upperBound, from + window)
      appendPieceChecksums(of: bytes(in: range), to: &sums)
      file.releasePages(in: range)
      from = range.upperBound
    }
    let sum = Primitives.checksum(sums.span)
    guard sum == section.checksum else {
      throw Failure(
        .damaged, "the checksum of its section \(section.identifier) is wrong; build the index again", path: path)
    }
  }

  /// Reads the whole file: every checksum, the first magic, and the zeros between the sections.
  package func verify() throws(Failure) {
    for section in sections { try verify(section) }
    let bytes = bytes(in: 0..<byteCount)
    let end = byteCount - SectionWriter.tailByteCount - sections.count * SectionWriter.entryByteCount
    var position = magic.count
    var isClean = bytes.extracting(first: position).elementsEqual(magic)
    for section in sections + [Section(identifier: 0, range: end..<end, checksum: 0)] {
      guard section.range.lowerBound >= position else {
        throw Failure(.damaged, "its sections overlap; build the index again", path: path)
      }
      for i in position..<section.range.lowerBound where bytes[i] != 0 { isClean = false }
      position = section.range.upperBound
    }
    guard isClean else {
      throw Failure(.damaged, "a byte between its sections is damaged; build the index again", path: path)
    }
  }
}

extension Span<UInt8> {
  func elementsEqual(_ other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    for i in other.indices where self[i] != other[i] { return false }
    return true
  }
}
