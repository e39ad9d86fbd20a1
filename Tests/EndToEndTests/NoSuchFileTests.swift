import Primitives
import TestSupport
import Testing

/// A path that is all of a query and that no indexed file has.
@Suite struct NoSuchFileTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    try cairn.write("web/page.html", "<script src=\"jquery.min.js\"></script>\n")
    try cairn.write("Über/Größe.py", "def measure(): pass\n")
    try cairn.write("Kit/Store.java", "class Store {}\n")
    _ = try cairn.run("index", "-q")
  }

  @Test(arguments: [
    ("nosuch.py", []), ("src/nosuch.py", []), ("./nosuch.py", []), ("../nosuch.py", []), ("/srv/app/nosuch.py", []),
    ("src/nosuch", []), ("src\\nosuch.py", []), ("`nosuch.py`", []), ("nosuch.py:3", []), ("nosuch.py:0", []),
    ("nosuch.py|3 col 1|", []), ("nosuch.py line 3", []), ("file:///srv/nosuch.py", []), ("nosuch/", []),
    ("nosuch.log", []), ("NoSuch.CSV", []), ("ext/lib/nosuch", []), ("nosuch.py -lang:c", []),
    ("date.py", ["src/dates.py"]), ("dates.js", ["src/dates.py"]), ("scr/dates.py", ["src/dates.py"]),
    ("lib/dates.py", ["src/dates.py"]), ("scr/", ["src/"]), ("kit/Stoer.java:1", ["Kit/Store.java"]),
    ("Grösse.pyi", ["Über/Größe.py"]),
  ])
  func `is said to be nowhere, with what is called nearly so`(question: String, near: [String]) throws {
    let loud = try cairn.run("search", question)
    #expect(loud.code == 1, "\(loud.errorText)")
    #expect(loud.errorText.contains("no indexed file is called "), "\(loud.errorText)")
    #expect(near.allSatisfy { loud.errorText.contains("; there is \($0)") }, "\(loud.errorText)")
    #expect(loud.errorText.contains("; what follows is only near it"), "\(loud.errorText)")
    let json = try cairn.run("search", "--json", question)
    let summary = try #require(try json.objects("summary").first)
    let absent = try #require(summary["absent"] as? [[String: Any]])
    #expect(
      absent.count == 1 && absent[0].text("kind") == "file" && absent[0]["near"] as? [String] == near, "\(absent)")
    #expect(json.code == 1 && summary["nowhere"] as? Bool == true)
    let quiet = try cairn.run("search", "-q", question)
    #expect(quiet.code == 1 && quiet.outputText.isEmpty && quiet.errorText.isEmpty)
  }

  @Test(arguments: [
    "dates.py", "src/dates.py", "DATES.PY", "./src/dates.py", "/home/x/project/src/dates.py", "src/dates", "src/",
    "src",
    "dates.py:2", "src/dates.py|2 col 1|", "where does nosuch.py parse a date", "parse/listen",
    "über/größe.py", "U\u{308}ber/", "file:///x/%C3%9Cber/Gr%C3%B6%C3%9Fe.py", "/api/multiply", "*.py", "self.parse",
    "server.listen", "parse nosuch.py", "/usr/src/app/dates.py", "/usr/src/app/dates.py:2", "C:\\app\\dates.py",
    "C:\\dates.py:2",
  ])
  func `a file that is there, a name that is written somewhere and a question in words are no such path`(
    question: String
  ) throws {
    let result = try cairn.run("search", question)
    #expect(result.code == 0 && !result.errorText.contains("no indexed file is called "), "\(result.errorText)")
  }

  @Test func `a name that only text has is found where it is written, and is said to be no file's`() throws {
    let result = try cairn.run("search", "-n1", "jquery.min.js")
    #expect(result.code == 0 && result.outputText.contains("web/page.html"))
    #expect(result.errorText.contains("jquery.min.js: no indexed file is called so"), "\(result.errorText)")
  }

  @Test func `links in directories that are left out lead nowhere`() throws {
    try cairn.write(".gitignore", "build/\n")
    try cairn.write("build/deep/hidden.py", "x = 1\n")
    _ = try cairn.shell(
      "mkdir -p .git/objects .git/refs; printf 'ref: refs/heads/main\\n' >.git/HEAD; ln -s /etc build/etc; ln -s .. build/up"
    )
    let found = try cairn.run("search", "hidden.py")
    #expect(found.code == 1 && found.errorText.components("build/deep/hidden.py: this file is not indexed") == 1)
    let outside = try cairn.run("search", "hosts.conf")
    #expect(!outside.errorText.contains("build/etc"), "\(outside.errorText)")
  }
}

extension String {
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
