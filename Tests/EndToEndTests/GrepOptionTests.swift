import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// The options of `cairn grep` and `cairn files`: ripgrep's, as far as they are there, and a word for the others.
@Suite struct GrepOptionTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram(inMemory: true)
    try cairn.write("a.c", "int foo;\n\tfoo(bar);\nend\n")
    try cairn.write("sub/b.py", "foo = 1\n")
    try cairn.write("sub/deep/c.py", "deep foo\n")
    try cairn.write(".hidden", "foo hidden\n")
    try cairn.write("x.log", "foo log\n")
    try cairn.write(".gitignore", "*.log\n")
  }

  private func grep(_ arguments: String...) throws -> String {
    let result = try cairn.start(["grep"] + arguments).wait()
    #expect(result.code == 0, "\(arguments): \(result.errorText)")
    return result.outputText
  }

  @Test func `standard input is searched where it is a pipe or a file and no path is named`() throws {
    try cairn.write("input", "one\nneedle\n")
    for line in [
      "cat input | $CAIRN grep needle", "$CAIRN grep needle < input", "cat input | $CAIRN grep needle -",
      "printf needle | $CAIRN grep -f - input", "cat input | $CAIRN grep needle input",
    ] {
      #expect(try cairn.shell(line).outputText == "needle\n", "\(line)")
    }
    #expect(try cairn.shell("cat input | $CAIRN grep -l needle").outputText == "<stdin>\n")
    #expect(try cairn.shell("cat input | $CAIRN grep -l needle .").outputText == "./input\n")
    #expect(try cairn.shell("$CAIRN grep -l needle < /dev/null").outputText == "input\n")
    #expect(try cairn.shell("$CAIRN grep -l needle <&-").outputText == "input\n")
    let empty = try cairn.shell(": | $CAIRN grep needle")
    #expect(empty.code == 1 && empty.errorText.contains("is empty"), "\(empty.errorText)")
  }

  @Test func `of standard input no more is read than can be shown`() throws {
    for (line, expected) in [
      ("yes foo | $CAIRN grep -m 2 foo", "foo\nfoo\n"), ("yes foo | $CAIRN grep -l foo", "<stdin>\n"),
      ("yes foo | $CAIRN grep -q foo && echo found", "found\n"), ("yes foo | $CAIRN grep -v -m 1 bar", "foo\n"),
      ("(echo foo; yes) | $CAIRN grep -c -m 1 foo", "1\n"),
      ("(echo foo; yes) | $CAIRN grep -m1 -A2 foo", "foo\ny\ny\n"),
      // What is still to come is not waited for.
      ("mkfifo pipe; (echo foo; exec sleep 60) > pipe & $CAIRN grep -m 1 foo < pipe; kill $!", "foo\n"),
    ] {
      #expect(try cairn.shell(line).outputText == expected, "\(line)")
    }
  }

  @Test func `matches that touch each other are painted as one, and none is behind a last line`() throws {
    try cairn.write("a", "foofoo\nfo")
    let painted = "\u{1B}[0m\u{1B}[1m\u{1B}[31mfoofoo\u{1B}[0m\n"
    #expect(try cairn.run("grep", "--color=always", "-N", "foo", "a").outputText == painted)
    #expect(try cairn.run("grep", "-N", "-r", "<>", "o*$", "a").outputText == "foof<>\nf<>\n")
    #expect(try cairn.run("grep", "-c", "-m", "18446744073709551615", "fo", "a").outputText == "2\n")
  }

  @Test func `the root that is named is what is searched`() throws {
    let elsewhere = try TemporaryTree(inMemory: true)
    let root = cairn.tree.root
    let found = try cairn.start(["grep", "-l", "foo", "--root", "\(root)"], in: elsewhere.root).wait()
    #expect(found.outputLines == ["a.c", "sub/b.py", "sub/deep/c.py"].map { "\(root)/\($0)" }, "\(found.errorText)")
    let below = try cairn.start(["grep", "-l", "foo", "sub", "--root", "\(root)"], in: elsewhere.root).wait()
    #expect(below.outputLines == ["\(root)/sub/b.py", "\(root)/sub/deep/c.py"], "\(below.errorText)")
    for name in ["sub", "./sub", "sub/"] {
      let listed = try cairn.run("files", "--root", name, "-g", "deep/*.py", "deep").outputText
      #expect(listed.hasSuffix("sub/deep/c.py\n"), "\(name): \(listed)")
    }
    #expect(try cairn.run("files", "--root", "sub", "deep").outputText == "sub/deep/c.py\n")
  }

  @Test func `files are chosen by depth, by size and by what hides them, in the order that is wanted`() throws {
    func files(_ arguments: String...) throws -> String {
      try cairn.start(["files"] + arguments).wait().outputLines.joined(separator: " ")
    }
    #expect(try files("-u") == "a.c sub/b.py sub/deep/c.py x.log")
    #expect(try files("-uu") == ".gitignore .hidden a.c sub/b.py sub/deep/c.py x.log")
    #expect(try files("--hidden", "--no-hidden") == "a.c sub/b.py sub/deep/c.py")
    #expect(try files("--max-depth", "1") == "a.c")
    #expect(try files("-d2", "sub") == "sub/b.py sub/deep/c.py")
    #expect(try files("--max-filesize", "8") == "sub/b.py")
    #expect(try files("--max-filesize=1K", "--sortr", "path") == "sub/deep/c.py sub/b.py a.c")
    #expect(try files("-g", ".hid*") == ".hidden")
    #expect(try files("--glob-case-insensitive", "-g", "*.PY") == "sub/b.py sub/deep/c.py")
    _ = try cairn.shell("touch -d 2001-01-01 sub/b.py; touch -d 2002-01-01 a.c")
    #expect(try files("--sort", "modified") == "sub/b.py a.c sub/deep/c.py")
    #expect(try grep("-l", "--sortr", "modified", "foo") == "sub/deep/c.py\na.c\nsub/b.py\n")
    #expect(try cairn.run("files", "--sort", "accessed").code == 2)
    #expect(try cairn.run("files", "--max-filesize", "1x").errorText.contains("10K"))
  }

  @Test func `a directory that is named has its files listed, and nothing is not silent`() throws {
    #expect(try cairn.run("files", "sub").outputText == "sub/b.py\nsub/deep/c.py\n")
    #expect(try cairn.run("files", "sub", "c.*").outputText == "sub/deep/c.py\n")
    #expect(try cairn.run("files", "./a.c").outputText == "./a.c\n")
    #expect(try cairn.run("files", "sub", "a.c").outputText == "sub/b.py\nsub/deep/c.py\na.c\n")
    #expect(try cairn.run("files", "x.log").outputText == "x.log\n")
    #expect(try cairn.run("files", "*.log").errorText.contains("--no-ignore"))
    let none = try cairn.run("grep", "-t", "rust", "foo")
    #expect(none.code == 1 && none.errorText.contains("there is no file to search"), "\(none.errorText)")
    #expect(try cairn.run("grep", "zebra").errors.isEmpty)
  }

  @Test func `a name that drives a terminal is shown raw to programs alone`() throws {
    try cairn.write("a\u{202E}b.txt", "needle\n")
    try cairn.write("c\u{9B}d.txt", "needle\n")
    for command in ["files", "files --json", "grep -l needle", "grep --json needle", "grep -c needle"] {
      let shown = try cairn.shell("script -qec '$CAIRN \(command)' /dev/null").outputText
      let isRaw = shown.contains("\u{202E}") || shown.contains("\u{9B}")
      #expect(shown.contains("d.txt") && !isRaw, "\(command): \(shown)")
      #expect(try cairn.shell("$CAIRN \(command)").outputText.contains("a\u{202E}b.txt"), "\(command)")
    }
  }

  @Test func `the names of languages are listed with their files`() throws {
    for command in ["grep", "files"] {
      let lines = try cairn.run(command, "--type-list").outputLines
      #expect(lines.contains { $0.hasPrefix("python, py") && $0.contains("*.py") }, "\(command)")
    }
  }

  @Test func `separators, offsets and previews are ripgrep's`() throws {
    #expect(try grep("-b", "foo", "a.c") == "0:int foo;\n9:\tfoo(bar);\n")
    #expect(try grep("-bo", "foo", "a.c") == "4:foo\n10:foo\n")
    #expect(try grep("--field-match-separator", "\\t", "-n", "int", "a.c") == "1\tint foo;\n")
    #expect(try grep("--context-separator=##", "-A0", "-e", "int", "-e", "end", "a.c") == "int foo;\nend\n")
    #expect(try grep("-m1", "-C1", "--no-context-separator", "-I", "foo", "a.c", "sub/b.py").contains("--") == false)
    #expect(try grep("-M5", "--max-columns-preview", "int", "a.c") == "int f [... omitted end of long line]\n")
    #expect(
      try grep("-p", "int", "a.c") == "\u{1B}[0m\u{1B}[32m1\u{1B}[0m:\u{1B}[0m\u{1B}[1m\u{1B}[31mint\u{1B}[0m foo;\n")
  }

  @Test func `an engine is chosen, and files that are no text are searched to their end`() throws {
    #expect(try grep("--engine", "auto", "(?<=int )foo", "a.c") == "int foo;\n")
    #expect(try grep("--engine=pcre2", "(?<=int )foo", "a.c") == "int foo;\n")
    #expect(try cairn.run("grep", "--engine=default", "(?<=int )foo").code == 2)
    try cairn.write("bin.dat", "foo\0foo\n")
    #expect(try grep("--binary", "-c", "foo", "-g", "bin.dat") == "bin.dat:2\n")
    #expect(try grep("-uuu", "-c", "foo", "-g", "bin.dat") == "bin.dat:2\n")
  }

  @Test(arguments: [
    "--no-config", "--line-buffered", "--mmap", "--no-mmap", "-j4", "--no-require-git", "--colors=match:fg:blue",
    "--no-ignore-messages", "--no-line-number", "--no-trim", "--threads=2", "--no-heading",
  ])
  func `an option that changes nothing is accepted`(option: String) throws {
    #expect(try grep(option, "int") == "a.c:int foo;\n")
  }

  @Test(arguments: [
    ("--files", "cairn files"), ("--type-add=a:*.a", "-g"), ("--pre=cat", "cairn grep PATTERN -"), ("-z", "zcat"),
    ("--encoding=latin1", "iconv"), ("-E", "iconv"), ("--null-data", "tr"), ("--include=*.c", "-g 'GLOB'"),
    ("--exclude-dir=x", "-g '!GLOB'"), ("--ignore-file=x", "-g '!GLOB'"),
    ("--no-unicode", "(?-u)"), ("--debug", "cairn files"),
  ])
  func `another ends with what does its work here`(option: String, said: String) throws {
    for command in ["grep", "files"] {
      let result = try cairn.run(command, option, "int")
      #expect(result.code == 2 && result.outputText.isEmpty, "\(command) \(option)")
      #expect(result.errorText.contains("there is no option") && result.errorText.contains(said), "\(result.errorText)")
    }
  }

  @Test func `without messages the exit code alone tells of a file that is not there`() throws {
    let result = try cairn.run("grep", "--no-messages", "int", "nowhere", "a.c")
    #expect(result.code == 2 && result.errors.isEmpty && result.outputText == "a.c:int foo;\n")
  }
}
