import Primitives
import ResultNotes
import Testing

@Suite struct NamedPathTests {
  @Test(arguments: [
    ("src/a.c", ["src/a.c"]), ("../src//a.c", ["../src//a.c", "src/a.c"]), ("C:/w/a.c", ["C:/w/a.c", "/w/a.c"]),
    ("a.py:parse", ["a.py:parse", "a.py"]), ("a/../b.c", ["a/../b.c", "b.c"]), ("/", ["/"]),
  ])
  func `a path is read in each way in which it may be meant`(_ written: String, _ readings: [String]) {
    #expect(NamedPath.readings(of: written) == readings.map { FilePath($0) })
  }

  @Test(arguments: [
    ("(src/a.c),", "src/a.c"), ("a.c:12:3:", "a.c"), ("lib/", nil), ("word", nil), ("https://a.example/b.c", nil),
    ("/etc/hosts", nil), ("../a.c", nil), ("...", nil), (".env", ".env"), ("src/", nil), ("a/b", "a/b"),
  ])
  func `a word with a dot or a slash may be a file's name`(_ word: String, _ name: String?) {
    #expect(NamedPath.fileName(in: word[...]) == name.map { FilePath($0) })
  }

  @Test(arguments: [
    ("src/Main.c", "main.c", true), ("src/main.c", "src/main.c", true), ("src/main.c", "ain.c", false),
    ("src/main.c", "./src/main.c", true), ("src/main.c", "/src/main.c", true), ("main.c", "src/main.c", false),
    ("src/ÄRA.c", "ära.c", true), ("src/main.c", "", false),
  ])
  func `a path has a name where it ends with its components`(_ path: String, _ name: String, _ isNamed: Bool) {
    #expect(NamedPath.isNamed(FilePath(path), FilePath(name)) == isNamed)
  }

  @Test func `a directory leads to what is written with its name before it`() {
    #expect(NamedPath.leads("a/Build", to: "Build/x.c") && NamedPath.leads("a/Build", to: "/a/Build/x.c"))
    #expect(!NamedPath.leads("a/Build", to: "build/x.c"))
    #expect(NamedPath.leads("a/Build", to: "build/x.c", inAnyCase: true))
    #expect(!NamedPath.leads("a/Build", to: "Builder/x.c"))
  }

  @Test func `a name is borne by a file with or without its extension, and by a directory on the way`() {
    let names: Set<[UInt8]> = [Array("secret".utf8)]
    for path in ["a/Secret.env", "secret/x", ".secret", "a/secret"] {
      #expect(NamedPath.bears(FilePath(path), names), "\(path)")
    }
    #expect(!NamedPath.bears("a/secrets.env", names))
  }

  @Test func `a route of a server and a pattern are no file's name`() {
    #expect(NamedPath.isNameOfFile("src/a.c"))
    for name in ["/users/a.b", "*.c", "src", ".env"] { #expect(!NamedPath.isNameOfFile(FilePath(name)), "\(name)") }
  }
}
