import Primitives

/// Where grapheme clusters end, by the rules of Unicode's annex 29 and the reference's knowledge of scalars.
enum GraphemeClusters {
  /// The low four bits of a scalar's value in `unicodeClusterData`; the letters are the annex's.
  private enum Kind: UInt8 {
    case other, control, extend, joiner, spacingMark, prepend, leading, vowel, trailing, syllable, closedSyllable
    case carriageReturn, lineFeed, regionalIndicator
  }
  private static let isPictograph: UInt8 = 1 << 4
  private static let isConsonant: UInt8 = 1 << 5
  private static let isLinker: UInt8 = 1 << 6
  private static let isConjunctExtend: UInt8 = 1 << 7

  private static let table: ScalarTable<UInt8> = {
    var data = PackedNumbers(unicodeClusterData)
    return ScalarTable(data.nextRuns().map { UInt8($0) })
  }()

  private static func kind(_ scalar: UInt32, _ value: UInt8) -> Kind {
    switch scalar {
    case 0x0A: .lineFeed
    case 0x0D: .carriageReturn
    case 0xAC00...0xD7A3: (scalar - 0xAC00) % 28 == 0 ? .syllable : .closedSyllable
    case 0x1F1E6...0x1F1FF: .regionalIndicator
    default: Kind(rawValue: value & 15) ?? .other
    }
  }

  /// The end of the cluster that begins at `start`, at most `limit`.
  static func end(in text: Span<UInt8>, from start: Int, to limit: Int) -> Int {
    let (first, length) = text.scalar(at: start)
    var value = table[first]
    var before = kind(first, value)
    var position = start + length
    var indicators = before == .regionalIndicator ? 1 : 0
    // A pictograph and what extends it, then a joiner; a consonant, a linker among what extends it.
    var pictograph = value & isPictograph != 0 ? 1 : 0
    var conjunct = value & isConsonant != 0 ? 1 : 0
    while position < limit {
      let (scalar, length) = text.scalar(at: position)
      value = table[scalar]
      let next = kind(scalar, value)
      let isJoined =
        joins(before, next) || (pictograph == 2 && value & isPictograph != 0)
        || (conjunct == 2 && value & isConsonant != 0)
        || (before == .regionalIndicator && next == .regionalIndicator && indicators % 2 == 1)
      if !isJoined { break }
      indicators = next == .regionalIndicator ? indicators + 1 : 0
      if value & isPictograph != 0 {
        pictograph = 1
      } else if pictograph == 1, next == .joiner {
        pictograph = 2
      } else if next != .extend || pictograph == 2 {
        pictograph = 0
      }
      if value & isConsonant != 0 {
        conjunct = 1
      } else if conjunct > 0, value & isLinker != 0 {
        conjunct = 2
      } else if value & isConjunctExtend == 0 {
        conjunct = 0
      }
      before = next
      position += length
    }
    return position
  }

  /// The rules that look at two scalars only.
  private static func joins(_ a: Kind, _ b: Kind) -> Bool {
    switch (a, b) {
    case (.carriageReturn, .lineFeed): true
    case (.control, _), (.carriageReturn, _), (.lineFeed, _): false
    case (_, .control), (_, .carriageReturn), (_, .lineFeed): false
    case (.leading, .leading), (.leading, .vowel), (.leading, .syllable), (.leading, .closedSyllable): true
    case (.syllable, .vowel), (.syllable, .trailing), (.vowel, .vowel), (.vowel, .trailing): true
    case (.closedSyllable, .trailing), (.trailing, .trailing): true
    case (_, .extend), (_, .joiner), (_, .spacingMark), (.prepend, _): true
    default: false
    }
  }
}
