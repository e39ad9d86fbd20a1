import Corpus
import Inspection
import Primitives
import ResultNotes
import Retrieval
import Settings
import TestSupport
import Testing

@Suite struct WordsTests {
  @Test(arguments: [
    (FilterProblem.unknownLanguage("pyton"), "no language is called \"pyton\"; did you mean \"python\"?"),
    (.absentLanguage("rust"), "no indexed file is in the language \"rust\""),
    (
      .unknownKind("functoin", isNegated: false),
      "no kind of symbol is called \"functoin\"; did you mean \"function\"?"
    ),
    (
      .unknownKind("functoin", isNegated: true),
      "no kind of symbol is called \"functoin\", so it leaves nothing out; did you mean \"function\"?"
    ),
    (
      .unknownKind("q", isNegated: false),
      "no kind of symbol is called \"q\"; there are: function, method, type, interface, enumeration, module, constant, "
        + "variable, property, macro, section, table, rule, other"
    ),
    (.misunderstood("lang:"), "\"lang:\" names nothing and was searched for as words"),
    (
      .misunderstood("kind:methd"),
      "\"kind:methd\" is no kind of symbol and was searched for as words; did you mean \"method\"?"
    ),
    (
      .noFilter("type:py", meant: "lang:py"),
      "\"type:py\" is no filter and was searched for as words; lang:py asks for the language"
    ),
    (.unmatchedPath("*.{c,h}", near: nil), "no indexed file ends in .c or .h"),
    (.unmatchedPath("srcc", near: "src"), "no indexed file has a path like \"srcc\"; did you mean \"src\"?"),
    (
      .unmatchedPath("a/*", near: nil),
      "no indexed file has a path like \"a/*\"; * stays inside a directory, ** crosses them, / begins at the root"
    ),
    (
      .absentKind(["macro", "rule"]),
      "nothing in the index defines a symbol of the kind macro or rule; without the filter more is searched"
    ),
    (.disjoint(["lang:c"]), "lang:c leaves nothing to search"),
    (
      .disjoint(["lang:c", "path:x"]),
      "nothing in the index passes all filters together, though something passes each: lang:c, path:x"
    ),
    (
      .notExcluded("-x"),
      "\"-x\" excludes nothing and was searched for; NOT before a word, -lang:, -path:, -ext: and -kind: exclude"
    ),
  ])
  func `a filter that does nothing is told with what was probably meant`(_ problem: FilterProblem, _ message: String) {
    #expect(problem.note == Failure(.filter, message))
  }

  private struct Limits: Sendable {
    var fileLimit = 0
    var seconds = 0
    var leftOut: [String: Int] = [:]
    var unvisitedCount: Int?
    var reasons: [String] = []
  }

  @Test(arguments: [
    Limits(), Limits(leftOut: ["file-limit": 2]),
    Limits(
      fileLimit: 5, leftOut: ["file-limit": 1],
      reasons: ["1 file is beyond file_limit = 5 (set by the program); raise it, or set it to 0 for no limit"]),
    Limits(
      fileLimit: 5, leftOut: ["file-limit": 3], unvisitedCount: 0,
      reasons: ["3 files are beyond file_limit = 5 (set by the program); raise it, or set it to 0 for no limit"]),
    Limits(
      seconds: 2, unvisitedCount: 4,
      reasons: [
        "the walk had no time for 4 directories, by walk_time_limit_s = 2 (set by the program); "
          + "raise it, or set it to 0 for no limit"
      ]),
    Limits(seconds: 2, unvisitedCount: 0),
  ])
  private func `a limit is a reason where it still holds and something was beyond it`(_ limits: Limits) {
    var values = SettingValues()
    values.set(.fileLimit, to: .integer(limits.fileLimit), from: .program)
    values.set(.walkTimeLimitSeconds, to: .integer(limits.seconds), from: .program)
    #expect(values.limitReasons(leftOut: limits.leftOut, unvisitedCount: limits.unvisitedCount) == limits.reasons)
    let notes = values.limitNotes(leftOut: limits.leftOut, unvisitedCount: limits.unvisitedCount)
    #expect(
      notes.map(\.message)
        == limits.reasons.map { "the index is not complete, so the answer may lack files: \($0)" })
    #expect(notes.allSatisfy { $0.code == .limited })
  }

  @Test func `a link says where it leads inside the tree, and of others only that they lead out`() throws {
    let tree = try TemporaryTree()
    try tree.write("a.c", "")
    makeLink(tree.root.appending("inside"), to: "a.c")
    makeLink(tree.root.appending("outside"), to: "/etc")
    func message(_ path: FilePath) -> String {
      SkippedEntry(path: path, reason: .symbolicLink, isDirectory: false).note(root: tree.root).message
    }
    #expect(message("inside") == "this file is not indexed (symbolic-link): it leads to a.c")
    #expect(message("outside") == "this file is not indexed (symbolic-link): it leads out of the tree")
    #expect(message("gone").hasSuffix("follow_links follows links that lead out of the tree"))
  }

  @Test func `a name with signs of patterns is escaped in the line that brings it in`() {
    let entry = SkippedEntry(path: "a*b[1]?.c", reason: .ignored, isDirectory: false)
    #expect(entry.remedy == "`!/a\\*b\\[1]\\?.c` in .cairnignore brings it in")
  }
}
