import Inspection
import Primitives
import Segments

/// Texts made from a seed, and the segments of them: what a filter by n-grams must get right is in the bytes alone.
struct GramCorpus {
  var texts: [[UInt8]] = []
  static let dimensions = 8

  /// Words of few letters, so that grams are shared, with all that cuts a gram between them.
  init(seed: UInt64, fileCount: Int, byteCount: ClosedRange<Int>) {
    var random = SeededRandom(seed: seed)
    let letters = Array("abcdeEFgxyz_ 01(\t".utf8)
    let rare: [[UInt8]] = [
      [0x0A], [0x0D, 0x0A], [0x0C], [0x7F], Array("größe".utf8), [0xE9], [0xFF, 0xC0], Array("\u{212A}".utf8),
      Array("#include <".utf8), Array("->next);".utf8), Array("https://".utf8),
    ]
    for _ in 0..<fileCount {
      // A file has its own few letters: lists are sparse and dense.
      let own = (0..<Int.random(in: 2...8, using: &random)).map { _ in letters.randomElement(using: &random)! }
      let count = Int.random(in: byteCount, using: &random)
      var text: [UInt8] = []
      while text.count < count {
        switch Int.random(in: 0..<60, using: &random) {
        case 0: text += rare.randomElement(using: &random)!
        case 1: text.append(UInt8.random(in: 0x20...0x7E, using: &random))
        case 2: text.append(letters.randomElement(using: &random)!)
        default: text.append(own.randomElement(using: &random)!)
        }
      }
      switch Int.random(in: 0..<40, using: &random) {
      case 0: text.append(0)
      case 1: text = [0xFF, 0xFE] + text.flatMap { [$0, 0] }
      default: break
      }
      texts.append(text)
    }
  }

  func file(_ number: Int, withGrams: Bool = true) -> PreparedFile {
    let digits = String(number)
    let text = texts[number]
    var file = PreparedFile(
      path: FilePath("f\(String(repeating: "0", count: 6 - digits.count))\(digits).txt"), language: .plainText,
      contentHash: ContentHash(of: text.span), chunks: [], terms: FileTerms())
    if withGrams { file.grams = FileGrams(of: text.span) }
    return file
  }

  /// The files of `numbers`, ascending, as one segment at `path`.
  func write(
    _ numbers: some Sequence<Int>, to path: FilePath, withGrams: (Int) -> Bool = { _ in true }
  ) throws -> Segment {
    var builder = SegmentBuilder(dimensions: Self.dimensions)
    for number in numbers { _ = builder.add(file(number, withGrams: withGrams(number))) }
    _ = try builder.write(to: path)
    return try Segment(opening: path)
  }

  /// Bytes of some file, in other capitals perhaps.
  func literal(_ random: inout SeededRandom, count: ClosedRange<Int>) -> [UInt8] {
    let text = texts.randomElement(using: &random)!
    let count = min(text.count, Int.random(in: count, using: &random))
    let start = Int.random(in: 0...text.count - count, using: &random)
    return text[start..<start + count].map { byte in
      (byte | 0x20) &- 0x61 < 26 && Bool.random(using: &random) ? byte ^ 0x20 : byte
    }
  }

  func query(_ random: inout SeededRandom, depth: Int = 2) -> GramQuery {
    switch depth == 0 ? 9 : Int.random(in: 0..<10, using: &random) {
    case 0: return [.everything, .nothing].randomElement(using: &random)!
    case 1, 2, 3:
      return .and((0..<Int.random(in: 0...3, using: &random)).map { _ in query(&random, depth: depth - 1) })
    case 4, 5, 6:
      return .or((0..<Int.random(in: 0...3, using: &random)).map { _ in query(&random, depth: depth - 1) })
    default: return .literal(literal(&random, count: 0...9))
    }
  }

  /// Whether `text` is what `query` says: by a search in its bytes.
  static func holds(_ query: GramQuery, _ text: [UInt8]) -> Bool {
    switch query {
    case .everything: return true
    case .nothing: return false
    case .literal(let bytes):
      let wanted = lowered(bytes)
      let text = lowered(text)
      return text.count >= wanted.count
        && (0...text.count - wanted.count).contains { text[$0..<$0 + wanted.count].elementsEqual(wanted) }
    case .and(let parts): return parts.allSatisfy { holds($0, text) }
    case .or(let parts): return parts.contains { holds($0, text) }
    }
  }

  static func lowered(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } }

  /// Whether grams say nothing of a text.
  static func isUnbounded(_ text: [UInt8]) -> Bool { text.contains(0) || text.starts(with: [0xFF, 0xFE]) }
}
