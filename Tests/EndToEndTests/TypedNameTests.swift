import Primitives
import TestSupport
import Testing

/// Names as people type them, and what is said of those that are nearly there, through the real binary.
@Suite struct TypedNameTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  private func first(_ question: String, _ options: String...) throws -> String {
    try cairn.start(["search", "--vimgrep"] + options + ["--", question]).wait().outputText
      .split(separator: "\n").first.map(String.init) ?? ""
  }

  @Test func `a member of a package of Go is what its directory holds`() throws {
    try cairn.write(
      "fmt/errors.go", "package fmt\n\n// Formats an error.\nfunc Errorf(format string) error {\n\treturn nil\n}\n")
    try cairn.write("log/log.go", "package log\n\ntype Logger struct{}\n\nfunc (l *Logger) Errorf(format string) {}\n")
    for i in 0..<20 {
      try cairn.write(
        FilePath("use/u\(i).go"),
        "package use\n\n// Run returns what fmt.Errorf makes, as fmt.Errorf does.\nfunc Run\(i)() error {\n\treturn fmt.Errorf(\"x\")\n}\n"
      )
    }
    #expect(try first("fmt.Errorf").hasPrefix("fmt/errors.go:4:"))
    #expect(try first("Logger.Errorf").hasPrefix("log/log.go:5:"))
  }

  @Test(arguments: [
    ("@lock", "a.rb:2:"), ("$VERSION", "b.pl:2:"), ("#define LIMIT", "c.h:2:"), ("~Thread()", "d.cpp:4:"),
    ("Thread::~Thread", "d.cpp:4:"), ("operator delete", "d.cpp:6:"), ("//=", "b.pl:3:"), ("''", "b.pl:4:"),
    ("uint32_t", "e.h:1:"),
  ])
  func `a name with the sign of its language leads to where it stands so`(question: String, place: String) throws {
    try cairn.write("a.rb", "class Door\n  @lock = 1\nend\n")
    try cairn.write("a2.rb", "def lock(file)\n  file\nend\n")
    try cairn.write("b.pl", "package Door;\nour $VERSION = 3;\nmy $x //= 4;\nmy $y = '';\n")
    try cairn.write("b2.pl", "package Version;\nsub VERSION { 1 }\nsub version { VERSION }\n")
    try cairn.write("c.h", "#pragma once\n#define LIMIT 10\n")
    try cairn.write("c2.h", "int limit(int limit);\n/* The limit that we define. */\n")
    try cairn.write(
      "d.cpp",
      "class Thread {\npublic:\n  Thread();\n  ~Thread() { join(); }\n};\nvoid operator delete(void* at) noexcept { put(at); }\n"
    )
    try cairn.write("d2.cpp", "// An operator may delete a Thread.\nThread make() { return Thread(); }\n")
    try cairn.write("e.h", "typedef unsigned int uint32_t;\n")
    try cairn.write("e2.c", "uint32_t count(uint32_t a, uint32_t b) { uint32_t c = a; return c + b; }\n")
    #expect(try first(question).hasPrefix(place), "\(question)")
  }

  @Test(arguments: ["parse_1", "load_c", "HttpS", "EAGAIN_1", "abc-def-1"])
  func `the beginning of a longer name is not that name`(question: String) throws {
    try cairn.write(
      "a.py",
      "def parse_10(): pass\ndef load_config(): pass\nclass HttpServer: pass\nEAGAIN_11 = 3\nV = '1.2.30 abc-def-10'\n")
    let result = try cairn.run("search", "--", question)
    #expect(result.code == 1 && result.errorText.contains("no indexed file holds"), "\(result.errorText)")
    #expect(try cairn.run("search", "-l", "--", question).outputText.isEmpty)
  }

  @Test(arguments: ["load", "Http", "parse", "config", "Server", "1.2.30", "abc-def"])
  func `a part of a longer name is there`(question: String) throws {
    try cairn.write(
      "a.py", "def parse_10(): pass\ndef load_config(): pass\nclass HttpServer: pass\nV = '1.2.30 abc-def-10'\n")
    #expect(try cairn.run("search", "--", question).code == 0)
  }

  @Test func `near names are also those that nothing defines`() throws {
    try cairn.write(
      "a.py", "def f(request_class, _sanitize_params):\n  return request_class(base_fields=_sanitize_params)\n")
    for (typed, near) in [
      ("reuest_class", "request_class"), ("base_felds", "base_fields"), ("sanitizeParams", "_sanitize_params"),
    ] {
      let result = try cairn.run("search", "--", typed)
      #expect(result.code == 1 && result.errorText.contains("there is \(near)"), "\(typed): \(result.errorText)")
    }
  }

  @Test func `what is nowhere says which files were not looked at`() throws {
    try cairn.write("a.py", "def f(): pass\n")
    try cairn.write("id_rsa", "def hidden_name(): pass\n")
    let result = try cairn.run("search", "--", "hidden_name")
    #expect(result.code == 1 && result.errorText.contains("not looked at (secret 1)"), "\(result.errorText)")
    #expect(!(try cairn.run("search", "--", "f").errorText.contains("not looked at")))
  }

  @Test func `a filter of kinds asks for a symbol of that kind`() throws {
    try cairn.write(
      "a.go", "package a\n\ntype Reader struct{ source Source }\n\ntype Source interface {\n\tNext() int\n}\n")
    try cairn.write("b.go", "package b\n\ntype Reader interface {\n\tRead(p []byte) (n int, err error)\n}\n")
    #expect(try first("kind:interface Reader").hasPrefix("b.go:3:"))
  }

  @Test func `ask ends with 1 where what is asked for is nowhere`() throws {
    try cairn.write("a.py", "def f(): pass\n")
    #expect(try cairn.run("ask", "nosuchthing_q", "-q").code == 1)
    #expect(try cairn.run("ask", "f", "-q").code == 0)
  }

  @Test func `a quotation of any length that is nowhere ends with 1`() throws {
    try cairn.write("a.py", "def f(): pass\n")
    for count in [40, 49, 60] {
      let text = "\"" + (0..<count).map { "foo\($0)" }.joined(separator: " ") + "\""
      #expect(try cairn.run("search", "-q", "--", text).code == 1, "\(count)")
    }
  }

  @Test func `a quoted text with signs around a word is no name`() throws {
    try cairn.write("a.py", "def callback(callback):\n  return callback\n")
    try cairn.write("b.py", "ACTIONS = ('store',\n  'callback',\n  'help')\n")
    #expect(try first("\"'callback',\"").hasPrefix("b.py:2:"))
  }
}
