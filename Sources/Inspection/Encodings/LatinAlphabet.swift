import Primitives

/// A language of the Latin script whose letters another encoding than that of Western Europe has. Its letters stand one
/// by one among those of ASCII, so that only a whole alphabet tells: letters that no language of the West has together.
struct LatinAlphabet {
  private var encoding: TextEncoding
  /// All bytes beyond ASCII that stand inside words.
  private var letters: Set<UInt8>
  /// Kinds of letters of which one must be there, each: what the West writes with other letters beside, or not in words
  /// at all.
  private var wanted: [Set<UInt8>]
  /// How many letters of the first kind there must be at least.
  private var count: Int

  private static let all = [
    // Polish: ą ć ę ł ń ó ś ź ż. In the West ł and ą are ³ and ¹, or ³ and ±.
    LatinAlphabet(
      encoding: .windows1250,
      letters: [
        0xB9, 0xE6, 0xEA, 0xB3, 0xF1, 0xF3, 0x9C, 0x9F, 0xBF, 0xA5, 0xC6, 0xCA, 0xA3, 0xD1, 0xD3, 0x8C, 0x8F, 0xAF,
      ],
      wanted: [
        [0xB9, 0xB3, 0x9C, 0x9F, 0xBF], [0xB9, 0x9C, 0x9F, 0x8C, 0x8F, 0xA5, 0xEA, 0xBF], [0xB3, 0xB9, 0xA3],
      ],
      count: 2),
    LatinAlphabet(
      encoding: .iso8859Part2,
      letters: [
        0xB1, 0xE6, 0xEA, 0xB3, 0xF1, 0xF3, 0xB6, 0xBC, 0xBF, 0xA1, 0xC6, 0xCA, 0xA3, 0xD1, 0xD3, 0xA6, 0xAC, 0xAF,
      ],
      wanted: [[0xB1, 0xB3, 0xB6, 0xBC, 0xBF], [0xB1, 0xB6, 0xBC, 0xA6, 0xAC], [0xB3, 0xB1, 0xA3]], count: 2),
    // Czech and Slovak: ř ě ů č ľ ň beside ý š ž. In the West ø ì ù è ¾ ò.
    LatinAlphabet(
      encoding: .windows1250, letters: czech.union([0x9A, 0x9E, 0x9D, 0x8A, 0x8E, 0x8D, 0xBE, 0xBC]),
      wanted: [
        [0xF8, 0xEC, 0xF9, 0xE8, 0xBE, 0xF2], [0x9A, 0x9E, 0x9D, 0x8A, 0x8E, 0x8D, 0xBE], [0xFD, 0xED, 0xE1],
      ],
      count: 2),
    LatinAlphabet(
      encoding: .iso8859Part2, letters: czech.union([0xB9, 0xBE, 0xBB, 0xA9, 0xAE, 0xAB, 0xB5, 0xA5]),
      wanted: [[0xF8, 0xEC, 0xF9, 0xE8, 0xB5, 0xF2], [0xB9, 0xBE, 0xBB], [0xFD, 0xED, 0xE1]], count: 2),
    // Hungarian: ő ű beside ö ü and á é. In the West õ û, which stand beside other letters there.
    LatinAlphabet(
      encoding: .windows1250,
      letters: [
        0xE1, 0xE9, 0xED, 0xF3, 0xF6, 0xF5, 0xFA, 0xFC, 0xFB, 0xC1, 0xC9, 0xCD, 0xD3, 0xD6, 0xD5, 0xDA, 0xDC, 0xDB,
      ],
      wanted: [[0xF5, 0xFB, 0xD5, 0xDB], [0xF6, 0xFC, 0xD6, 0xDC], [0xE1, 0xE9]], count: 1),
    // Turkish: ğ ı ş beside ç ü ö. In the West ð ý þ, which are Icelandic, where those are not.
    LatinAlphabet(
      encoding: .windows1254,
      letters: [
        0xE7, 0xF0, 0xFD, 0xF6, 0xFE, 0xFC, 0xC7, 0xD0, 0xDD, 0xD6, 0xDE, 0xDC, 0xE2, 0xEE, 0xFB, 0xC2,
      ],
      wanted: [[0xFD, 0xFE, 0xF0, 0xDD, 0xDE], [0xF0, 0xFE, 0xDE, 0xD0], [0xFC, 0xE7, 0xDC, 0xC7]], count: 2),
  ]

  private static let czech: Set<UInt8> = [
    0xE1, 0xE8, 0xEF, 0xE9, 0xEC, 0xED, 0xF2, 0xF3, 0xF8, 0xFA, 0xF9, 0xFD, 0xE4, 0xF4, 0xE5, 0xE0, 0xC1, 0xC8, 0xCF,
    0xC9, 0xCC, 0xCD, 0xD2, 0xD3, 0xD8, 0xDA, 0xD9, 0xDD, 0xC4, 0xD4,
  ]

  /// The encoding of a text, where its words are of one of these alphabets for certain; `counts` says how often each
  /// byte occurs.
  static func encoding(of bytes: Span<UInt8>, from start: Int, _ counts: [Int]) -> TextEncoding? {
    // What stands beside a letter of ASCII is a letter; signs for quotes, dashes and the like stand elsewhere or
    // behind.
    var inWords = [Int](repeating: 0, count: 256)
    for i in start..<bytes.count where bytes[i] >= 0x80 {
      let isBehind = i > 0 && isLetter(bytes[i - 1])
      let isBefore = i + 1 < bytes.count && isLetter(bytes[i + 1])
      if isBefore || isBehind && bytes[i] >= 0xC0 || isBehind && i + 1 < bytes.count && bytes[i + 1] >= 0x80 {
        inWords[Int(bytes[i])] += 1
      }
    }
    let present = (0x80...0xFF).filter { inWords[$0] > 0 }
    if present.count < 3 { return nil }
    for alphabet in all {
      guard present.allSatisfy({ alphabet.letters.contains(UInt8($0)) }) else { continue }
      let isWhole = alphabet.wanted.allSatisfy { kind in kind.contains { inWords[Int($0)] > 0 } }
      guard isWhole, alphabet.wanted[0].reduce(0, { $0 + inWords[Int($1)] }) >= alphabet.count else { continue }
      // Signs have to mean something as well.
      let isAllKnown = (0x80...0xFF).allSatisfy {
        counts[$0] == 0 || TextDecoder.scalar(UInt8($0), in: alphabet.encoding) != nil
      }
      if isAllKnown { return alphabet.encoding }
    }
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { byte.isASCIILetter }
}
