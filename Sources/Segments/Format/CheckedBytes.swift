import Disk

/// A section of which a reader reads parts: each part is checked before it is read for the first time, at coarse places
/// (a block of strings, a posting list, a block of rows), never for each number.
struct CheckedBytes: ~Escapable {
  let bytes: Span<UInt8>
  private let file: SectionFile
  private let start: Int

  /// - Parameter start: where `bytes` begin in `file`.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, of file: SectionFile, at start: Int) {
    self.bytes = bytes
    self.file = file
    self.start = start
  }

  var count: Int { bytes.count }

  /// To be called before the bytes of `range` are read; what lies outside of the section is left out.
  func check(_ range: Range<Int>) {
    let inside = range.clamped(to: 0..<bytes.count)
    file.check(start + inside.lowerBound..<start + inside.upperBound)
  }

  /// Says that what is there makes no sense, although it is what was written.
  func reportContradiction() { file.reportContradiction() }

  /// The part of `range` that lies inside, checked.
  @_lifetime(copy self)
  func checked(_ range: Range<Int>) -> Span<UInt8> {
    check(range)
    return bytes.clamped(range)
  }
}
