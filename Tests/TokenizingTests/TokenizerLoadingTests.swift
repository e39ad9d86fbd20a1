import JSON
import Primitives
import Testing
import Tokenizing

/// What a `tokenizer.json` may say, what is refused by name, and the rules that no trained file happens to show.
@Suite struct TokenizerLoadingTests {
  /// A WordPiece tokenizer of few words.
  private func document(_ changes: [(String, JSONValue)] = [], model: [(String, JSONValue)] = []) -> JSONValue {
    let words = ["[UNK]", "[CLS]", "[SEP]", "the", "cat", "##s", "sat", ".", "a", "##b"]
    var parts: [(String, JSONValue)] = [
      ("type", "WordPiece"), ("unk_token", "[UNK]"), ("continuing_subword_prefix", "##"),
      ("max_input_chars_per_word", 10),
      ("vocab", .object(words.enumerated().map { JSONValue.Member($1, .integer($0)) })),
    ]
    for (name, value) in model {
      parts.removeAll { $0.0 == name }
      parts.append((name, value))
    }
    var members: [(String, JSONValue)] = [("model", .object(parts.map { JSONValue.Member($0, $1) }))] + changes
    if !changes.contains(where: { $0.0 == "version" }) { members.append(("version", "1.0")) }
    return .object(members.map { JSONValue.Member($0, $1) })
  }

  private func tokenizer(_ changes: [(String, JSONValue)] = [], model: [(String, JSONValue)] = []) throws -> Tokenizer {
    try Tokenizer(parsing: document(changes, model: model))
  }

