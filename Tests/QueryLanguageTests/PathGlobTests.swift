import Primitives
import QueryLanguage
import Testing

@Suite struct PathGlobTests {
  @Test(arguments: [
    ("*.go", "a/b/c.go", true), ("*.go", "a/b/c.gob", false), ("net", "src/net/socket.c", true),
    ("net", "src/network/socket.c", false), ("src/net", "x/src/net/a.c", true), ("/src/net", "x/src/net/a.c", false),
    ("/src", "src/a.c", true), ("src/**/*.go", "src/a.go", true), ("src/**/*.go", "src/x/y/a.go", true),
    ("src/*/a.go", "src/x/y/a.go", false), ("**/test", "test/a", true), ("tests/", "a/tests/b.py", true),
    ("README.md", "readme.md", true), ("a?c", "abc", true), ("a?c", "a/c", false), ("[a-c].py", "b.py", true),
    ("[!a-c].py", "b.py", false), ("[", "[", true), ("a[b", "a[b", true), ("\\*", "*", true), ("\\*", "a", false),
    ("my files/*", "my files/a b", true), ("", "a", true), ("**", "a/b", true),
  ])
  func `a glob matches runs of whole components`(pattern: String, path: String, expected: Bool) {
    #expect(PathGlob(pattern).matches(FilePath(path)) == expected)
  }

  @Test(arguments: [
    ("*.{py,tsx}", "a/b.tsx", true), ("*.{py,tsx}", "a/b.ts", false), ("{src,lib}/**/a.c", "lib/x/a.c", true),
    ("{a,b{c,d}}.x", "bd.x", true), ("{a,b{c,d}}.x", "b.x", false), ("{a}.x", "{a}.x", true), ("{a,b", "{a,b", true),
    ("a,b", "a,b", true), ("\\{a,b\\}", "{a,b}", true), ("\\{a,b\\}", "a", false), ("x{,y}.c", "x.c", true),
    ("{x{a,b}}", "{xb}", true), ("app/[id]/page.tsx", "app/[id]/page.tsx", true), ("[id]", "app/[id]/x", true),
    ("[id]", "i", true), ("app/[...slug]/*.{ts,tsx}", "app/[...slug]/page.tsx", true), ("[[a]]", "[[a]]", true),
  ])
  func `braces are alternatives, and brackets match themselves too`(pattern: String, path: String, expected: Bool) {
    #expect(PathGlob(pattern).matches(FilePath(path)) == expected)
  }

  @Test func `braces with more alternatives than the limit are taken as they are written`() {
    let many = String(repeating: "{a,b}", count: 7)
    #expect(PathGlob(many).matches(FilePath(many)) && !PathGlob(many).matches("aaaaaaa"))
    #expect(PathGlob(String(repeating: "{a,b}", count: 6)).matches("abbaab"))
    #expect(!PathGlob(String(repeating: "{a,", count: 20_000)).matches("a"))
  }

  @Test(arguments: [
    (".", "lib/a.c", true), (".", "a.c", false), ("./a.c", "lib/a.c", true), ("./a.c", "lib/x/a.c", false),
    ("./", "lib/x/a.c", true), ("..", "a.c", true), ("../src", "src/a.c", true), ("../src", "lib/src/a.c", false),
    ("../..", "a.c", false), ("/home/me/Tree", "a.c", true), ("/home/me/tree/src/*.c", "src/a.c", true),
    ("/home/me/tree/src/*.c", "x/src/a.c", false), ("/home/me/treetop/a.c", "a.c", false),
    ("/link/src", "src/a.c", true),
    ("/src", "src/a.c", true), ("src", "lib/src/a.c", true),
  ])
  func `paths begin where they are asked from`(pattern: String, path: String, expected: Bool) {
    let origin = PathOrigin(roots: ["/home/me/tree", "/link"], directory: "lib")
    #expect(PathGlob(pattern, from: origin).matches(FilePath(path)) == expected)
  }

  @Test func `a directory whose name looks like a pattern is only itself`() {
    let origin = PathOrigin(roots: ["/r"], directory: "app/[id]")
    #expect(PathGlob("./*.c", from: origin).matches("app/[id]/a.c"))
    #expect(!PathGlob("./*.c", from: origin).matches("app/i/a.c"))
  }

  @Test func `many stars cost no more than a few`() {
    let pattern = PathGlob(String(repeating: "*a", count: 200) + "b")
    #expect(!pattern.matches(FilePath(String(repeating: "a", count: 2000))))
  }

  @Test func `long patterns are read and tried in no time`() {
    let clock = ContinuousClock()
    let path = FilePath(String(repeating: "a/", count: 50) + "b")
    let time = clock.measure {
      for piece in ["[", "[a", "[!", "[]", "[a-", "**/", "*?", "[a]", "\\["] {
        let glob = PathGlob(String(repeating: piece, count: 20_000) + "x")
        for _ in 0..<20 { #expect(!glob.matches(path)) }
      }
    }
    // Twenty thousand brackets squared are minutes.
    #expect(time < .seconds(10))
  }

  @Test func `an open bracket is itself, and so are those behind it`() {
    #expect(PathGlob("[[a").matches("[[a") && PathGlob("[]").matches("[]") && PathGlob("a[b[c").matches("a[b[c"))
    #expect(PathGlob("[]a]").matches("]") && PathGlob("[[]").matches("[") && !PathGlob("[[]").matches("[a]"))
  }

  /// The slow twin: tries every split by recursion.
  private func slowMatch(
    _ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>, before: Character? = nil
  ) -> Bool {
    guard let first = pattern.first else { return text.isEmpty || text.first == "/" }
    let rest = pattern.dropFirst()
    if first == "*", rest.first == "*" {
      let after = rest.dropFirst()
      if after.first == "/", before == nil || before == "/", slowMatch(after.dropFirst(), text, before: "/") {
        return true
      }
      for n in 0...text.count where slowMatch(after, text.dropFirst(n), before: "*") { return true }
      return false
    }
    if first == "*" {
      for n in 0...text.count {
        if slowMatch(rest, text.dropFirst(n), before: "*") { return true }
        if n < text.count, text[text.startIndex + n] == "/" { return false }
      }
      return false
    }
    guard let letter = text.first else { return false }
    return (first == letter || (first == "?" && letter != "/")) && slowMatch(rest, text.dropFirst(), before: first)
  }

  @Test func `the matcher agrees with its slow twin`() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<20_000 {
      let letters = (0..<Int.random(in: 1...6, using: &random)).map { _ in "ab*?/".randomElement(using: &random)! }
      var pattern = String(letters)
      // Three stars are two, and slashes at the ends have a meaning of their own.
      while pattern.contains("***") { pattern = pattern.replacing("***", with: "**") }
      if pattern.hasPrefix("/") || pattern.hasSuffix("/") { continue }
      let path = String((0..<Int.random(in: 1...7, using: &random)).map { _ in "ab/".randomElement(using: &random)! })
      let starts = [0] + path.enumerated().filter { $0.element == "/" }.map { $0.offset + 1 }
      let expected = starts.contains { slowMatch(Array(pattern)[...], Array(path)[$0...]) }
      #expect(PathGlob(pattern).matches(FilePath(path)) == expected, "\(pattern) on \(path)")
    }
  }
}
