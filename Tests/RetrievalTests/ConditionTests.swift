import Chunking
import Inspection
import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import Testing

/// Which chunks are results of a query with operators: those that a reader of their texts would take, and no others.
@Suite struct ConditionTests {
  private static let files: [SmallIndex.File] = [
    .init(
      path: "a.py", text: "def retry(n):\n    raise ValueError('no more tries')\n",
      symbols: [
        Symbol(kind: .function, name: "retry", line: 1)
      ]),
    .init(
      path: "b.py", text: "class Backoff:\n    # retry later, no more than tries allow\n    delay = 2\n",
      symbols: [
        Symbol(kind: .type, name: "Backoff", line: 1)
      ]),
    .init(
      path: "c.c", text: "int backoff_delay(void) { return EAGAIN; }\n",
      symbols: [
        Symbol(kind: .function, name: "backoff_delay", line: 1)
      ], language: "c"),
    .init(
      path: "tests/d.py", text: "def test_retry():\n    assert pbkdf2_hmac(x => y)\n",
      symbols: [
        Symbol(kind: .function, name: "test_retry", line: 1)
      ]),
  ]

  private func paths(_ text: String, segmentCount: Int = 1) throws -> Set<String> {
    let index = try SmallIndex(Self.files, segmentCount: segmentCount)
    var query = SearchQuery(text: text)
    query.limit = 50
    return Set(try index.searcher().search(query).results.map(\.path.description))
  }