  private let bert: [(String, JSONValue)] = [
    (
      "normalizer",
      [
        "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": .null,
        "lowercase": true,
      ]
    ), ("pre_tokenizer", ["type": "BertPreTokenizer"]),
    (
      "post_processor", ["type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]]
    ),
  ]

  @Test func `words are cut into the longest tokens, and a word that cannot be is unknown`() throws {
    let tokenizer = try tokenizer(bert)
    #expect(try tokenizer.encode("The CÄTS sat. ab").ids == [1, 3, 4, 5, 6, 7, 8, 9, 2])
    #expect(try tokenizer.encode("catx thethethethe", addSpecialTokens: false).ids == [0, 0])
    #expect(try tokenizer.encode("the", pair: "cat").typeIDs == [0, 0, 0, 1, 1])
    #expect(try tokenizer.encode("").ids == [1, 2])
    #expect(tokenizer.vocabularySize == 10)
    #expect(tokenizer.id(of: "cat") == 4)
  }

  @Test func `a limit counts special tokens, and one that leaves no room for them is refused`() throws {
    let tokenizer = try tokenizer(bert)
    #expect(try tokenizer.encode("the cat sat", maximumLength: 4).ids == [1, 3, 4, 2])
    #expect(try tokenizer.encode("the cat sat", maximumLength: 2).ids == [1, 2])
    #expect(try tokenizer.encode("the cats", pair: "sat", maximumLength: 6).ids == [1, 3, 4, 2, 6, 2])
    let failure = #expect(throws: Failure.self) { try tokenizer.encode("the", maximumLength: 1) }
    #expect(failure?.code == .invalidArgument)
  }

  @Test func `the file's own limit and padding are read, and a call's limit goes before`() throws {
    let tokenizer = try tokenizer(
      bert + [
        ("truncation", ["max_length": 3, "strategy": "LongestFirst", "stride": 0, "direction": "Left"]),
        (
          "padding",
          [
            "strategy": ["Fixed": 128], "direction": "Right", "pad_to_multiple_of": 8, "pad_id": 7, "pad_type_id": 1,
            "pad_token": ".",
          ]
        ),
      ])
    #expect(try tokenizer.encode("the cat sat").ids == [1, 6, 2])
    #expect(try tokenizer.encode("the cat sat", maximumLength: .max).ids == [1, 3, 4, 6, 2])
    #expect(tokenizer.padID == 7)
    #expect(tokenizer.padding?.fixedLength == 128)
    #expect(tokenizer.padding?.multiple == 8)
  }

  private func added(_ content: String, _ traits: String...) -> JSONValue {
    .object(
      [JSONValue.Member("id", 3), JSONValue.Member("content", .string(content))]
        + ["single_word", "lstrip", "rstrip", "normalized", "special"].map {
          JSONValue.Member($0, .boolean(traits.contains($0)))
        })
  }

  @Test func `added tokens are found first, as their traits say`() throws {
    let tokenizer = try tokenizer(
      bert + [
        (
          "added_tokens",
          [
            added("[SEP]", "special"), added("<a>", "lstrip"), added("<a><b>", "rstrip"), added("CAT", "normalized"),
            added("sat", "single_word"),
          ]
        )
      ])
    func ids(_ text: String) throws -> [Int32] { try tokenizer.encode(text, addSpecialTokens: false).ids }
    // 10 and 11 are new, `CAT` is `cat` after the normalizer and 12, `sat` is in the vocabulary.
    #expect(try ids("the[SEP]the") == [3, 2, 3])
    #expect(try ids("the <a>the") == [3, 10, 3])
    #expect(try ids("<a><b>  <a>") == [11, 10])
    #expect(try ids("the Cat thecat") == [3, 12, 3, 12])
    #expect(try ids("sat satx") == [6, 0])
  }

  @Test func `a part that is not known is refused by its name`() throws {
    let refused: [([(String, JSONValue)], [(String, JSONValue)], String)] = [
      ([], [("type", "WordLevel")], "WordLevel"),
      ([("normalizer", ["type": "Reverse"])], [], "Reverse"),
      ([("pre_tokenizer", ["type": "UnicodeScripts"])], [], "UnicodeScripts"),
      ([("post_processor", ["type": "Shuffle"])], [], "Shuffle"),
      ([("normalizer", ["type": "Lowercase", "language": "tr"])], [], "`language`"),
      ([("version", "2.0")], [], "version"),
      ([("surprise", 1)], [], "surprise"),
      ([("pre_tokenizer", split(#"(?<=a)b"#))], [], "a group of an unknown kind"),
      ([("pre_tokenizer", split(#"(a)\1"#))], [], #"`\1`"#),
      ([("pre_tokenizer", split(#"a*"#))], [], "nothing at all"),
      ([("pre_tokenizer", split(#"(?:(?:(?:ab){999}){999}){999}"#))], [], "too many repetitions"),
      ([("pre_tokenizer", split(String(repeating: "(", count: 9999) + "a"))], [], "64"),
      ([("pre_tokenizer", split(#"[a-z&&[^b]]"#))], [], "&&"),
      ([("pre_tokenizer", split(#"\p{Greek}"#))], [], "Greek"),
    ]
    for (changes, model, name) in refused {
      let failure = #expect(throws: Failure.self) { try tokenizer(changes, model: model) }
      #expect(failure?.code == .unsupportedTokenizer, "\(name)")
      #expect(failure?.message.contains(name) == true, "\(failure?.message ?? "")")
    }
  }

  private func split(_ pattern: String) -> JSONValue {
    ["type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated", "invert": false]
  }

  @Test func `a file that is damaged is refused, and says where`() throws {
    let damaged: [([(String, JSONValue)], [(String, JSONValue)], String)] = [
      ([], [("vocab", ["a": "b"])], "model.vocab"),
      ([], [("vocab", 3)], "model.vocab"),
      ([], [("max_input_chars_per_word", -1)], "max_input_chars_per_word"),
      ([("normalizer", ["type": "Replace", "content": ""])], [], "normalizer"),
      ([("normalizer", ["type": "Precompiled", "precompiled_charsmap": "@@@@"])], [], "precompiled_charsmap"),
      ([("normalizer", ["type": "Precompiled", "precompiled_charsmap": "////f2E="])], [], "precompiled_charsmap"),
      ([("added_tokens", ["x"])], [], "added_tokens[0]"),
      ([("normalizer", nested(500))], [], "too deep"),
      (
        [("post_processor", ["type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": [:]])], [],
        "post_processor"
      ),
    ]
    for (changes, model, place) in damaged {
      let failure = #expect(throws: Failure.self) { try tokenizer(changes, model: model) }
      #expect(failure?.message.contains(place) == true, "\(failure?.message ?? "")")
    }
    #expect(throws: Failure.self) { try Tokenizer(parsing: .null) }
    #expect(throws: Failure.self) { try Tokenizer(parsing: [:]) }
    let missing = #expect(throws: Failure.self) { try Tokenizer(opening: "/nowhere/tokenizer.json") }
    #expect(missing?.path == "/nowhere/tokenizer.json")
  }

  private func nested(_ count: Int) -> JSONValue {
    (0..<count).reduce(["type": "Lowercase"]) { inner, _ in ["type": "Sequence", "normalizers": [inner]] }
  }

  @Test func `a vocabulary without a token for the unknown fails where one is needed`() throws {
    let tokenizer = try tokenizer(model: [("unk_token", "<none>")])
    #expect(try tokenizer.encode("the").ids == [3])
    let failure = #expect(throws: Failure.self) { try tokenizer.encode("unheard") }
    #expect(failure?.code == .wrongFormat)
  }

  @Test(arguments: [
    (#"\s+$"#, "a  b  "), (#"a{2,3}?"#, "aaaaaaa"), (#"(?:ab|a)+c"#, "ababac abc"), (#"a++b|a"#, "aaab aac"),
    (#"(?i:ks)"#, "KS kſ \u{212A}s"), (#"^a"#, "aa\na"), (#"(?>a+)b|."#, "aab\na"), (#"[\w-]"#, "x"),
  ]) func `patterns that the reference knows are read, or refused`(pattern: String, text: String) throws {
    do {
      _ = try tokenizer([("pre_tokenizer", split(pattern))]).encode(text)
    } catch let failure as Failure {
      #expect(failure.code == .unsupportedTokenizer)
    }
  }

  @Test func `damage anywhere in a file is refused or read, and never crashes`() throws {
    let whole = document(bert).bytes
    var random = SeededRandom(seed: 5)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 32...126, using: &random)
      }
      guard let tokenizer = try? Tokenizer(parsing: JSONValue(parsing: bytes)) else { continue }
      _ = try? tokenizer.encode("The cats [SEP] sat. Ünheard 日本", pair: "a", maximumLength: 9)
    }
  }
}
