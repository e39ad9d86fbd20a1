import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// `cairn grep` and `cairn files`: ripgrep's lines, whatever the index has, and no pattern that takes for ever.
@Suite struct GrepTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram(inMemory: true) }

  @Test func `lines, counts, paths and matches are printed as ripgrep prints them`() throws {
    try cairn.write("src/a.c", "int foo;\nint bar;\nfoo(bar);\n")
    try cairn.write("src/b.c", "nothing\n")
    #expect(try cairn.run("grep", "foo").outputText == "src/a.c:int foo;\nsrc/a.c:foo(bar);\n")
    #expect(try cairn.run("grep", "-n", "foo", "src/a.c").outputText == "1:int foo;\n3:foo(bar);\n")
    #expect(try cairn.run("grep", "-c", "foo").outputText == "src/a.c:2\n")
    #expect(try cairn.run("grep", "-l", "-0", "foo").outputText == "src/a.c\0")
    #expect(try cairn.run("grep", "--files-without-match", "foo").outputText == "src/b.c\n")
    #expect(try cairn.run("grep", "-o", "-I", "f\\w+").outputText == "foo\nfoo\n")
    #expect(try cairn.run("grep", "-I", "-r", "<$1>", "(b)ar").outputText == "int <b>;\nfoo(<b>);\n")
    #expect(try cairn.run("grep", "-C1", "-I", "-n", "bar;").outputText == "1-int foo;\n2:int bar;\n3-foo(bar);\n")
    #expect(try cairn.run("grep", "--vimgrep", "bar").outputText == "src/a.c:2:5:int bar;\nsrc/a.c:3:5:foo(bar);\n")
    #expect(try cairn.run("grep", "--count-by", "directory", "foo").outputText == "2\t.\n2\tsrc\n")
    #expect(try cairn.run("files").outputText == "src/a.c\nsrc/b.c\n")
    #expect(try cairn.run("files", "a.*").outputText == "src/a.c\n")
  }

  @Test func `what is replaced, too long or goes over lines is shown as ripgrep shows it`() throws {
    try cairn.write("a.c", "int foo;\n\tfoo(bar);\nend\n")
    for (arguments, expected) in [
      (["-M5", "foo", "a.c"], "[Omitted long matching line]\n[Omitted long matching line]\n"),
      (["-M5", "-r", "x", "foo;", "a.c"], "[Omitted long line with 1 matches]\n"),
      (["-M5", "-r", "", "foo;", "a.c"], "int \n"), (["--passthru", "-o", "foo", "a.c"], "foo\nfoo\nend\n"),
      (["--vimgrep", "--heading", "int"], "a.c:1:1:int foo;\n"),
      (["--vimgrep", "-r", "x", "int|foo;"], "a.c:1:1:x x\na.c:1:3:x x\n"),
      (["-U", "--column", "-n", "bar\\);\\nend", "a.c"], "2:6:\tfoo(bar);\n3:6:end\n"),
      (["-U", "-r", "-", "\\nend", "a.c"], "\tfoo(bar);-\n"), (["--json", "-c", "foo", "a.c"], "2\n"),
    ] {
      #expect(try cairn.start(["grep"] + arguments).wait().outputText == expected, "\(arguments)")
    }
    #expect(try cairn.run("grep", "-c", "--json", "int").outputText.hasPrefix("{\"type\":\"begin\""))
    #expect(try cairn.run("grep", "--stats", "int").outputText.hasSuffix(" seconds total\n"))
  }

  @Test func `a group that took no part in a match is empty in a replacement`() throws {
    try cairn.write("q", "foo\nabc\ncaf\n")
    for (pattern, template, expected) in [
      ("(x)|b", "$1", "ac\n"), ("(a)|(b)", "<$1>", "<a><>c\nc<a>f\n"), ("c(x)?af", "$1", "\n"),
      ("(?P<n>x)|f", "[$n]", "[]oo\nca[]\n"),
    ] {
      for options in [["-r"], ["-U", "-r"], ["-P", "-r"]] {
        let run = try cairn.start(["grep"] + options + [template, pattern, "q"]).wait()
        #expect(run.code == 0 && run.outputText == expected, "\(options) \(pattern): \(run)")
      }
    }
    #expect(try cairn.run("grep", "-w", "-r", "$1", "", "q").code < 2)
  }

  @Test func `the beginning of a long line is on one line with what is said of its end`() throws {
    try cairn.write("q", "\u{663}\u{212A}\nab\n")
    #expect(
      try cairn.run("grep", "-nM", "3", "--max-columns-preview", ".", "q").outputText
        == "1:\u{663}\u{212A} [... omitted end of long line]\n2:ab\n")
  }

  @Test func `exit codes tell of lines, of none and of errors`() throws {
    try cairn.write("a.c", "foo\n")
    #expect(try cairn.run("grep", "foo").code == 0)
    #expect(try cairn.run("grep", "-q", "foo").outputText == "")
    #expect(try cairn.run("grep", "zebra").code == 1)
    #expect(try cairn.run("grep", "foo", "missing.c").code == 2)
    let mistake = try cairn.run("grep", "a(?=b)")
    #expect(mistake.code == 2 && mistake.errorText.contains("use -P"), "\(mistake.errorText)")
    #expect(try cairn.run("grep", "foo{").errorText.contains("-F"))
  }

  @Test func `globs have alternatives, and one that is not whole is an error`() throws {
    for name in ["a.py", "b.c", "c.h", "d{e}.c", "sub/f.py"] { try cairn.write(FilePath(name), "foo\n") }
    for (globs, expected) in [
      (["*.{py,c}"], "a.py b.c d{e}.c sub/f.py"), (["!*.{py,c}"], "c.h"), (["{a,c}.{py,h}"], "a.py c.h"),
      (["*.{c,{h,py}}"], "a.py b.c c.h d{e}.c sub/f.py"), (["d\\{e\\}.c"], "d{e}.c"), (["[{]x,[ab].*"], ""),
      (["*.py", "!sub/{f,g}.py"], "a.py"), ([""], "a.py b.c c.h d{e}.c sub/f.py"), (["sub/{,x/}f.py"], "sub/f.py"),
    ] {
      let run = try cairn.start(["grep", "-l", "foo"] + globs.flatMap { ["-g", $0] }).wait()
      #expect(run.outputText.split(separator: "\n").joined(separator: " ") == expected, "\(globs)")
      #expect(run.code == (expected.isEmpty ? 1 : 0))
    }
    for glob in ["[", "{a", "a}", "x/{a,[}"] {
      let run = try cairn.run("grep", "-g", glob, "foo")
      #expect(run.code == 2 && run.errorText.contains("the glob \(glob) has a"), "\(run.errorText)")
    }
  }

  @Test func `files that the system makes up are read to their end, and no line is no line`() throws {
    #expect(try cairn.run("grep", "-c", "^Linux", "/proc/version").outputText == "1\n")
    #expect(try cairn.run("grep", "x", "/dev/null").code == 1)
    try cairn.write("a.txt", "foo\n")
    let none = try cairn.run("grep", "-m", "0", "foo")
    #expect(none.code == 1 && none.outputText.isEmpty)
  }

  @Test func `lines are found where no index can be, and where the settings cannot be read`() throws {
    var other = cairn
    other.environment["HOME"] = nil
    try other.write("sub/a.c", "foo\n")
    try other.write(".cairn", "no directory\n")
    for arguments in [["grep", "-l", "foo", "sub"], ["files", "sub/a.c"]] {
      let result = try other.start(arguments).wait()
      #expect(result.code == 0 && result.outputLines == ["sub/a.c"], "\(result.errorText)")
      #expect(result.errors.isEmpty, "\(result.errorText)")
    }
    try other.write("cairn.toml", "nonsense = [\n")
    let result = try other.run("grep", "-l", "foo", "sub")
    #expect(result.code == 0 && result.outputLines == ["sub/a.c"])
    #expect(result.errorText.contains("the built-in settings hold"), "\(result.errorText)")
  }

  @Test func `a configuration of ripgrep's changes nothing`() throws {
    try cairn.write("a.c", "foo\n")
    try cairn.write(".ripgreprc", "--invert-match\n")
    var other = cairn
    other.environment["RIPGREP_CONFIG_PATH"] = cairn.tree.root.appending(".ripgreprc").description
    #expect(try other.run("grep", "foo").outputText == "a.c:foo\n")
  }

  @Test(arguments: [
    "(a+)+b", "(a|a)*b", "(a*)*b", "(.*)(.*)(.*)b$", "a{1000}b{1000}c", "((a{1,100}){1,100})b", "(?:a?){50}a{50}c",
  ])
  func `a hostile pattern over a line of five megabytes ends`(pattern: String) throws {
    try cairn.tree.write("long.txt", String(repeating: "a", count: 5_000_000) + "\nneedle\n")
    let began = ContinuousClock.now
    let result = try cairn.run("grep", "-c", pattern)
    #expect(began.duration(to: .now) < .seconds(60))
    #expect(result.code == 1 || (result.code == 2 && !result.errorText.isEmpty), "\(result.code) \(result.errorText)")
  }

  @Test(arguments: ["(?<=a)(a+)+b", "(a+)\\1+b", "^(?=(a+)+b)"])
  func `a pattern of Perl's that takes too long is told, with its file`(pattern: String) throws {
    try cairn.tree.write("long.txt", String(repeating: "a", count: 5_000_000) + "\n")
    try cairn.write("short.txt", "aab\n")
    let result = try cairn.run("grep", "-P", "-c", pattern)
    #expect(result.code == 2 && result.errorText.contains("long.txt"), "\(result.errorText)")
    #expect(result.outputText.contains("short.txt:1") || pattern.contains("\\1"))
  }

  @Test func `all lines that take too many steps are counted, and the others are searched`() throws {
    let slow = String(repeating: "a", count: 40) + "!\n"
    try cairn.write("a.txt", slow + "abc\n" + slow + slow)
    try cairn.write("b.txt", "b\n" + slow)
    for (options, output) in [("-c", "a.txt:1\n"), ("-vc", "b.txt:1\n")] {
      let result = try cairn.run("grep", "-P", options, "(?=a)(a+)+(b|$)")
      #expect(result.code == 2 && result.outputText == output)
      for text in ["byte 0 on and 2 more of the file take", "byte 2 on takes"] {
        #expect(result.errorText.contains(text), "\(result.errorText)")
      }
    }
  }

  @Test func `bytes are found in files of each kind, and the end of a text in its last line`() throws {
    try cairn.tree.write("latin.txt", [0x61, 0xE9, 0x62, 0x0A])
    try cairn.write("utf8.txt", "aéb\n")
    let units = Array("aéb\n".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    try cairn.tree.write("utf16.txt", [0xFF, 0xFE] + units)
    #expect(try cairn.run("grep", "-l", "a(?-u:[\\x80-\\xFF])b").outputText == "latin.txt\n")
    #expect(try cairn.run("grep", "-l", "a(?-u:\\xC3\\xA9)b").outputText == "utf16.txt\nutf8.txt\n")
    #expect(try cairn.run("grep", "-c", "(?-u:\\W)").outputText == "latin.txt:1\nutf16.txt:1\nutf8.txt:1\n")
    try cairn.write("sub/end.txt", "a\nb")
    #expect(try cairn.run("grep", "-U", "-I", "\\z", "sub").outputText == "b\n")
  }

  @Test func `generated patterns find ripgrep's lines`() throws {
    let script = FilePath(#filePath).parent.parent.parent.appending("Scripts/pattern-parity")
    let pinned = FilePath(#filePath).parent.parent.parent.appending(".deps/tools/rg")
    guard FileManager.default.fileExists(atPath: pinned.description) else { return }
    var other = cairn
    other.environment["CAIRN_BINARY"] = try CairnProgram.binary().description
    let count = processEnvironment()["CAIRN_PATTERN_COUNT"].map { String(decoding: $0, as: UTF8.self) } ?? "60"
    let result = try other.shell("\(script) --count \(count)")
    #expect(result.code == 0, "\(result.outputText)")
  }

  /// Files enough that an index is asked, and a pattern that some of them match.
  private func writeMany() throws -> String {
    for directory in 0..<41 {
      for file in 0..<100 { try cairn.write(FilePath("d\(directory)/f\(file).c"), "int value_\(directory)_\(file);\n") }
    }
    return "value_7_[0-9]5;"
  }

  @Test func `an index rules files out, and what has changed since is read as it is`() throws {
    let pattern = try writeMany()
    let before = try cairn.run("grep", pattern).outputText
    #expect(before.split(separator: "\n").count == 9)
    #expect(try cairn.run("index", "-q").code == 0)
    #expect(try cairn.run("grep", pattern).outputText == before)
    try cairn.write("d3/f3.c", "int value_7_05;\n")
    try cairn.write("d3/new.c", "int value_7_95;\n")
    try FileManager.default.removeItem(atPath: cairn.tree.root.appending("d7/f15.c").description)
    let after = try cairn.run("grep", pattern).outputText
    #expect(after.contains("d3/f3.c:") && after.contains("d3/new.c:") && !after.contains("f15.c"), "\(after)")
    #expect(after.split(separator: "\n").count == 10)
  }

  @Test func `beside a watcher nothing is missed that was changed before, and nothing that the index leaves out`()
    throws
  {
    let pattern = try writeMany()
    let watcher = try cairn.watcher()
    #expect(try cairn.run("grep", pattern).outputText.split(separator: "\n").count == 9)
    let line = "int value_7_05;\n"
    let long = String(repeating: "x", count: 3 << 20)
    let others = [
      ("d3/f3.c", line), ("d3/new.c", line), ("new/deep/a.c", line),
      ("d4/made.c", "// Code generated by x. DO NOT EDIT.\n" + line),
      ("key.pem", "-----BEGIN RSA PRIVATE KEY-----\n" + line), ("d5/large.c", long + "\n" + line),
      ("node_modules/a/b.js", line),
    ]
    for (path, text) in others {
      try cairn.write(FilePath(path), text)
      let found = try cairn.run("grep", "-l", pattern).outputText
      #expect(found.split(separator: "\n").contains { $0 == path }, "\(path): \(found)")
    }
    try FileManager.default.removeItem(atPath: cairn.tree.root.appending("d7/f15.c").description)
    #expect(FileManager.default.fileExists(atPath: cairn.tree.root.appending(".cairn/unindexed").description))
    let beside = try ["", "d3", "new", "new/deep", "node_modules", "d7/f25.c"].map {
      try cairn.run("grep", pattern, $0.isEmpty ? "." : $0).outputText
    }
    watcher.send(SIGTERM)
    _ = watcher.wait()
    let alone = try ["", "d3", "new", "new/deep", "node_modules", "d7/f25.c"].map {
      try cairn.run("grep", pattern, $0.isEmpty ? "." : $0).outputText
    }
    #expect(beside == alone && alone[0].split(separator: "\n").count == 8 + others.count, "\(beside) \(alone)")
  }

  @Test func `beside a watcher a write through another name of a file is seen`() throws {
    _ = try writeMany()
    let elsewhere = try TemporaryTree(inMemory: true)
    let names = ["d3/f3.c", "d5/large.c", "d6/made.c"]
    try cairn.write("d5/large.c", String(repeating: "x", count: 3 << 20))
    try cairn.write("d6/made.c", "// Code generated by x. DO NOT EDIT.\n")
    for (number, name) in names.enumerated() {
      try FileManager.default.linkItem(
        atPath: cairn.tree.root.appending(FilePath(name)).description,
        toPath: elsewhere.root.appending(FilePath("other\(number)")).description)
    }
    let watcher = try cairn.watcher()
    #expect(try cairn.run("grep", "okapi_zebra").code == 1)
    for number in names.indices {
      let path = elsewhere.root.appending(FilePath("other\(number)")).description
      let file = try #require(FileHandle(forWritingAtPath: path))
      file.seekToEndOfFile()
      file.write(Data("\nokapi_zebra\n".utf8))
      file.closeFile()
      #expect(try cairn.run("grep", "-l", "okapi_zebra").outputLines == Array(names[...number]))
    }
    watcher.send(SIGTERM)
    _ = watcher.wait()
  }

  @Test func `a listing that is damaged is made anew`() throws {
    let pattern = try writeMany()
    #expect(try cairn.run("index", "-q").code == 0)
    let before = try cairn.run("grep", pattern).outputText
    let listing = cairn.tree.root.appending(".cairn/tree")
    let bytes = try readFileBytes(listing)
    for offset in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
      var damaged = bytes
      damaged[offset] ^= 0x55
      try cairn.tree.write(".cairn/tree", Self.sealed(damaged))
      let result = try cairn.run("grep", pattern)
      #expect(result.code == 0 && result.outputText == before, "\(offset): \(result.errorText)")
    }
  }

  /// A kept listing with the checksum of what it holds.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let sum = checksum(bytes.span.extracting(20..<bytes.count))
    return bytes[..<12] + (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * $0)) } + bytes[20...]
  }

  @Test func `very many texts are found as one of them is`() throws {
    let words = (0..<5_000).map { "word_\($0)x" }
    try cairn.write("words", words.joined(separator: "\n") + "\n")
    try cairn.write("a.txt", "word_1\nxword_17xx word_4999x\nWORD_3X\nword_é_3x\n")
    #expect(try cairn.run("grep", "-noF", "-f", "words", "a.txt").outputText == "2:word_17x\n2:word_4999x\n")
    #expect(try cairn.run("grep", "-ciF", "-f", "words", "a.txt").outputText == "2\n")
    #expect(try cairn.run("grep", "-cvF", "-f", "words", "a.txt").outputText == "3\n")
  }
}
