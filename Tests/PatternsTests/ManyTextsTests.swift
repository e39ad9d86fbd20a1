import Patterns
import Primitives
import TestSupport
import Testing

/// Patterns of very many texts, which are looked up and not tried one after the other.
@Suite struct ManyTextsTests {
  private static let letters = ["a", "b", "A", "_", "é", "-", " ", "日"]

  private func word(_ random: inout SeededRandom, upTo length: Int) -> String {
    (0..<(1 + random.next(upTo: length))).map { _ in Self.letters[random.next(upTo: Self.letters.count)] }.joined()
  }

  /// What a reader finds who goes from place to place and tries the texts in their order.
  private func reference(
    _ texts: [String], in line: String, folds: Bool, _ boundary: Pattern.Boundary
  ) -> [Range<Int>] {
    func folded(_ text: String) -> [UInt8] { folds ? Array(text.utf8).asciiLowercased : Array(text.utf8) }
    let (wanted, bytes) = (texts.map(folded), folded(line))
    // Where each character begins, and whether it is of a word.
    var isOfWord: [Int: Bool] = [:]
    var offset = 0
    for scalar in line.unicodeScalars {
      isOfWord[offset] = scalar == "_" || scalar.properties.isAlphabetic
      offset += UTF8.width(scalar)
    }
    func isWord(before position: Int) -> Bool {
      isOfWord.keys.filter { $0 < position }.max().flatMap { isOfWord[$0] } ?? false
    }
    func mayBe(_ range: Range<Int>) -> Bool {
      switch boundary {
      case .none: true
      case .line: range == 0..<bytes.count
      case .word: !isWord(before: range.lowerBound) && !(isOfWord[range.upperBound] ?? false)
      }
    }
    var found: [Range<Int>] = []
    var position = 0
    while position < bytes.count {
      let match = wanted.first { bytes[position...].starts(with: $0) && mayBe(position..<(position + $0.count)) }
      if let match { found.append(position..<(position + match.count)) }
      position += match?.count ?? 1
    }
    return found
  }

  @Test(arguments: [Pattern.Boundary.none, .word, .line])
  func `the leftmost is found, and of several there the first that was given`(boundary: Pattern.Boundary) throws {
    var random = SeededRandom(seed: 17)
    for round in 0..<300 {
      let texts = (0..<(17 + random.next(upTo: 60))).map { _ in word(&random, upTo: 4) }
      var pattern = Pattern(texts.map { Array($0.utf8) })
      pattern.isFixed = true
      pattern.boundary = boundary
      let folds = round % 3 == 0
      if folds { pattern.caseFolding = .ignored }
      let matcher = LineMatcher(try CompiledPattern(pattern))
      for _ in 0..<20 {
        // Beyond ASCII other letters match too where case does not count.
        let line = folds ? word(&random, upTo: 12).filter(\.isASCII) : word(&random, upTo: 12)
        let expected = reference(texts, in: line, folds: folds, boundary)
        #expect(matcher.matches(in: Array(line.utf8).span) == expected, "\(texts) in \(line)")
      }
    }
  }

  @Test func `twenty thousand texts are compiled and found at once, as whole words too`() throws {
    let texts = (0..<20_000).map { "name_\($0)" }
    for boundary in [Pattern.Boundary.none, .word, .line] {
      var pattern = Pattern(texts.map { Array($0.utf8) })
      pattern.isFixed = true
      pattern.boundary = boundary
      let began = ContinuousClock.now
      let matcher = LineMatcher(try CompiledPattern(pattern))
      let text = String(repeating: "some name_19999x of name_12 and other text\n", count: 5_000) + "name_19999\n"
      var count = 0
      #expect(
        matcher.forEachMatchedLine(in: Array(text.utf8).span) { _ in
          count += 1
          return true
        })
      #expect(count == (boundary == .line ? 1 : 5_001))
      #expect(began.duration(to: .now) < .seconds(10))
    }
  }
}
