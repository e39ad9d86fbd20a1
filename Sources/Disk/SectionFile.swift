package import Primitives
import Synchronization

/// A file of sections, mapped: what `SectionWriter` wrote. Opening it reads its footer alone. Thread-safe.
///
/// Each piece of 64 KiB is checked before it is read for the first time: a reader calls `check` for its bytes
/// first. A piece that is not as it was written, and a file that is cut while it is read, set `damage`; reading goes
/// on, and what was read is to be thrown away.
package final class SectionFile: Sendable {
  package struct Section: Hashable, Sendable {
    package var identifier: UInt32
    package var range: Range<Int>
  }

  /// Called with the bytes that are about to be read for the first time.
  package typealias Watcher = @Sendable (Range<Int>) -> Void

  private let file: MappedFile
  private let magic: [UInt8]
  package let sections: [Section]
  package let formatVersion: UInt32
  /// The version of what the writer put in; an older one than the program's should be rebuilt.
  package let contentVersion: UInt32
  /// The checksum of the footer, which covers those of all pieces: two files with the same one have the same content.
  package let checksum: UInt64
  /// Where the checksums of the pieces are: the pieces are the bytes before.
  private let checksumsStart: Int
  private let states: PieceStates
  private let watcher: Watcher?
  private let found = Mutex<Failure?>(nil)
  private let isDamaged = Atomic<Bool>(false)

  package var path: FilePath { file.path }
  package var byteCount: Int { file.byteCount }
  /// False if the file was read whole.
  package var isMapped: Bool { file.isMapped }

  /// Throws `.damaged` when the file is too short or its footer's checksum is wrong, `.wrongFormat` when it does not
  /// end in `magic`, `.unsupportedVersion` when its format is not one of `versions`. A file that is read whole is
  /// checked whole.
  ///
  /// - Parameter readsWholeUpTo: a file of no more bytes is read instead of mapped.
  package convenience init(
    _ path: FilePath, magic: [UInt8], versions: ClosedRange<UInt32>, readsWholeUpTo wholeByteCount: Int = 0
  ) throws(Failure) {
    try self.init(
      MappedFile(path, readsWholeUpTo: wholeByteCount), magic: magic, versions: versions, watcher: nil)
  }

  /// - Parameter watcher: only a test watches what is read.
  package init(
    _ file: MappedFile, magic: [UInt8], versions: ClosedRange<UInt32>, watcher: Watcher?
  ) throws(Failure) {
    let footer: Footer
    do {
      footer = try Footer(of: file, magic: magic, versions: versions, watcher)
    } catch {
      try file.checkWhole()
      throw error
    }
    self.file = file
    self.magic = magic
    self.watcher = watcher
    sections = footer.sections
    formatVersion = footer.formatVersion
    contentVersion = footer.contentVersion
    checksum = footer.checksum
    checksumsStart = footer.checksumsStart
    states = PieceStates(count: footer.pieceCount)
    if !file.isMapped { try verify() }
  }

  /// The format version that `file` says it has; nil if it does not end in `magic`.
  package static func formatVersion(of file: HeldName, magic: [UInt8]) throws(Failure) -> UInt32? {
    try formatVersion(of: MappedFile(file), magic: magic)
  }

  /// The same of the file at `path`.
  package static func formatVersion(of path: FilePath, magic: [UInt8]) throws(Failure) -> UInt32? {
    try formatVersion(of: MappedFile(path), magic: magic)
  }

  private static func formatVersion(of file: MappedFile, magic: [UInt8]) throws(Failure) -> UInt32? {
    let bytes = file.bytes
    let count = bytes.count
    guard count >= magic.count + SectionWriter.tailByteCount, bytes.extracting(last: magic.count).isEqual(to: magic)
    else { return nil }
    var reader = ByteReader(bytes, at: count - magic.count - 8)
    return try reader.read()
  }

  /// The place of a section in the file, or nil if it has no such section.
  package func range(of identifier: UInt32) -> Range<Int>? {
    sections.first { $0.identifier == identifier }?.range
  }

  /// The bytes of `range`, which must lie in the file. They are to be checked before they are read.
  @_lifetime(borrow self)
  package func bytes(in range: Range<Int>) -> Span<UInt8> {
    let file = file
    let map = unsafe file.bytes.withUnsafeBufferPointer { unsafe $0 }
    let span = unsafe Span(_unsafeElements: map).extracting(range)
    // The map lives as long as this object does.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Releases all pages of the map that are in memory (madvise); reading brings them back. They are not checked again.
  package func releasePages() { file.releasePages(in: 0..<byteCount) }

  // MARK: Checking

  /// The first damage that was found, or nil. To be checked after reading: what was read of a damaged file is worth
  /// nothing.
  package var damage: Failure? {
    if isDamaged.load(ordering: .acquiring) { return found.withLock { $0 } }
    return file.isCut ? file.cutFailure : nil
  }

  /// Checks the pieces that hold `range`, which must lie in a section, those that were not checked before: to be called
  /// before these bytes are read. Sets `damage` where they are not what was written. Some nanoseconds for what is
  /// known, 10 microseconds for a piece that is not.
  package func check(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<checksumsStart)
    if range.isEmpty { return }
    for piece in range.lowerBound / SectionWriter.pieceByteCount...(range.upperBound - 1) / SectionWriter.pieceByteCount
    where !states.isKnown(piece) { check(piece: piece) }
  }

  /// Whether `range`, which must lie in a section, is what was written: for a section that a reader can do without.
  /// Leaves `damage` as it is, and a piece that is damaged unknown, so that `check` finds it where it matters.
  package func isSound(_ range: Range<Int>) -> Bool {
    let range = range.clamped(to: 0..<checksumsStart)
    if range.isEmpty { return damage == nil }
    for piece in range.lowerBound / SectionWriter.pieceByteCount...(range.upperBound - 1) / SectionWriter.pieceByteCount
    where !states.isKnown(piece) {
      let bytes = self.range(ofPiece: piece)
      watcher?(bytes)
      guard Primitives.checksum(self.bytes(in: bytes)) == expectedChecksum(ofPiece: piece), !file.isCut else {
        return false
      }
      states.setKnown(piece)
    }
    // A piece that is known may have been found damaged.
    return damage == nil
  }

  private func expectedChecksum(ofPiece piece: Int) -> UInt64 {
    let offset = checksumsStart + SectionWriter.checksumByteCount * piece
    let bytes = bytes(in: offset..<offset + SectionWriter.checksumByteCount)
    var sum: UInt64 = 0
    for i in bytes.indices { sum |= UInt64(bytes[i]) << UInt64(8 * i) }
    return sum
  }

  private func range(ofPiece piece: Int) -> Range<Int> {
    let start = piece * SectionWriter.pieceByteCount
    return start..<min(checksumsStart, start + SectionWriter.pieceByteCount)
  }

  /// Returns whether the piece is what was written.
  @inline(never)
  @discardableResult
  private func check(piece: Int) -> Bool {
    let range = range(ofPiece: piece)
    watcher?(range)
    let isSound = Primitives.checksum(bytes(in: range)) == expectedChecksum(ofPiece: piece)
    // Zeros that stand in for what was cut off may be what was written; still this is no more the file.
    if file.isCut {
      setDamage(file.cutFailure)
      return false
    }
    if !isSound { setDamage(failure(ofPiece: range)) }
    // A piece that is damaged was reported: no use in checking it a second time.
    states.setKnown(piece)
    return isSound
  }

  private func failure(ofPiece range: Range<Int>) -> Failure {
    let section = sections.first { $0.range.overlaps(range) }.map { " of its section \($0.identifier)" } ?? ""
    return Failure(
      .damaged,
      "a checksum\(section) is wrong (bytes \(range.lowerBound) to \(range.upperBound))",
      path: path, remedy: .index)
  }

  /// Sets `damage`: what was read makes no sense, although its checksums are right.
  package func reportContradiction() {
    setDamage(Failure(.damaged, "its parts contradict each other", path: path, remedy: .index))
  }

  private func setDamage(_ failure: Failure) {
    found.withLock { if $0 == nil { $0 = failure } }
    isDamaged.store(true, ordering: .releasing)
  }

  /// Reads the whole file: every checksum, the first magic, and the zeros between the sections. Keeps only a few of its
  /// pages in memory. Throws `.cancelled` at the next piece after a cancellation.
  package func verify(_ cancellation: Cancellation = Cancellation()) throws(Failure) {
    let piecesBetweenReleases = 64
    for piece in 0..<states.count {
      try cancellation.check()
      guard check(piece: piece) else { throw damage ?? failure(ofPiece: range(ofPiece: piece)) }
      if piece % piecesBetweenReleases == piecesBetweenReleases - 1 || piece == states.count - 1 {
        let first = piece - piece % piecesBetweenReleases
        file.releasePages(in: range(ofPiece: first).lowerBound..<range(ofPiece: piece).upperBound)
      }
    }
    let bytes = bytes(in: 0..<byteCount)
    var position = magic.count
    var isClean = bytes.extracting(first: position).isEqual(to: magic)
    for section in sections + [Section(identifier: 0, range: checksumsStart..<checksumsStart)] {
      guard section.range.lowerBound >= position else {
        throw Failure(.damaged, "its sections overlap", path: path, remedy: .index)
      }
      for i in position..<section.range.lowerBound where bytes[i] != 0 { isClean = false }
      position = section.range.upperBound
    }
    if let damage { throw damage }
    guard isClean else {
      throw Failure(.damaged, "a byte between its sections is damaged", path: path, remedy: .index)
    }
  }
}

