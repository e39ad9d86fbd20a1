import Disk
import JSON
import Primitives
import TestSupport
import Testing
import Tokenizing

/// Small tokenizers of every family, and what the reference, the Python package `tokenizers`, made of some texts:
/// `Scripts/tokenizer-parity fixtures` wrote both.
@Suite struct TokenizerFixtureTests {
  static let folder = repository.appending("Tests/Fixtures/tokenizers")

  private struct Case {
    let text: String
    let pair: String?
    let limit: Int?
    let addsSpecialTokens: Bool
    let expected: Encoding
  }

  private static func cases(of name: String) throws -> [Case] {
    let document = try JSONValue(parsing: readFile(folder.appending("expected.json")).bytes)
    let texts = try #require(document["texts"]?.array).map { try #require($0.string) }
    let entry = try #require(document["tokenizers"]?.array?.first { $0["name"]?.string == name })
    return try #require(entry["cases"]?.array).map { item in
      let ids = try #require(item["ids"]?.array).map { Int32(try #require($0.integer)) }
      let types = item["types"]?.array?.map { Int32($0.integer ?? -1) }
      return Case(
        text: texts[try #require(item["text"]?.integer)], pair: item["pair"]?.integer.map { texts[$0] },
        limit: item["limit"]?.integer, addsSpecialTokens: item["plain"]?.boolean != true,
        expected: Encoding(ids: ids, typeIDs: types ?? ids.map { _ in 0 }))
    }
  }

  @Test(arguments: try names()) func `texts become the numbers that the reference gives them`(name: String) throws {
    let tokenizer = try Tokenizer(opening: Self.folder.appending("\(name).json"))
    let cases = try Self.cases(of: name)
    #expect(cases.count >= 30)
    for item in cases {
      let encoding = try tokenizer.encode(
        item.text, pair: item.pair, maximumLength: item.limit, addSpecialTokens: item.addsSpecialTokens)
      #expect(encoding == item.expected, "\(name): \(item)")
      #expect(encoding.ids.allSatisfy { (0..<Int32(tokenizer.vocabularySize)).contains($0) })
    }
  }

  static func names() throws -> [String] {
    try listDirectory(folder).map(\.name.description)
      .filter { $0.hasSuffix(".json") && $0 != "expected.json" && $0 != "patterns.json" }.map { String($0.dropLast(5)) }
      .sorted()
  }

  @Test func `patterns cut where the reference's do`() throws {
    let document = try JSONValue(parsing: readFile(Self.folder.appending("patterns.json")).bytes)
    let tokens = try #require(document["vocabulary"]?.array).map { try #require($0.string) }
    let vocabulary = JSONValue.object(tokens.enumerated().map { JSONValue.Member($1, .integer($0)) })
    for item in try #require(document["cases"]?.array) {
      let cut = try #require(item["cut"])
      let tokenizer = try Tokenizer(parsing: [
        "version": "1.0", "pre_tokenizer": cut,
        "model": [
          "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
          "vocab": vocabulary,
        ],
      ])
      let (texts, expected) = (try #require(item["texts"]?.array), try #require(item["ids"]?.array))
      #expect(texts.count == 12 && expected.count == 12)
      for (text, ids) in zip(texts, expected) {
        let text = try #require(text.string)
        #expect(
          try tokenizer.encode(text).ids == ids.array?.map { Int32($0.integer ?? -1) },
          "\(cut): \(text.debugDescription)")
      }
    }
  }

  @Test func `a text is encoded alike alone, after others and by many threads`() async throws {
    let texts = try Self.cases(of: "t5").map(\.text) + Self.cases(of: "roberta").map(\.text)
    for name in ["bert", "roberta", "t5", "llama2"] {
      let path = Self.folder.appending("\(name).json")
      let alone = try texts.map { try Tokenizer(opening: path).encode($0) }
      let shared = try Tokenizer(opening: path)
      let agree = try await withThrowingTaskGroup(of: Bool.self) { group in
        for start in 0..<4 {
          group.addTask {
            try (0..<texts.count * 2).allSatisfy { number in
              let place = (number * 7 + start) % texts.count
              return try shared.encode(texts[place]) == alone[place]
            }
          }
        }
        return try await group.reduce(true) { $0 && $1 }
      }
      #expect(agree, "\(name)")
    }
  }

  @Test func `bytes are encoded as the text they are, and what is none as U+FFFD`() throws {
    let tokenizer = try Tokenizer(opening: Self.folder.appending("roberta.json"))
    for bytes in [
      Array("let café = 1".utf8), [0x61, 0xFF, 0x62], [0xE6, 0x97], [0xC0, 0x80], [0xED, 0xA0, 0x80], [],
    ] {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(try tokenizer.encode(bytes.span) == tokenizer.encode(text))
    }
  }

  @Test func `a long row of one letter, mark or odd byte takes time in proportion`() throws {
    for name in try Self.names() {
      let tokenizer = try Tokenizer(opening: Self.folder.appending("\(name).json"))
      for part in ["a", "=", " ", "\u{301}", "\n", "日", "A", "a\u{301}", "\u{200D}", "ऴ\u{94D}", "\t ", "'s"] {
        let text = String(repeating: part, count: 60_000 / part.utf8.count)
        let clock = ContinuousClock()
        let elapsed = try clock.measure { _ = try tokenizer.encode(text) }
        // Linear time is some 10 ms; quadratic time is many seconds.
        #expect(elapsed < .seconds(4), "\(name), \(part.debugDescription): \(elapsed)")
      }
    }
  }
}
