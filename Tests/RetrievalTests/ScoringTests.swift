import Chunking
import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import Testing

/// Of each signal of the ranking what it gives to which chunk, a row each: files, a query, the chunk, the part of its
/// score. Each row is also asked with the signal taken away, so that a step that does nothing fails.
@Suite struct ScoringTests {
  struct Row: CustomTestStringConvertible {
    var name: String
    var query: String
    var files: [SmallIndex.File]
    /// The chunk that is scored.
    var path: String
    var line = 1
    var signal: Signal
    var part: Float
    var testDescription: String { "\(signal.rawValue): \(name)" }
  }

  private typealias File = SmallIndex.File
  private static let weights = RankingWeights()

  /// Words that no query has, in a file that is there to be found for nothing else.
  private static func other(_ path: String, _ text: String = "color = 'mauve'\n") -> File {
    File(path: path, text: text)
  }

  private static func function(_ name: String, _ path: String, _ body: String = "    pass\n") -> File {
    File(
      path: path, text: "def \(name)():\n\(body)", symbols: [Symbol(kind: .function, name: name, line: 1)])
  }

  static let rows: [Row] = [
    // Fusion: each of both scores is relative to the best, and the shares follow the shape of the query.
    Row(
      name: "the best by its words has all of their share", query: "mango juice press",
      files: [other("a.py", "mango juice press\n"), other("b.py", "mango\n"), other("c.py")], path: "a.py",
      signal: .words,
      part: 1 - weights.meaningShareOfWords),
    Row(
      name: "a name leaves more to words", query: "mango_press",
      files: [other("a.py", "mango_press\n"), other("b.py", "mango\n"), other("c.py")], path: "a.py", signal: .words,
      part: 1 - weights.meaningShareOfSymbol),
    Row(
      name: "the nearest in meaning has all of its share", query: "mango juice press",
      files: [other("a.py", "mango juice press\n"), other("b.py", "mango\n"), other("c.py")], path: "a.py",
      signal: .meaning,
      part: weights.meaningShareOfWords),

    // Steps, in their order.
    Row(
      name: "a chunk with all of the words, in its file too", query: "mango juice press",
      files: [other("a.py", "press mango for juice\n"), other("b.py", "mango\n")], path: "a.py", signal: .coverage,
      part: weights.coverage + weights.fileCoverage),
    Row(
      name: "a function that is called as the query", query: "crush_mango",
      files: [function("crush_mango", "a.py"), other("b.py", "crush_mango()\n")], path: "a.py", signal: .definition,
      part: weights.symbolDefinition),
    Row(
      name: "a name in a sentence", query: "who calls crush_mango here",
      files: [function("crush_mango", "a.py"), other("b.py", "crush_mango()\n")], path: "a.py", signal: .definition,
      part: weights.mixedDefinition),
    Row(
      name: "a name made of the words of the query", query: "crush the mango",
      files: [function("visit_mango", "a.py"), function("crush_mango", "b.py")], path: "b.py", signal: .definition,
      part: weights.joinedDefinition),
    Row(
      name: "an action and its object", query: "visit the mango",
      files: [function("peel_mango", "a.py"), function("visit_mango", "b.py")], path: "b.py", signal: .definition,
      part: weights.actionDefinition),
    Row(
      name: "one word of a pair in the file of the other", query: "mango crush",
      files: [function("crush", "mango.py"), other("b.py", "mango.crush()\n")], path: "mango.py", signal: .definition,
      part: weights.memberDefinition),
    Row(
      name: "a symbol named with the words of the query", query: "mango juice press",
      files: [function("press_juice_mango", "a.py"), other("b.py", "mango juice press\n")], path: "a.py",
      signal: .symbolWords, part: weights.symbolWords),
    Row(
      name: "the names nearest in meaning", query: "mango juice press",
      files: [function("press_juice_mango", "a.py"), function("visit", "b.py", "    mango(juice, press)\n")],
      path: "a.py",
      signal: .nameMeaning, part: weights.nameMeaning),
    Row(
      name: "a file named as the query", query: "mango",
      files: [other("mango.py", "peel(mango)\n"), other("b.py", "mango\n")], path: "mango.py", signal: .pathWords,
      part: weights.fileName),
    Row(
      name: "a directory named as the query", query: "mango",
      files: [other("mango/b.py", "peel(mango)\n"), other("c.py", "mango\n")], path: "mango/b.py", signal: .pathWords,
      part: weights.directoryName),
    Row(
      name: "the path that is all of the query", query: "lib/mango.py",
      files: [other("lib/mango.py"), other("b.py", "lib mango\n")], path: "lib/mango.py", signal: .path,
      part: weights.onlyPath + weights.pathBeginning),
    Row(
      name: "the path in a sentence", query: "how does lib/mango.py peel",
      files: [other("lib/mango.py", "peel()\n"), other("b.py", "peel\n")], path: "lib/mango.py", signal: .path,
      part: weights.pathMatch),
    Row(
      name: "a quoted phrase", query: "\"juice press\" mango",
      files: [other("a.py", "juice press mango\n"), other("b.py", "press juice mango\n")], path: "a.py",
      signal: .phrase,
      part: weights.phrase),
    Row(
      name: "the definition of what was asked for, beside what stands as written", query: "crush_mango",
      files: [function("crush_mango", "a.py")], path: "a.py", signal: .written,
      part: weights.writtenDefinition + 1.03 * weights.written),
    Row(
      name: "the line that is all of the query", query: "lib/mango.py:1",
      files: [other("lib/mango.py"), other("b.py", "lib mango\n")], path: "lib/mango.py", signal: .written,
      part: weights.onlyPlace),
    Row(
      name: "the best chunk of a file with another that answers", query: "mango juice press",
      files: [
        File(path: "a.py", text: "mango juice press\nmango juice\n", chunkLineCounts: [1, 1]), other("b.py", "mango\n"),
      ], path: "a.py", signal: .coherence,
      part: weights.coherence * 1.234),
    Row(
      name: "a test", query: "mango juice press",
      files: [other("test_mango.py", "def test_it():\n    mango juice press\n"), other("b.py", "mango\n")],
      path: "test_mango.py", signal: .fileKind,
      part: (weights.test - 1) * 1.95),
    Row(
      name: "the second chunk of a file", query: "mango juice press",
      files: [
        File(path: "a.py", text: "mango juice press\nmango juice\n", chunkLineCounts: [1, 1]), other("b.py", "mango\n"),
      ], path: "a.py", line: 2, signal: .repetition,
      part: (weights.repetition - 1) * 1.234),
  ]

