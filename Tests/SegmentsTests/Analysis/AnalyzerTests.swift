import Chunking
import Primitives
import Segments
import Testing

@Suite struct AnalyzerTests {
  private let analyzer = Analyzer()

  @Test(arguments: [
    ("parse_date", "parse_date parse date"),
    ("parseHTTPHeader", "parsehttpheader parse http header"),
    ("PascalCase camelCase", "pascalcase pascal case camelcase camel case"),
    ("kebab-case-name", "kebab case name"),
    ("utf8 sha256sum int32_t", "utf8 utf sha256sum sha 256 sum int32_t int 32"),
    ("__init__ _private trailing_", "__init__ init _private private trailing_ trailing"),
    ("x i _ __ 7", ""),
    ("HTTP ID iPhone AServer", "http id iphone phone aserver server"),
    ("0x1F 10ms 2024 3.14", "0x1f 10ms 2024 14"),
    ("a.b->c(foo)", "foo"),
    ("$name @attr #include <a/b.h>", "name attr include"),
    ("größe ÄRGER Ошибка Ёж", "grösse grosse ärger arger ошибка ёж еж"),
    ("“quoted” — dash…end\u{A0}nbsp", "quoted dash end nbsp"),
    ("grünÜberÉtat2x", "grünüberétat2x grunuberetat2x grün grun über uber état etat"),
    ("日本語 テスト", "日本 日 本語 本 語 テス テ スト ス ト"),
    ("done🎉now", "done now"),
    ("don't", "don"),
    ("", ""),
  ])
  func `text becomes words and their parts`(text: String, words: String) {
    #expect(analyzer.words(of: text).joined(separator: " ") == words)
  }

