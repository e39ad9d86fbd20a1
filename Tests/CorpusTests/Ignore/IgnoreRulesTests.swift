import Corpus
import Primitives
import TestSupport
import Testing

@Suite struct IgnoreRulesTests {
  private func verdict(
    _ rules: String, _ path: String, isDirectory: Bool = false, foldsCase: Bool = false
  ) -> IgnoreRules.Verdict? {
    verdict(IgnoreRules(Array(rules.utf8), foldsCase: foldsCase), path, isDirectory: isDirectory)
  }
  private func verdict(_ rules: IgnoreRules, _ path: String, isDirectory: Bool = false) -> IgnoreRules.Verdict? {
    let bytes = Array(path.utf8)
    let nameStart = (bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    return rules.verdict(path: bytes.span, nameStart: nameStart, isDirectory: isDirectory)
  }

  @Test func `a pattern without a slash matches at any depth`() {
    #expect(verdict("foo\n", "foo") == .ignored)
    #expect(verdict("foo\n", "a/b/foo") == .ignored)
    #expect(verdict("foo\n", "a/foo/b") == nil)
  }

  @Test func `a pattern with a slash in it is anchored`() {
    #expect(verdict("a/foo\n", "a/foo") == .ignored)
    #expect(verdict("a/foo\n", "x/a/foo") == nil)
    #expect(verdict("/foo\n", "foo") == .ignored)
    #expect(verdict("/foo\n", "x/foo") == nil)
  }

  @Test func `a slash at the end asks for a directory`() {
    #expect(verdict("foo/\n", "a/foo", isDirectory: true) == .ignored)
    #expect(verdict("foo/\n", "a/foo") == nil)
  }

  @Test func `the last pattern that matches decides`() {
    #expect(verdict("*.o\n!keep.o\n", "keep.o") == .included)
    #expect(verdict("!keep.o\n*.o\n", "keep.o") == .ignored)
    #expect(verdict("keep*\n!*.o\nkeep.o/\n", "keep.o") == .included)
    #expect(verdict("keep*\n!*.o\nkeep.o/\n", "keep.o", isDirectory: true) == .ignored)
  }

  @Test func `comments, blank lines and escapes are as in git`() {
    #expect(verdict("#foo\n", "#foo") == nil)
    #expect(verdict("\\#foo\n", "#foo") == .ignored)
    #expect(verdict("\\!foo\n", "!foo") == .ignored)
    #expect(verdict("\n\n/\n!\n", "foo") == nil)
  }

  @Test func `spaces at the end fall away unless one is escaped`() {
    #expect(verdict("foo   \n", "foo") == .ignored)
    #expect(verdict("foo\\ \n", "foo ") == .ignored)
    #expect(verdict("foo\\  \n", "foo ") == .ignored)
    #expect(verdict("foo\t\n", "foo") == nil)
  }

  @Test func `one carriage return before the line end belongs to it`() {
    #expect(verdict("foo\r\nbar\r\n", "foo") == .ignored)
    #expect(verdict("foo\r", "foo") == .ignored)
    #expect(verdict("foo\r\r\n", "foo\r") == .ignored)
    #expect(verdict("foo\rx\n", "foo\rx") == .ignored)
  }

  @Test func `a byte order mark at the beginning is no part of the first pattern`() {
    #expect(verdict("\u{FEFF}foo\n", "foo") == .ignored)
    #expect(verdict("bar\n\u{FEFF}foo\n", "foo") == nil)
  }

  @Test func `stars after a literal beginning stand at the beginning of what is matched`() {
    // Git compares `foo` first and matches the rest alone.
    #expect(verdict("foo**/bar\n", "foobar") == .ignored)
    #expect(verdict("foo**/bar\n", "foo/x/bar") == .ignored)
  }

  @Test func `case is folded where the repository says so`() {
    #expect(verdict("Foo\n*.O\n/A/b\n", "fOO", foldsCase: true) == .ignored)
    #expect(verdict("Foo\n*.O\n/A/b\n", "x.o", foldsCase: true) == .ignored)
    #expect(verdict("Foo\n*.O\n/A/b\n", "a/B", foldsCase: true) == .ignored)
    #expect(verdict("Foo\n", "foo") == nil)
  }

  @Test func `a name without an end of line or with a NUL is read as git reads it`() {
    #expect(verdict("foo", "foo") == .ignored)
    #expect(verdict("foo\0bar\n", "foo") == .ignored)
  }

  @Test func `ten thousand patterns are looked up as ten are`() {
    func rules(_ count: Int) -> IgnoreRules {
      let lines = (0..<count).map { i in
        // Names, suffixes, whole paths and paths with a wildcard, of the same few lengths.
        let number = String(100_000 + i)
        return ["name\(number)", "*.x\(number)", "/dir/sub/f\(number)", "/tree\(number)/*.o"][i % 4]
      }
      return IgnoreRules(Array(lines.joined(separator: "\n").utf8), foldsCase: false)
    }
    let few = rules(10)
    let many = rules(10_000)
    #expect(many.probeCount == few.probeCount)
    #expect(few.probeCount < 10)
    #expect(verdict(many, "a/name109996") == .ignored)
    #expect(verdict(many, "tree109999/x.o") == .ignored)
    #expect(verdict(many, "tree109999/x.c") == nil)
  }

  @Test func `rules agree with trying one pattern after the other`() {
    var random = SeededRandom(seed: 11)
    let pieces = ["a", "b", "ab", "*", "**", "?", "[ab]", ".o", "/", "/", "\\a"]
    for _ in 0..<3_000 {
      let lines = (0..<(1 + random.next(upTo: 6))).map { _ in
        (random.next(upTo: 4) == 0 ? "!" : "")
          + (0..<(1 + random.next(upTo: 5))).map { _ in pieces[random.next(upTo: pieces.count)] }.joined()
      }
      let together = IgnoreRules(Array(lines.joined(separator: "\n").utf8), foldsCase: false)
      for path in ["a", "b", "ab", "a.o", "a/b", "a/ab.o", "b/a/b", "a/b/ab"] {
        for isDirectory in [false, true] {
          let oneByOne = lines.reversed().lazy.compactMap {
            verdict(IgnoreRules(Array($0.utf8), foldsCase: false), path, isDirectory: isDirectory)
          }.first
          #expect(verdict(together, path, isDirectory: isDirectory) == oneByOne, "\(lines) on \(path)")
        }
      }
    }
  }

  @Test func `two hundred thousand patterns are read in no time`() {
    let content = Array((0..<200_000).map { "directory/name\($0)\n" }.joined().utf8)
    let time = ContinuousClock().measure {
      let rules = IgnoreRules(content, foldsCase: false)
      #expect(rules.probeCount < 20)
    }
    // With a copy of all for each, it takes minutes.
    #expect(time < .seconds(30))
  }
}
