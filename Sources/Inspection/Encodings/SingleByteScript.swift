/// A script of its own in an encoding of one byte for a character: its words are runs of bytes beyond ASCII, and a few
/// letters make most of any text.
struct SingleByteScript {
  private var encoding: TextEncoding
  /// The small letters, or all where there is no case.
  private var letters: ClosedRange<Int>
  /// The ten or so that make two thirds of any text.
  private var usual: [Int]

  private static let all = [
    // о е а и н т с р в л
    SingleByteScript(
      encoding: .windows1251, letters: 0xE0...0xFF,
      usual: [0xEE, 0xE5, 0xE0, 0xE8, 0xED, 0xF2, 0xF1, 0xF0, 0xE2, 0xEB]),
    SingleByteScript(
      encoding: .koi8R, letters: 0xC0...0xDF,
      usual: [0xCF, 0xC5, 0xC1, 0xC9, 0xCE, 0xD4, 0xD3, 0xD2, 0xD7, 0xCC]),
    // α ο ι ε τ σ ν η ρ ς
    SingleByteScript(
      encoding: .windows1253, letters: 0xDC...0xFE,
      usual: [0xE1, 0xEF, 0xE9, 0xE5, 0xF4, 0xF3, 0xED, 0xE7, 0xF1, 0xF2]),
    // י ו ה ל א ר ת ש מ ב
    SingleByteScript(
      encoding: .windows1255, letters: 0xE0...0xFA,
      usual: [0xE9, 0xE5, 0xE4, 0xEC, 0xE0, 0xF8, 0xFA, 0xF9, 0xEE, 0xE1]),
    // ا ل ي م و ن ر ت ب ع
    SingleByteScript(
      encoding: .windows1256, letters: 0xC1...0xED,
      usual: [0xC7, 0xE1, 0xED, 0xE3, 0xE6, 0xE4, 0xD1, 0xCA, 0xC8, 0xDA]),
  ]

  /// The encoding of a text of `all` bytes beyond ASCII, each as often as `counts` says: the one most of whose usual
  /// letters are among them, where that is enough and no byte is left that means nothing.
  ///
  /// - Parameter isCertain: whether half of the letters must be among the usual ones, or letters of the script of which
  ///   a quarter are, as in a few words, will do.
  static func encoding(_ counts: [Int], _ all: Int, isCertain: Bool) -> TextEncoding? {
    var best: (encoding: TextEncoding, usual: Int)?
    for script in Self.all {
      let usual = script.usual.reduce(0) { $0 + counts[$1] }
      let letters = script.letters.reduce(0) { $0 + counts[$1] }
      let isLikely = isCertain ? usual * 2 >= all : usual * 4 >= all && letters * 4 >= all * 3
      let isAllKnown = (0x80...0xFF).allSatisfy {
        counts[$0] == 0 || TextDecoder.scalar(UInt8($0), in: script.encoding) != nil
      }
      // A few words are Cyrillic unless nearly all of their letters are usual ones of another script.
      let isCyrillic = script.encoding == .windows1251 || script.encoding == .koi8R
      let isEnough = isCyrillic || isCertain && (all >= 16 || usual * 3 >= all * 2)
      if isLikely, isAllKnown, isEnough, usual > (best?.usual ?? 0) { best = (script.encoding, usual) }
    }
    // In one of the two that have the letters of Greek, an alpha with its accent is a sign of the other.
    if best?.encoding == .windows1253, counts[0xB6] > 0, counts[0xA2] == 0 { return .iso8859Part7 }
    return best?.encoding
  }
}