  @Test func `words are cut at 64 bytes, never inside a letter`() {
    let long = String(repeating: "ab", count: 100)
    #expect(analyzer.words(of: long) == [String(long.prefix(64))])
    let wide = "a" + String(repeating: "é", count: 60)
    #expect(
      analyzer.words(of: wide) == [
        "a" + String(repeating: "é", count: 21), "a" + String(repeating: "e", count: 21),
      ])
    // One byte less, and the mark of the last letter has no room: nor has the letter.
    #expect(analyzer.words(of: "a" + wide).first == "aa" + String(repeating: "é", count: 20))
    let parts = String(repeating: "ab_", count: 40)
    #expect(analyzer.words(of: parts).count == 1 + 21)
  }

  @Test func `identifiers are split as a slow splitter splits them`() {
    var random = SeededRandom(seed: 4)
    let alphabet = Array("aabbAAB01__".utf8)
    for _ in 0..<5000 {
      let name = (0..<Int.random(in: 1...14, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      #expect(
        analyzer.words(of: String(decoding: name, as: UTF8.self)) == slowWords(name),
        "\(String(decoding: name, as: UTF8.self))")
    }
  }

  /// One identifier of ASCII letters, digits and underscores, split by looking at each boundary for itself.
  private func slowWords(_ name: [UInt8]) -> [String] {
    func isUpper(_ c: UInt8) -> Bool { (65...90).contains(c) }
    func isLower(_ c: UInt8) -> Bool { (97...122).contains(c) }
    func isDigit(_ c: UInt8) -> Bool { (48...57).contains(c) }
    func lower(_ bytes: some Sequence<UInt8>) -> String {
      String(decoding: bytes.map { isUpper($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }
    if name.count < 2 || name.allSatisfy({ $0 == 95 }) { return [] }
    if isDigit(name[0]) { return [lower(name)] }
    var parts: [[UInt8]] = []
    for run in name.split(separator: 95) {
      let run = Array(run)
      var part: [UInt8] = []
      for i in run.indices {
        let startsPart =
          i > 0
          && (isDigit(run[i]) != isDigit(run[i - 1]) || (isLower(run[i - 1]) && isUpper(run[i]))
            || (isUpper(run[i - 1]) && isUpper(run[i]) && i + 1 < run.count && isLower(run[i + 1])))
        if startsPart {
          parts.append(part)
          part = []
        }
        part.append(run[i])
      }
      parts.append(part)
    }
    let kept = parts.filter { $0.count > 1 }
    if kept.count == 1, kept[0] == name { return [lower(name)] }
    return [lower(name)] + kept.map { lower($0) }
  }

  @Test func `any bytes give terms without trouble`() {
    var random = SeededRandom(seed: 9)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 0x41...0x7A, using: &random)
      }
      let chunk = Chunk(bytes: 0..<bytes.count, lines: 1...1)
      let terms = analyzer.terms(of: [chunk], in: bytes.span, path: FilePath(bytes: Array(bytes.prefix(20))))
      var seen = Set<Term>()
      terms.visit(chunk: 0) { term, frequency in
        #expect(seen.insert(term).inserted)
        #expect(frequency >= 1 && !term.bytes.isEmpty && term.bytes.count <= 64)
        #expect(String(validating: term.bytes, as: UTF8.self) != nil)
      }
    }
  }

  @Test func `frequencies add up the weights of the places`() {
    let source = Array("func parseDate(text) { parseDate; date }\n".utf8)
    let chunk = Chunk(
      bytes: 0..<source.count, lines: 1...1,
      symbols: [Symbol(kind: .function, name: "parseDate", enclosing: ["MailHeader"], line: 1)],
      context: Symbol(kind: .type, name: "Outer", line: 1))
    let terms = analyzer.terms(of: [chunk], in: source.span, path: "mail/src/date_utils.swift")
    var frequencies: [Term: UInt8] = [:]
    terms.visit(chunk: 0) { frequencies[$0] = $1 }
    let expected: [Term: UInt8] = [
      Term("func"): 1, Term("parsedate"): 6, Term("parse"): 5, Term("date"): 9, Term("text"): 1,
      Term("parsedate", field: .definition): 1, Term("mailheader"): 1, Term("mail"): 3, Term("header"): 1,
      Term("outer"): 1, Term("src"): 2, Term("date_utils"): 3, Term("utils"): 3, Term("swift"): 3,
    ]
    #expect(frequencies == expected)
    // func, parseDate, text, parseDate, date
    #expect(terms.lengths == [5])
  }

  /// The frequencies of a text's words by `Analyzer.words`, which knows nothing of parts and of what it has seen.
  private func expected(_ text: [UInt8]) -> [Term: Int] {
    var expected: [Term: Int] = [:]
    for word in analyzer.words(of: String(decoding: text, as: UTF8.self)) { expected[Term(word), default: 0] += 1 }
    return expected
  }

  @Test func `a file's terms are those of its chunks, however long its words and texts are`() {
    var random = SeededRandom(seed: 21)
    let words = [
      "parseHTTPHeader", "x", "größe", "DRM_FORMAT_MOD_ARM_AFBC_1", "DRM_FORMAT_MOD_ARM_AFBC_2", "utf8", "0x1F",
      "__init__",
      "sixteen_bytes_ab", "seventeen_bytes_a", "eight_by", "don't", String(repeating: "aB", count: 40), "—", "\u{A0}",
    ]
    for round in 0..<20 {
      var text: [UInt8] = []
      var chunks: [Chunk] = []
      for line in 1...6 {
        let start = text.count
        for _ in 0..<Int.random(in: 0...900, using: &random) {
          text += Array((words.randomElement(using: &random)! + [" ", "", "/"].randomElement(using: &random)!).utf8)
        }
        if round % 5 == 0 { text += [UInt8](repeating: UInt8(ascii: "q"), count: 9000) }
        text.append(UInt8(ascii: "\n"))
        chunks.append(Chunk(bytes: start..<text.count, lines: line...line))
      }
      let terms = analyzer.terms(of: chunks, in: text.span, path: "")
      #expect(terms.chunkCount == chunks.count)
      for (number, chunk) in chunks.enumerated() {
        var frequencies: [Term: Int] = [:]
        terms.visit(chunk: number) { frequencies[$0] = Int($1) }
        let isSame = frequencies == expected(Array(text[chunk.bytes])).mapValues { min($0, 255) }
        #expect(isSame, "round \(round), chunk \(number)")
      }
      // Nothing depends on the files before.
      #expect(Analyzer().terms(of: chunks, in: text.span, path: "") == terms)
    }
  }

  @Test func `frequencies stop at 255`() {
    let source = Array(String(repeating: "again ", count: 1000).utf8)
    let terms = analyzer.terms(of: [Chunk(bytes: 0..<source.count, lines: 1...1)], in: source.span, path: "")
    var frequencies: [Term: UInt8] = [:]
    terms.visit(chunk: 0) { frequencies[$0] = $1 }
    #expect(frequencies == [Term("again"): 255])
    #expect(terms.lengths == [1000])
  }

  @Test func `a definition is one term, whatever characters its name has`() {
    #expect(analyzer.definition(of: "Parser.parseDate") == Term("parser.parsedate", field: .definition))
    #expect(analyzer.definition(of: "operator==") == Term("operator==", field: .definition))
    let long = String(repeating: "N", count: 100)
    #expect(analyzer.definition(of: long).bytes.count == 64)
  }
}
