import Primitives

/// Scalars in the one form that all spellings of a text share: compatibility forms replaced, small letters, marks apart
/// and in canonical order, syllables of Hangul composed. What is canonically equivalent becomes the same scalars.
///
/// The method is Unicode's NFKC_Casefold (annex 15 and The Unicode Standard, 3.13) but for composition, and for the
/// second dot that it gives to the small form of `İ`.
struct FoldedScalars {
  private(set) var scalars: [UInt32] = []
  /// Of each scalar, its kind in `FoldingTable`; capitals are known as such though they are small now.
  private(set) var kinds: [UInt8] = []
  /// Marks behind one letter beyond these are left out: text that is drawn with them is not read.
  static let markLimit = 8
  private var marks = 0
  /// Whether a plain spelling differs.
  private(set) var hasPlain = false
  private let table = FoldingTable.shared

  var count: Int { scalars.count }

  mutating func removeAll() {
    scalars.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    marks = 0
    hasPlain = false
  }

  /// Appends what `scalar`, whose traits are given, stands for.
  mutating func append(_ scalar: UInt32, _ traits: FoldingTable.Traits) {
    if scalar < 0x80 {
      let isCapital = scalar &- 0x41 < 26
      add(isCapital ? scalar | 0x20 : scalar, kind: traits.kind)
      return
    }
    var kind = traits.kind
    let table = table
    table.forEachFolded(scalar, traits) { folded in
      let own = table[folded]
      if own.kind == FoldingTable.Kind.mark {
        addMark(folded, own)
      } else {
        if !table.plain(folded).isEmpty { hasPlain = true }
        add(folded, kind: kind)
        if kind == FoldingTable.Kind.upper { kind = FoldingTable.Kind.lower }
      }
    }
  }

  private mutating func add(_ scalar: UInt32, kind: UInt8) {
    if marks == 0, let last = scalars.last, let syllable = Self.syllable(last, scalar) {
      scalars[scalars.count - 1] = syllable
      return
    }
    scalars.append(scalar)
    kinds.append(kind)
    marks = 0
  }

  private mutating func addMark(_ mark: UInt32, _ traits: FoldingTable.Traits) {
    // The dot that a small i has anyway: `İ` is `i` with another dot by Unicode's data, and `i` to all who write it.
    if mark == 0x307, marks < scalars.count, scalars[scalars.count - marks - 1] == 0x69 { return }
    if marks >= Self.markLimit { return }
    if traits.isLeftOutOfPlain { hasPlain = true }
    // Marks of different classes stand in the order of these, whatever order they were written in.
    var index = scalars.count
    let end = index - marks
    let order = traits.combiningClass
    while order > 0, index > end, table[scalars[index - 1]].combiningClass > order { index -= 1 }
    scalars.insert(mark, at: index)
    kinds.append(FoldingTable.Kind.mark)
    marks += 1
  }

  /// The syllable of Hangul that two letters, or an open syllable and a letter, are.
  private static func syllable(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if second &- 0x1161 < 21, first &- 0x1100 < 19 { return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28 }
    if second &- 0x11A8 < 27, first &- 0xAC00 < 11_172, (first - 0xAC00) % 28 == 0 { return first + second - 0x11A7 }
    return nil
  }

  /// Appends the UTF-8 of the scalars of `range` in their plain spelling: without marks, and with the letters of every
  /// keyboard.
  func appendPlain(_ range: Range<Int>, to bytes: inout [UInt8]) {
    var base: UInt32 = 0
    for scalar in scalars[range] {
      if scalar < 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: scalar))
        base = scalar
        continue
      }
      let traits = table[scalar]
      if traits.kind == FoldingTable.Kind.mark {
        if traits.isLeftOutOfPlain, !FoldingTable.isOwnLetter(base, mark: scalar) { continue }
        bytes.append(scalar: scalar)
        continue
      }
      base = scalar
      let plain = table.plain(scalar)
      if plain.isEmpty { bytes.append(scalar: scalar) } else { for letter in plain { bytes.append(scalar: letter) } }
    }
  }
}

/// Texts in the form in which spellings are compared.
package enum FoldedText {
  /// `text` in the form that all its spellings share: whatever case, composed or not, of full or half width; what is
  /// ignored in words is left out, and every space is U+0020. Bytes that are no UTF-8 stay. ASCII costs a nanosecond a
  /// byte.
  package static func folded(_ text: Span<UInt8>) -> [UInt8] { folded(text, isPlain: false) }

  /// The same in its plain spelling: without the marks of Latin, Greek and Cyrillic, of Hebrew and Arabic, and with the
  /// letters of every keyboard.
  package static func plain(_ text: Span<UInt8>) -> [UInt8] { folded(text, isPlain: true) }

  private static func folded(_ text: Span<UInt8>, isPlain: Bool) -> [UInt8] {
    var all: UInt8 = 0
    for i in text.indices { all |= text[i] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    if all < 0x80 {
      // The table, which takes longer to be made than a short search does, is for other letters.
      for i in text.indices { bytes.append(text[i] &- UInt8(ascii: "A") < 26 ? text[i] | 0x20 : text[i]) }
      return bytes
    }
    var run = FoldedScalars()
    var offset = 0
    while offset < text.count {
      let byte = text[offset]
      let isFollowedByASCII = offset + 1 == text.count || text[offset + 1] < 0x80
      if byte < 0x80, isFollowedByASCII {
        bytes.append(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte)
        offset += 1
        continue
      }
      // A letter with what follows it up to the next of ASCII that stands alone.
      run.removeAll()
      while offset < text.count, let (scalar, count) = text.scalar(validatedAt: offset) {
        if scalar < 0x80, run.count > 0, offset + 1 == text.count || text[offset + 1] < 0x80 { break }
        let traits = FoldingTable.shared[scalar]
        if traits.kind != FoldingTable.Kind.ignored { run.append(scalar, traits) }
        offset += count
        if run.count > 512 { break }
      }
      if isPlain {
        run.appendPlain(0..<run.count, to: &bytes)
      } else {
        for scalar in run.scalars { bytes.append(scalar: scalar) }
      }
      if offset < text.count, text[offset] >= 0x80, text.scalar(validatedAt: offset) == nil {
        bytes.append(text[offset])
        offset += 1
      }
    }
    return bytes
  }

  /// The same of a string.
  package static func folded(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return String(decoding: folded(bytes.span), as: UTF8.self)
  }
}