  @Test(arguments: [
    ("retry AND backoff", ["b.py"]),
    ("retry OR backoff", ["a.py", "b.py", "c.c", "tests/d.py"]),
    ("retry NOT test", ["a.py", "b.py", "c.c"]),
    ("retry AND NOT test", ["a.py", "b.py"]),
    ("retry AND NOT path:tests/", ["a.py", "b.py"]),
    ("(lang:c OR path:tests/) retry", ["c.c", "tests/d.py"]),
    ("lang:c OR lang:python AND ValueError", ["a.py", "c.c"]),
    (#"retry AND "no more tries""#, ["a.py"]),
    (#"retry NOT "no more tries""#, ["b.py", "c.c", "tests/d.py"]),
    (#""no more tries" OR EAGAIN"#, ["a.py", "c.c"]),
    ("kind:type OR kind:function AND EAGAIN", ["b.py", "c.c"]),
    ("pbkdf2 AND NOT nothing_is_called_so", ["tests/d.py"]),
    (#"retry AND "=>""#, ["tests/d.py"]),
    ("delay AND NOT (lang:python OR lang:c)", []),
    ("absent_word AND retry", []),
    ("absent_word OR EAGAIN", ["c.c"]),
    (#"retry AND /'no more \w+'\)$/"#, ["a.py"]), (#"/^\s+\w+ = \d$/"#, ["b.py"]),
    ("/EAGAIN; }/ OR /=> y/", ["c.c", "tests/d.py"]),
    ("retry NOT /tries/", ["c.c", "tests/d.py"]), ("retry -/tries/", ["c.c", "tests/d.py"]),
    ("lang:python /tries/", ["a.py", "b.py"]), ("/Tries/", []), ("/Tries/i", ["a.py", "b.py"]),
    ("/retry.*raise/", []), ("kind:type /r/", ["b.py"]),
  ])
  func `results are those that satisfy the operators`(text: String, expected: [String]) throws {
    for segmentCount in [1, 3] { #expect(try paths(text, segmentCount: segmentCount) == Set(expected), "\(text)") }
  }

  @Test func `what nothing satisfies is said, and what words asked for is absent`() throws {
    let index = try SmallIndex(Self.files)
    let results = try index.searcher().search(SearchQuery(text: "absent_word AND retry"))
    #expect(results.results.isEmpty && results.isAbsent)
    #expect(results.filterProblems.contains(.unsatisfied("absent_word AND retry")))
    #expect(results.absences.contains { $0.text == "absent_word" })
    let either = try index.searcher().search(SearchQuery(text: "absent_word OR retry"))
    #expect(!either.isAbsent && !either.results.isEmpty)
    #expect(either.absences.contains { $0.text == "absent_word" })
  }

  @Test func `a pattern that no line matches is said to be`() throws {
    let index = try SmallIndex(Self.files)
    let results = try index.searcher().search(SearchQuery(text: "/zebra+/"))
    #expect(results.isAbsent && results.filterProblems == [.unmatchedPattern("/zebra+/", hasFilters: false)])
    #expect(results.absences.isEmpty)
  }

  @Test func `a page of patterns is the beginning of a longer one, and of every number of segments`() throws {
    let files = (0..<300).map { number in
      SmallIndex.File(
        path: "f\(number % 7)/g\(number).py", text: "def take_\(number)(x):\n    return give(x)\n",
        symbols: number % 3 == 0 ? [Symbol(kind: .function, name: "take_\(number)", line: 1)] : [])
    }
    var pages: [[String]] = []
    for (segmentCount, limit) in [(1, 5), (3, 5), (1, 50), (2, 280), (5, 280)] {
      var query = SearchQuery(text: #"/take_\d+\(/"#)
      query.limit = limit
      let index = try SmallIndex(files, segmentCount: segmentCount)
      let results = try withExtendedLifetime(index) { try index.searcher().search(query).results }
      #expect(results.count == limit && results.allSatisfy { $0.answerLine == 1 })
      pages.append(results.map { "\($0.path):\($0.lines.lowerBound)" })
    }
    for page in pages { #expect(page[...] == pages[4].prefix(page.count)) }
    #expect(pages[4].prefix(100).allSatisfy { Int($0.split { !$0.isNumber }[1])! % 3 == 0 })
  }

  @Test func `mistakes in filters that operators join are found`() throws {
    let index = try SmallIndex(Self.files)
    let results = try index.searcher().search(SearchQuery(text: "retry AND (lang:pyton OR lang:python)"))
    #expect(results.filterProblems.contains(.unknownLanguage("pyton")) && !results.results.isEmpty)
  }

  @Test func `a query of filters and negations alone is an error`() throws {
    let index = try SmallIndex(Self.files)
    for text in ["NOT retry", "lang:c OR lang:python", "NOT (retry OR backoff)"] {
      #expect(throws: Failure.self, "\(text)") { try index.searcher().search(SearchQuery(text: text)) }
    }
  }

  /// A brute-force reader of the texts, for words without parts and phrases.
  private indirect enum Plain {
    case word(String)
    case phrase(String, String)
    case and(Plain, Plain)
    case or(Plain, Plain)
    case not(Plain)

    var query: String {
      switch self {
      case .word(let word): word
      case .phrase(let a, let b): "\"\(a) \(b)\""
      case .and(let a, let b): "(\(a.query) AND \(b.query))"
      case .or(let a, let b): "(\(a.query) OR \(b.query))"
      case .not(let a): "NOT \(a.query)"
      }
    }

    func holds(_ words: [String]) -> Bool {
      switch self {
      case .word(let word): words.contains(word)
      case .phrase(let a, let b): zip(words, words.dropFirst()).contains { $0 == a && $1 == b }
      case .and(let a, let b): a.holds(words) && b.holds(words)
      case .or(let a, let b): a.holds(words) || b.holds(words)
      case .not(let a): !a.holds(words)
      }
    }
  }

  @Test(arguments: 1...4) func `random conditions hold as a reader of every text finds`(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let vocabulary = ["alder", "birch", "cedar", "dogwood", "elm", "fir"]
    func word() -> String { vocabulary[random.next(upTo: vocabulary.count)] }
    let texts = (0..<40).map { _ in (0..<(1 + random.next(upTo: 6))).map { _ in word() } }
    let files = texts.enumerated().map { i, words in
      SmallIndex.File(path: "f\(i).py", text: words.joined(separator: " ") + "\n")
    }
    let index = try SmallIndex(files, segmentCount: 1 + seed % 3)
    func condition(_ depth: Int) -> Plain {
      switch depth == 0 ? random.next(upTo: 2) : random.next(upTo: 6) {
      case 0: .word(word())
      case 1: .phrase(word(), word())
      case 2, 3: .and(condition(depth - 1), condition(depth - 1))
      case 4: .or(condition(depth - 1), condition(depth - 1))
      default: .not(condition(depth - 1))
      }
    }
    for _ in 0..<60 {
      let wanted = condition(3)
      // Something is ranked in any case, whatever is negated.
      var query = SearchQuery(text: "(zelkova OR NOT zelkova) AND \(wanted.query)")
      query.limit = 100
      let found = Set(try index.searcher().search(query).results.map(\.path.description))
      let expected = Set(texts.indices.filter { wanted.holds(texts[$0]) }.map { "f\($0).py" })
      #expect(found.isSubset(of: expected), "\(query.text)")
      // Chunks without any word of the query are found by their vectors, if they have one.
      let ranked = expected.filter { path in found.contains(path) }
      #expect(ranked == found)
      #expect(expected.subtracting(found).isEmpty, "\(query.text): \(expected.subtracting(found))")
    }
  }
}