  private func part(of row: Row, without disabled: Set<Signal> = []) throws -> Float? {
    var weights = RankingWeights()
    weights.disabled = disabled
    let index = try SmallIndex(row.files)
    let results = try index.searcher(weights: weights).search(SearchQuery(text: row.query)).results
    let result = try #require(
      results.first { $0.path.description == row.path && $0.lines.contains(row.line) },
      "\(results.map { "\($0.path):\($0.lines)" })")
    return result.explanation.first { $0.signal == row.signal.rawValue }?.value
  }

  @Test(arguments: rows) func `gives a chunk its part`(row: Row) throws {
    let part = try #require(try part(of: row))
    #expect(abs(part - row.part) < 0.02, "\(part)")
    #expect(try self.part(of: row, without: [row.signal]) == nil)
  }

  /// The chunk passes by its other symbol.
  @Test(arguments: [("", true), (" kind:type", false), (" -kind:function", false), (" -kind:variable", true)])
  func `a definition of a kind that the filters leave out is none`(filter: String, isDefinition: Bool) throws {
    let index = try SmallIndex([
      SmallIndex.File(
        path: "a.py", text: "def crush_mango():\n    class Juice: pass\n",
        symbols: [
          Symbol(kind: .function, name: "crush_mango", line: 1), Symbol(kind: .type, name: "Juice", line: 2),
        ])
    ])
    let result = try #require(try index.searcher().search(SearchQuery(text: "crush_mango" + filter)).results.first)
    #expect(result.explanation.contains { $0.signal == "definition" } == isDefinition)
  }

  @Test func `there is a row for every signal that a step gives`() {
    // A reranker has tests of its own, and `depth` is what a long page shows at its end.
    #expect(Set(Self.rows.map(\.signal)) == Set(Signal.allCases).subtracting([.reranking, .depth]))
  }

  /// Names, not numbers: what stands first for a query in a tree where several files answer.
  @Test(arguments: [
    ("crush_mango", "lib/crush.py"), ("mango crush", "lib/mango.py"),
    ("lib/mango.py", "lib/mango.py"), ("\"crush_mango(2)\"", "tests/test_crush.py"),
    ("tests for crush mango", "tests/test_crush.py"),
  ])
  func `puts first`(text: String, first: String) throws {
    let index = try SmallIndex([
      Self.function("crush_mango", "lib/crush.py", "    return juice\n"),
      Self.function("crush", "lib/mango.py", "    return crush_mango()\n"),
      Self.function("test_crush", "tests/test_crush.py", "    crush_mango(2)\n"),
      Self.other("docs/readme.md", "Of a mango: crush_mango, then drink.\n"),
    ])
    let results = try index.searcher().search(SearchQuery(text: text)).results
    #expect(results.first?.path.description == first)
  }
}
