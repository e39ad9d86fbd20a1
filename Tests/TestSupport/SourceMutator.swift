import Primitives

/// Files that a parser was never meant for, from files that it was: each is a function of its seeds and of its number
/// alone.
package struct SourceMutator: Sendable {
  /// Sound files in the language.
  private let seeds: [[UInt8]]
  /// What the language is made of: its keywords and signs.
  private let tokens: [[UInt8]]
  /// No file is longer.
  private let byteLimit: Int

  package init(seeds: [[UInt8]], tokens: [[UInt8]], byteLimit: Int = 64 << 10) {
    self.byteLimit = byteLimit
    self.seeds = seeds.filter { !$0.isEmpty }
    self.tokens = tokens.isEmpty ? Self.marks : tokens
  }

  /// The file of that number; about a third are a sound file that was changed a little, a third one that was changed a
  /// lot, and a third soup.
  package func file(_ number: Int) -> [UInt8] {
    var random = SeededRandom(seed: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 12)
    var text: [UInt8]
    switch Int.random(in: 0..<10, using: &random) {
    case 0: text = soup(of: tokens, Int.random(in: 1...400, using: &random), &random)
    case 1: text = soup(of: Self.marks + tokens, Int.random(in: 1...800, using: &random), &random)
    case 2: text = burst(&random)
    case 3: text = (0..<Int.random(in: 1...1500, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    default: text = piece(of: seeds.randomElement(using: &random) ?? soup(of: tokens, 200, &random), &random)
    }
    let changeCount =
      Bool.random(using: &random) ? Int.random(in: 0...4, using: &random) : Int.random(in: 5...60, using: &random)
    for _ in 0..<changeCount {
      change(&text, &random)
      if text.count > byteLimit { text.removeSubrange(byteLimit...) }
    }
    if text.count > byteLimit { text.removeSubrange(byteLimit...) }
    return text
  }

  /// Whole where it is small, some kilobytes of it otherwise.
  private func piece(of seed: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    let count = Int.random(in: 200...6000, using: &random)
    if seed.count <= count { return seed }
    let start = Int.random(in: 0...(seed.count - count), using: &random)
    return Array(seed[start..<(start + count)])
  }

  private func soup(of words: [[UInt8]], _ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<count {
      text += words.randomElement(using: &random)!
      if Int.random(in: 0..<3, using: &random) > 0 { text += Self.blanks.randomElement(using: &random)! }
    }
    return text
  }

  private func change(_ text: inout [UInt8], _ random: inout SeededRandom) {
    let at = Int.random(in: 0...text.count, using: &random)
    let length = Int.random(in: 1...64, using: &random)
    let end = min(text.count, at + length)
    switch Int.random(in: 0..<14, using: &random) {
    case 0: if at < text.count { text[at] = UInt8.random(in: 0...255, using: &random) }
    case 1: text.removeSubrange(at..<end)
    case 2: text.insert(contentsOf: tokens.randomElement(using: &random)!, at: at)
    case 3: text.insert(contentsOf: Self.marks.randomElement(using: &random)!, at: at)
    case 4: text.insert(contentsOf: Self.blanks.randomElement(using: &random)!, at: at)
    case 5: text.insert(contentsOf: burst(&random), at: at)
    case 6: text.removeSubrange(at...)
    case 7:
      let other = seeds.randomElement(using: &random) ?? text
      let start = Int.random(in: 0...other.count, using: &random)
      text.insert(contentsOf: other[start..<min(other.count, start + 4 * length)], at: at)
    case 8:
      let repeated = Array(text[at..<end])
      for _ in 0..<Int.random(in: 1...300, using: &random) where text.count < byteLimit {
        text.insert(contentsOf: repeated, at: at)
      }
    case 9:
      for index in at..<end where text[index] == 0x20 || text[index] == 0x0A {
        text[index] = [0x09, 0x0A, 0x0D, 0x0C, 0x20, 0x0B].randomElement(using: &random)!
      }
    case 10: for index in at..<end where text[index] > 0x40 { text[index] ^= 0x20 }
    case 11: text.insert(contentsOf: Self.odd.randomElement(using: &random)!, at: at)
    case 12:
      let from = Int.random(in: 0...text.count, using: &random)
      text.insert(contentsOf: text[from..<min(text.count, from + length)], at: at)
    default:
      text.insert(contentsOf: [UInt8](repeating: text.randomElement(using: &random) ?? 0x28, count: length * 8), at: at)
    }
  }

  /// One thing, very often or very long: what made scanners end the process, and its like.
  private func burst(_ random: inout SeededRandom) -> [UInt8] {
    let count = [3, 20, 255, 256, 260, 500, 1030, 3000].randomElement(using: &random)!
    func word(_ count: Int) -> String { String(repeating: "A", count: count) }
    let text: String
    switch Int.random(in: 0..<16, using: &random) {
    case 0:
      let opening = ["<<", "<<-", "<<~", "<<<", "<<\"", "<<-\"", "<<~'", "<<'", "<<<\"", "q{", "@\""].randomElement(
        using: &random)!
      text = opening + word(count) + ["\"", "'", "", "}"].randomElement(using: &random)! + "\nx\n" + word(count) + "\n"
    case 1:
      text = (0..<min(count, 600)).map { "<<\(["", "-", "~"][$0 % 3])W\($0) " }.joined() + "\nx\nW0\n"
    case 2: text = String(repeating: Self.openers.randomElement(using: &random)!, count: count)
    case 3:
      let opener = Self.openers.randomElement(using: &random)!
      text = String(repeating: opener + "\n", count: count)
    case 4:
      let unit = ["if 1:\n", "- a:\n", "x:\n", "do\n", "* a\n", "where f = \n", "if x then\n", "1. a\n", "# a\n"]
        .randomElement(using: &random)!
      text = (0..<min(count, 520)).map { String(repeating: " ", count: $0) + unit }.joined()
    case 5:
      let quote = ["#", "=", "'", "\"", "`", "~", ":", "$", "@", "\\", "|", "%"].randomElement(using: &random)!
      let many = String(repeating: quote, count: count)
      let before = ["r", "[", "R\"", "", "b", "f", "@", "br", "--[", "\n", "#"].randomElement(using: &random)!
      text = before + many + "\"x\"" + many + "[" + many
    case 6: text = "R\"" + word(count) + "(x)" + word(count) + "\""
    case 7: text = "<" + word(count) + " a=1>" + "</" + word(count) + ">"
    case 8: text = (0..<min(count, 600)).map { "<t\($0) a='\($0)'>" }.joined()
    case 9: text = String(repeating: "<div>", count: count) + String(repeating: "</div>", count: count / 2)
    case 10: text = String(repeating: "\n", count: count) + String(repeating: "\t", count: count) + "x"
    case 11: text = word(count) + String(repeating: "1", count: count)
    case 12:
      let token = String(decoding: tokens.randomElement(using: &random)!, as: UTF8.self)
      text = String(repeating: token, count: count)
    case 13:
      let token = String(decoding: tokens.randomElement(using: &random)!, as: UTF8.self)
      text = String(repeating: token + " ", count: count)
    case 14: text = "---\n" + String(repeating: "- ", count: count) + "&a *b !c |\n  x\n? [\n{\n"
    default: text = String(repeating: "\\\n", count: count) + String(repeating: "\u{301}", count: count)
    }
    return Array(text.utf8)
  }

  private static let openers = [
    "(", "[", "{", "<", ">", "> ", "- ", "* ", "f\"{", "f'{", "f\"\"\"{", "${", "`${", "$(", "$((", "#{", "\"#{",
    "\"\\(", "@{", "%{", "{-",
    "(*", "/*", "/+", "#|", "#(", "```", "~~~", "\"\"\"", "'''", "<!--", "<![CDATA[", "<?php ", "<%", "<script>",
    "<style>", "{{", "{%",
    "begin ", "do ", "if ", "case x in ", "\"$(", "<(", "1. ", "[[", "[=[", "--[[", "|||", ":::", "<<A ", "<a ", "?",
    "::", "->", "\\",
    "@", "'(", ",@", "#[", "$", "%w[", "%q(", "~S\"", "\\begin{a}", "\\[", "$$", "#!", "//", "let x = ", "\\x -> ",
    "quote do ", "''${",
  ]
  private static let blanks: [[UInt8]] = [
    [0x20], [0x0A], [0x09], [0x20, 0x20], [0x0A, 0x20, 0x20], [0x0D, 0x0A], [0x0D], [0x0C], [0x0A, 0x0A], [0x5C, 0x0A],
    [0x0A, 0x09, 0x09], [],
  ]
  private static let marks: [[UInt8]] =
    Array("(){}[]<>\"'`#;:,.=+-*/\\|&!?$@%^~_aZ09".utf8).map { [$0] }
    + ["\"\"\"", "'''", "```", "/*", "*/", "//", "--", "<<", ">>"].map { Array($0.utf8) }
  private static let odd: [[UInt8]] = [
    [0], [0, 0, 0, 0], [0xFF], [0xC3], [0xE2, 0x80], [0xF0, 0x9F, 0x98, 0x80], [0xEF, 0xBB, 0xBF], [0xED, 0xA0, 0x80],
    [0xF4, 0x90, 0x80, 0x80],
    Array("\u{2028}\u{85}\u{A0}\u{FEFF}\u{200B}".utf8), Array("ΩжÿŁ漢字".utf8), Array("𝒳𐍈".utf8),
  ]
}
