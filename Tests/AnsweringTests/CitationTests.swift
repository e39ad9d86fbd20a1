import Answering
import Testing

@Suite struct CitationTests {
  let passages = [
    Passage(path: "src/a.py", language: "python", firstLine: 10, lines: (10...19).map { "a\($0)" }),
    Passage(path: "src/a.py", language: "python", firstLine: 30, lines: (30...31).map { "a\($0)" }),
    Passage(path: "odd, name", language: "text", firstLine: 1, lines: ["x"]),
  ]

  func places(_ answer: String) -> [String] {
    CitationScanner(knownPaths: passages.map(\.path)).citations(in: answer).map(\.place)
  }

  @Test func `citations are found in the forms that models write`() {
    #expect(places("It does so [src/a.py:10-12], and more [src/a.py:30].") == ["src/a.py:10-12", "src/a.py:30"])
    #expect(places("[`src/a.py:10-12`] [./src/a.py:L10–L12] [src/a.py: 10 - 12]") == ["src/a.py:10-12"])
    #expect(places("[src/a.py:10-12, 15; b/c.h:3-4]") == ["src/a.py:10-12", "src/a.py:15", "b/c.h:3-4"])
    #expect(places("[odd, name:1]") == ["odd, name:1"])
    #expect(places("[[src/a.py:10]](link)") == ["src/a.py:10"])
  }

  @Test func `what only looks like one is left alone`() {
    #expect(places("x[i:10] and [1:2], [a], [see: 3], [http://x/y:80], [note: 10-12] [] [:3] [src/a.py]").isEmpty)
    #expect(places("[src/a.py:\n10]").isEmpty)
    #expect(places(String(repeating: "[", count: 10_000)).isEmpty)
    #expect(places("[src/a.py:99999999999999999999-3]").isEmpty)
  }

  @Test func `each citation is held against what was retrieved and the file as it is now`() {
    let now = (1...40).map { $0 == 15 ? "changed" : "a\($0)" }
    let check = CitationCheck(passages) { $0 == "src/a.py" ? now : nil }
    func verdict(_ path: String, _ first: Int, _ last: Int) -> CitationVerdict {
      check.verdict(on: Citation(path: path, firstLine: first, lastLine: last))
    }
    #expect(verdict("src/a.py", 10, 14) == .valid)
    #expect(verdict("src/a.py", 30, 31) == .valid)
    #expect(verdict("src/a.py", 14, 16) == .changed)
    #expect(verdict("src/a.py", 18, 20) == .beyondRetrieved)
    #expect(verdict("src/a.py", 19, 30) == .beyondRetrieved)
    #expect(verdict("src/a.py", 12, 10) == .beyondRetrieved)
    #expect(verdict("src/a.py", 0, 10) == .beyondRetrieved)
    #expect(verdict("src/a.py", 1, 999_999_999) == .beyondRetrieved)
    #expect(verdict("src/b.py", 10, 12) == .notRetrieved)
    // The file is gone.
    #expect(verdict("odd, name", 1, 1) == .changed)
  }

  @Test(arguments: [
    ("alpha beta …", true), ("… gamma delta", true), ("… beta gamma …", true), ("alpha beta gamma delta", true),
    ("… other …", false), ("beta gamma …", false), ("… beta gamma", false), ("beta gamma", false),
  ])
  func `a long line that was shown in part is the line that holds the part`(shown: String, isValid: Bool) {
    let passage = Passage(path: "a.py", language: "python", isProse: false, firstLine: 1, lines: [shown])
    let check = CitationCheck([passage]) { _ in ["alpha beta gamma delta"] }
    #expect(check.verdict(on: Citation(path: "a.py", firstLine: 1, lastLine: 1)) == (isValid ? .valid : .changed))
  }
}