/// The end of a file of sections.
private struct Footer {
  var sections: [SectionFile.Section] = []
  var formatVersion: UInt32
  var contentVersion: UInt32
  var checksum: UInt64
  var checksumsStart: Int
  var pieceCount: Int

  init(
    of file: MappedFile, magic: [UInt8], versions: ClosedRange<UInt32>, _ watcher: SectionFile.Watcher?
  ) throws(Failure) {
    let path = file.path
    let bytes = file.bytes
    let count = bytes.count
    guard count >= magic.count + SectionWriter.tailByteCount else {
      throw Failure(.damaged, "it is too short (\(count) bytes): it was cut off", path: path, remedy: .index)
    }
    watcher?(count - SectionWriter.tailByteCount..<count)
    guard bytes.extracting(last: magic.count).isEqual(to: magic) else {
      throw Failure(
        .wrongFormat, "it is not a file of this kind, or its end is missing", path: path, remedy: .index)
    }
    var reader = ByteReader(bytes, at: count - SectionWriter.tailByteCount)
    let sectionCount = Int(try reader.read(UInt32.self))
    contentVersion = try reader.read()
    let sum: UInt64 = try reader.read()
    checksum = sum
    formatVersion = try reader.read()
    let zero: UInt32 = try reader.read()
    guard versions.contains(formatVersion) else {
      // With the number that it should have the checksum fits: the number is what is damaged.
      if let covered = Self.covered(byteCount: count, sectionCount: sectionCount, magic: magic)?.range,
        versions.contains(where: { footerChecksum(bytes.extracting(covered), formatVersion: $0) == sum })
      {
        throw Failure(.damaged, "the number of its format is damaged", path: path, remedy: .index)
      }
      let advice =
        formatVersion > versions.upperBound ? "a newer Cairn wrote it: use that one" : "an older Cairn wrote it"
      throw Failure(
        .unsupportedVersion,
        "its format is version \(formatVersion), not \(versions.upperBound); \(advice)",
        path: path, remedy: formatVersion > versions.upperBound ? .rebuild : .index)
    }
    let damaged = Failure(.damaged, "its list of sections is damaged", path: path, remedy: .index)
    guard zero == 0, let layout = Self.covered(byteCount: count, sectionCount: sectionCount, magic: magic) else {
      throw damaged
    }
    let covered = layout.range
    (pieceCount, checksumsStart) = (layout.pieceCount, covered.lowerBound)
    let tableOffset = count - SectionWriter.tailByteCount - sectionCount * SectionWriter.entryByteCount
    watcher?(covered)
    guard footerChecksum(bytes.extracting(covered), formatVersion: formatVersion) == checksum else { throw damaged }

    reader = ByteReader(bytes, at: tableOffset)
    for _ in 0..<sectionCount {
      let identifier: UInt32 = try reader.read()
      _ = try reader.read(UInt32.self)
      let offset: UInt64 = try reader.read()
      let byteCount: UInt64 = try reader.read()
      guard offset <= UInt64(checksumsStart), byteCount <= UInt64(checksumsStart) - offset else { throw damaged }
      sections.append(SectionFile.Section(identifier: identifier, range: Int(offset)..<Int(offset + byteCount)))
    }
  }

  /// What the footer's checksum covers in a file of so many bytes and sections, and how many pieces the file has; nil
  /// if that is not possible.
  private static func covered(
    byteCount: Int, sectionCount: Int, magic: [UInt8]
  ) -> (range: Range<Int>, pieceCount: Int)? {
    let tableOffset = byteCount - SectionWriter.tailByteCount - sectionCount * SectionWriter.entryByteCount
    guard tableOffset >= magic.count else { return nil }
    let pieceCount = SectionWriter.pieceCount(of: tableOffset)
    let start = tableOffset - SectionWriter.checksumByteCount * pieceCount
    guard start >= magic.count, start > (pieceCount - 1) * SectionWriter.pieceByteCount else { return nil }
    return (start..<byteCount - SectionWriter.tailByteCount + 8, pieceCount)
  }
}
