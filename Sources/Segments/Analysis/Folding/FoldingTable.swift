import Primitives

/// What folding knows of each Unicode scalar; made by `Scripts/folding-tables`.
///
/// The data is a run of equal traits after the other (traits, length) over all code points, then the number of
/// mappings, then for each its code point (from that of the one before), 4 × the number of scalars of its folded form +
/// the number of those of its plain form, and these scalars, each as the difference from the one before.
struct FoldingTable: Sendable {
  /// What a scalar is to a word.
  enum Kind {
    static let separator: UInt8 = 0
    static let lower: UInt8 = 1
    static let upper: UInt8 = 2
    static let digit: UInt8 = 3
    static let underscore: UInt8 = 4
    /// Belongs to the letter before it.
    static let mark: UInt8 = 5
    /// A letter of a script that is written without spaces between words.
    static let unspaced: UInt8 = 6
    /// Joiners, marks of direction, selectors of variants: as if they were not there.
    static let ignored: UInt8 = 7
  }

  struct Traits {
    fileprivate let bits: UInt32
    var kind: UInt8 { UInt8(truncatingIfNeeded: bits & 7) }
    /// A mark that the plain spelling of a word goes without.
    var isLeftOutOfPlain: Bool { bits & 8 != 0 }
    var combiningClass: UInt8 { UInt8(truncatingIfNeeded: bits >> 4) }
    fileprivate var mapping: Int { Int(bits >> 12) }
  }

  private struct Mapping {
    var start: UInt32
    var foldedCount: UInt8
    var plainCount: UInt8
  }

  /// Decoded when the first text beyond ASCII is met: a fraction of a millisecond.
  static let shared = FoldingTable()

  /// For each 256 code points, where their traits begin.
  private var pages: [UInt32] = []
  private var traits: [UInt32] = []
  /// The first stands for no mapping.
  private var mappings = [Mapping(start: 0, foldedCount: 0, plainCount: 0)]
  private var scalars: [UInt32] = []

  private init() {
    var data = PackedNumbers(foldingData)
    pages.reserveCapacity(0x1100)
    traits.reserveCapacity(1 << 17)
    // Pages within one run are kept once for each value.
    var uniform: [Int: UInt32] = [:]
    var (value, end) = (0, 0)
    for start in stride(from: 0, to: 0x110000, by: 256) {
      if end <= start {
        value = data.next()
        end = start + data.next()
      }
      if end >= start + 256 {
        if let known = uniform[value] {
          pages.append(known)
          continue
        }
        uniform[value] = UInt32(traits.count)
      }
      pages.append(UInt32(traits.count))
      var code = start
      while code < start + 256 {
        if end <= code {
          value = data.next()
          end = code + data.next()
        }
        let next = min(end, start + 256)
        traits.append(contentsOf: repeatElement(UInt32(value), count: next - code))
        code = next
      }
    }
    var code = 0
    var ownPages = Set(uniform.values)
    for _ in 0..<data.next() {
      code += data.next()
      let counts = data.next()
      mappings.append(
        Mapping(start: UInt32(scalars.count), foldedCount: UInt8(counts >> 2), plainCount: UInt8(counts & 3)))
      var scalar = code
      for _ in 0..<((counts >> 2) + (counts & 3)) {
        scalar += data.nextSigned()
        scalars.append(UInt32(scalar))
      }
      let page = code >> 8
      if ownPages.contains(pages[page]) {
        // Shared until now: it gets its own values.
        let shared = Int(pages[page])
        pages[page] = UInt32(traits.count)
        traits.append(contentsOf: Array(traits[shared..<shared + 256]))
      }
      traits[Int(pages[page]) + code & 0xFF] |= UInt32(mappings.count - 1) << 12
    }
    ownPages.removeAll()
  }

  @inline(__always)
  subscript(scalar: UInt32) -> Traits {
    Traits(bits: traits[Int(pages[Int(scalar >> 8)]) &+ Int(scalar & 0xFF)])
  }

  /// Calls `body` with the scalars that `scalar`, whose traits are given, stands for: compatibility forms, small
  /// letters, decomposed.
  @inline(__always)
  func forEachFolded(_ scalar: UInt32, _ traits: Traits, _ body: (UInt32) -> Void) {
    let mapping = mappings[traits.mapping]
    if mapping.foldedCount == 0 { return body(scalar) }
    for i in Int(mapping.start)..<Int(mapping.start) + Int(mapping.foldedCount) { body(scalars[i]) }
  }

  /// The letters that a folded scalar is written as by those who have no key for it; none where it has no other
  /// spelling.
  func plain(_ scalar: UInt32) -> ArraySlice<UInt32> {
    let mapping = mappings[self[scalar].mapping]
    let start = Int(mapping.start) + Int(mapping.foldedCount)
    return scalars[start..<start + Int(mapping.plainCount)]
  }

  /// Whether a mark behind `base` makes a letter of its own, for which nobody writes the base: й, ў, ї.
  static func isOwnLetter(_ base: UInt32, mark: UInt32) -> Bool {
    switch (base, mark) {
    case (0x438, 0x306), (0x443, 0x306), (0x456, 0x308): true
    default: false
    }
  }
}

extension Span<UInt8> {
  /// Whether a byte is beyond ASCII.
  package var holdsScripts: Bool {
    var all: UInt8 = 0
    for i in indices { all |= self[i] }
    return all >= 0x80
  }

  /// The scalar whose UTF-8 begins at `offset` and its length; nil if the bytes are no UTF-8.
  @inline(__always)
  func scalar(validatedAt offset: Int) -> (value: UInt32, byteCount: Int)? {
    let first = UInt32(self[offset])
    if first < 0x80 { return (first, 1) }
    let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, offset &+ count <= self.count else { return nil }
    var value = first & (0x7F >> UInt32(count))
    for i in 1..<count {
      let next = self[offset &+ i]
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    // Overlong forms, surrogates, and what lies beyond Unicode.
    if count == 3 && (value < 0x800 || value >> 11 == 0x1B) || count == 4 && (value < 0x10000 || value > 0x10FFFF) {
      return nil
    }
    return (value, count)
  }
}
