import Foundation
import Primitives
import TestSupport
import Testing

/// Silence is no answer: whatever is empty says what was looked at and what is not there.
@Suite struct SilenceTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    _ = try cairn.shell("git init -q .")
  }

  /// One run for people and one for programs: both say `said`.
  func check(_ words: [String], says said: String, code: Int, at line: Int = #line) throws {
    let result = try cairn.start(["search"] + words).wait()
    #expect(result.code == code && result.errorText.contains(said), "\(line): \(result.code) \(result.errorText)")
    let notes = try cairn.start(["search", "--json"] + words).wait().objects("summary").first?["notes"] as? [String]
    #expect(notes?.contains { $0.contains(said) } == true, "\(line): \(notes ?? [])")
    #expect(try cairn.start(["search", "-q"] + words).wait().errors.isEmpty)
  }

  @Test(arguments: [
    (["kind:macro", "parse"], "defines a symbol of the kind macro"),
    (["kind:enum,trait", "parse"], "of the kind enumeration or interface"),
    (["--kind", "macro", "parse"], "defines a symbol of the kind macro"),
    (
      ["lang:python path:notes/ parse"],
      "passes all filters together, though something passes each: lang:python, path:notes/"
    ),
    (["ext:c kind:class parse"], "ext:c, kind:type"),
    (["path:src -lang:python,javascript parse"], "-lang:python, -lang:javascript, path:src"),
    (["-path:**", "parse"], "-path:** leaves nothing to search"),
  ])
  func `filters that each mean something and meet nowhere say so`(words: [String], said: String) throws {
    try check(words, says: said, code: 1)
  }

  @Test func `a filter that passes something says nothing`() throws {
    for words in ["kind:class leap_year", "lang:python path:src parse", "kind:section parse"] {
      let result = try cairn.run("search", words)
      #expect(result.code == 0 && !result.errorText.contains("filter") && !result.errorText.contains("kind"))
    }
    #expect(try cairn.run("search", "-l", "-n1", "--kind", "class", "leap").outputLines == ["src/dates.py"])
    #expect(try cairn.run("search", "--kind", "clas", "leap").code == 2)
    let related = try cairn.run("related", "src/dates.py:2", "--kind", "macro")
    #expect(related.code == 1 && related.errorText.contains("of the kind macro"), "\(related.errorText)")
  }

  @Test(arguments: ["!!!", "???", "+++ ---", "…", "¿?", "\"<=>\"", "'::='", "🚀", "⇒"])
  func `signs that no file holds are said to be nowhere`(question: String) throws {
    let result = try cairn.run("search", "--", question)
    let isQuoted = question.contains("\"")
    #expect(
      result.code == 1 && result.errorText.contains("no indexed file holds the \(isQuoted ? "quoted " : "")text"),
      "\(result.errorText)")
  }

  @Test func `an index of nothing says that there is nothing`() throws {
    let empty = try CairnProgram()
    for words in [["hello"], ["kind:function hello"], ["!!!"]] {
      let result = try empty.start(["search"] + words).wait()
      #expect(result.code == 1 && result.errorText.contains("there is no file here to search"), "\(result.errorText)")
    }
    try empty.write(".hidden.py", "def f(): pass\n")
    try empty.write("node_modules/a/index.js", "f()\n")
    let result = try empty.run("search", "hello")
    #expect(
      result.code == 1 && result.errorText.contains("no file here is indexed: 2 are left out (1 hidden, 1 vendored)"),
      "\(result.errorText)")
    let notes = try empty.run("search", "--json", "hello").objects("summary").first?["notes"] as? [String]
    #expect(notes?.contains { $0.contains("2 are left out") } == true)
    #expect(try empty.run("ask", "hello").errorText.contains("2 are left out"))
  }

  @Test func `a name that left the tree is near to nothing, itself least of all`() throws {
    for number in 1...19 {
      try cairn.write(FilePath("many/f\(number).py"), "def unique_fn_\(number)():\n    return \(number)\n")
    }
    #expect(try cairn.run("index", "--quiet").code == 0)
    for number in [5, 1, 3] { try cairn.tree.remove(FilePath("many/f\(number).py")) }
    try cairn.write("many/f2.py", "def wholly_other():\n    return 2\n")
    let summary = try #require(try cairn.run("search", "--json", "unique_fn_5").objects("summary").first)
    let absent = try #require((summary["absent"] as? [[String: Any]])?.first, "\(summary)")
    #expect(absent["near"] as? [String] == ["unique_fn_4", "unique_fn_6", "unique_fn_7"], "\(absent)")
    // The names that left are still in a dictionary, or this has shown nothing.
    let status = try #require(try cairn.run("status", "--json").objects("status").first)
    #expect((status.number("retired_files") ?? 0) > 0, "\(status)")
  }

  // MARK: Files that are named

  @Test(arguments: [
    ("a.log", "a.log: this file is not indexed (ignored)"), (".env", ".env: this file is not indexed (hidden)"),
    ("where is debug.log written", "src/debug.log: this file is not indexed (ignored)"),
    ("debug.log", "src/debug.log: this file is not indexed (ignored)"),
    ("see build/out/o.c:3 for that", "build: this directory is not indexed (ignored)"),
    ("\"a.log\"", "a.log: this file is not indexed"), ("(./a.log)", "a.log: this file is not indexed"),
    ("server.key", "server.key: this file is not indexed (secret)"),
    ("b.bin", "b.bin: this file is not indexed (binary)"),
    ("link.py", "link.py: this file is not indexed (symbolic-link): it leads to src/dates.py"),
    ("out.py", "out.py: this file is not indexed (symbolic-link): it leads out of the tree"),
    ("what is in .git/config", ".git/config: this is git's or Cairn's own"),
    ("o.c", "build/out/o.c: this file is not indexed, since build/ is left out (ignored)"),
    ("out/o.c", "build/out/o.c: this file is not indexed, since build/ is left out (ignored)"),
  ])
  func `a question that names a file which is left out says so`(question: String, said: String) throws {
    try cairn.write(".gitignore", "*.log\nbuild/\n")
    for name: FilePath in ["a.log", "src/debug.log", "build/out/o.c", ".env"] { try cairn.write(name, "wombat=1\n") }
    try cairn.write("server.key", "wombat\n")
    try cairn.write("b.bin", "\0\u{1}\u{2}\0")
    _ = try cairn.shell("ln -s src/dates.py link.py; ln -s /etc/passwd out.py")
    for arguments in [["search", question], ["search", "--json", question]] {
      let result = try cairn.start(arguments).wait()
      #expect(result.errorText.contains(said), "\(result.errorText)")
      #expect(!result.errorText.contains("wombat=1") && !result.outputText.contains("wombat=1"))
    }
  }

  @Test func `names of files that are indexed, and what only looks like a name, say nothing`() throws {
    for question in [
      "dates.py", "src/dates.py:2", "in matrix.c", "self.parse", "os.path", "3.14", "a/b", "https://x.org/a.c",
    ] {
      let result = try cairn.run("search", question)
      #expect(
        !result.errorText.contains("not indexed") && !result.errorText.contains("called so"), "\(result.errorText)")
    }
  }

  @Test(arguments: [
    ("../src/dates.py:2", ""), ("src//dates.py:2", ""), ("src/dates.py:parse", ""), ("C:\\dates.py:2", ""),
    ("C:\\dates.py", ""), ("File \"sp ace.py\", line 2", ""), ("file:///tmp/x/src/dates.py:2", ""),
    ("at file:///tmp/x/src/dates.py:2:5", ""),
    ("dates.py:99999", "src/dates.py: there is no line 99999: the file has "),
    ("dates.py:0", "src/dates.py: there is no line 0: lines begin at 1"),
    ("dates.py:0:3", "src/dates.py: there is no line 0: lines begin at 1"),
    ("dates.py#L0", "src/dates.py: there is no line 0: lines begin at 1"),
    ("../nosuch.py:3", "no indexed file is called ../nosuch.py"),
    ("src/dates.py|2 col 3|", ""), ("src/dates.py @ 2", ""), ("vscode://file/tmp/x/src/dates.py:2:5", ""),
    ("file:///tmp/x/src%2Fdates.py:2", ""), ("file:///tmp/x/src%2Fdates.py", ""), ("`src/dates.py`:2", ""),
  ])
  func `a file that is found is not said to be nowhere, and a line that is not there is told`(
    question: String, said: String
  ) throws {
    try cairn.write("sp ace.py", "import wombat\nwombat.run()\n")
    let result = try cairn.run("search", question)
    #expect(said.isEmpty || result.errorText.contains(said), "\(result.errorText)")
    let isFalse = ["called so", "quoted", "there is no line"].contains { result.errorText.contains($0) }
    #expect(!said.isEmpty || !isFalse, "\(result.errorText)")
    if said.isEmpty { #expect(result.outputText.contains(question.contains("sp ace") ? "sp ace.py" : "dates.py")) }
  }

  @Test func `a link in a path filter is told once`() throws {
    _ = try cairn.shell("ln -s src/dates.py link.py")
    let result = try cairn.run("search", "path:link.py parse")
    #expect(result.code == 1 && result.errorText.components(separatedBy: "link.py").count == 2, "\(result.errorText)")
    #expect(result.errorText.contains("it leads to src/dates.py"))
  }

  @Test func `a search from a directory that is left out says by what`() throws {
    try cairn.write(".gitignore", "build/\n")
    try cairn.write("build/deep/out.py", "def built(): pass\n")
    for directory in ["build", "build/deep"] {
      let result = try cairn.shell("cd \(directory) && $CAIRN search -l parse")
      #expect(result.errorText.contains("no file below \(directory) is indexed: build/ is left out (ignored)"))
    }
    #expect(try cairn.shell("cd .git && $CAIRN search -l parse").errorText.contains("it is git's or Cairn's own"))
    _ = try cairn.shell("mkdir empty")
    #expect(try cairn.shell("cd empty && $CAIRN search -l parse").errorText.contains("it holds none that could be"))
  }

  // MARK: status --skipped

  @Test func `a path of which nothing is left out says why`() throws {
    _ = try cairn.run("index", "-q")
    for (path, said) in [
      ("nosuch", "nosuch: this is not in the tree"), ("src/dates.py", "src/dates.py: this file is indexed"),
      ("src", "src: nothing is left out here; 2 files are indexed"), (".git", "never indexed"),
    ] {
      let result = try cairn.run("status", "--skipped", path)
      #expect(result.code == 1 && result.outputText.isEmpty && result.errorText.contains(said), "\(result.errorText)")
      let notes = try cairn.run("status", "--skipped", "--json", path).objects("skipped_summary").first?["notes"]
      #expect((notes as? [String])?.contains { $0.contains(said) } == true)
    }
    try cairn.write("src/new.py", "x = 1\n")
    #expect(try cairn.run("status", "--skipped", "src/new.py").errorText.contains("nothing of it is in the index"))
  }

  @Test func `left out paths are those of the directory one stands in`() throws {
    try cairn.write("src/.hidden.py", "x = 1\n")
    try cairn.write("lib/.hidden.c", "int x;\n")
    _ = try cairn.run("index", "-q")
    func shown(_ line: String) throws -> [String] {
      try cairn.shell("cd src && $CAIRN status --skipped \(line)").outputLines.map {
        String($0.split(separator: " ")[1])
      }
    }
    #expect(try shown("") == ["../lib/.hidden.c", ".hidden.py"])
    #expect(try shown("..") == ["../lib/.hidden.c", ".hidden.py"])
    #expect(try shown(".") == [".hidden.py"])
    let json = try cairn.shell("cd src && $CAIRN status --skipped --json").objects("skipped")
    #expect(json.compactMap { $0["path"] as? String } == ["lib/.hidden.c", "src/.hidden.py"])
  }

  // MARK: related

  @Test(arguments: [
    "src/dates.py:2", "src/dates.py:2:5", "src/dates.py:2:5:", "src/dates.py:1-4", "src/dates.py(2)",
    "./src/dates.py#L2",
    "File \"src/dates.py\", line 2, in parse", "dates.py:2",
  ])
  func `a place is taken as search takes it`(place: String) throws {
    let result = try cairn.run("related", "-l", place)
    #expect(result.code == 0 && !result.outputLines.isEmpty, "\(result.errorText)")
    #expect(result.errors.isEmpty == (place != "dates.py:2"), "\(result.errorText)")
  }

  @Test func `a place that cannot be says what is true of it`() throws {
    try cairn.write(".gitignore", "*.log\nbuild/\n")
    try cairn.write("a.log", "x\n")
    try cairn.write("build/o.c", "int x;\n")
    try cairn.write("lib/dates.py", "def other(): pass\n")
    try cairn.write("odd:3", "one\ntwo\nthree\n")
    try cairn.write("b.bin", "\0\u{1}\u{2}\0")
    _ = try cairn.shell("ln -s src/dates.py link.py")
    for (place, said) in [
      ("nosuch.py:3", "nosuch.py: there is no such file in"), ("a.log:1", "(ignored)"), ("build/o.c:1", "(ignored)"),
      ("build/gone.c:1", "build: this directory is not indexed (ignored)"), ("b.bin:1", "(binary)"),
      ("link.py:1", "it leads to src/dates.py"), ("src:1", "this is a directory"), (".:1", "this is a directory"),
      ("src/dates.py:9999", "there is no line 9999: the file has"), ("dates.py:1", "2 files are called so"),
      (".git/config:1", "never indexed"), ("src/dates.py", "it names no line; write FILE:LINE"),
      ("/etc/passwd:1", "not inside"),
    ] {
      let result = try cairn.run("related", place)
      #expect(result.code == 2 && result.errorText.contains(said), "\(place): \(result.code) \(result.errorText)")
    }
    #expect(try cairn.run("related", "odd:3:1").code == 0)
  }

  @Test func `a place is the file that is typed, or none, and never one with less in its name`() throws {
    try cairn.write("'q.py", "def quoted(): pass\n")
    try cairn.write(" s.py", "def blank(): pass\n")
    try cairn.write("\u{1B}e.py", "def escaped(): pass\n")
    for name in ["q.py", "s.py", "e.py"] { try cairn.write(FilePath(name), "def plain(): pass\n") }
    for (typed, found) in [
      ("'q.py:1", "q.py"), (" s.py:1", "s.py"), ("\u{1B}e.py:1", "e.py"), ("q.py:1", "'q.py"), ("'q.py':1", "'q.py"),
    ] {
      let result = try cairn.run("related", "-l", "-0", "-n", "20", typed)
      #expect(result.code == 0 && result.errors.isEmpty, "\(typed): \(result.errorText)")
      // The file itself is left out of what is related to it.
      let names = result.outputText.split(separator: "\0").map(String.init)
      #expect(
        names.contains(found) && !names.contains(String(typed.filter { $0 != "1" && $0 != ":" })), "\(typed): \(names)")
    }
    for typed in [
      "'src/dates.py:1", "\"src/dates.py:1", "`src/dates.py:1", " src/dates.py:1", "\tsrc/dates.py:1",
      "\u{1B}src/dates.py:1", "src/dates.py\u{1B}:1", "(src/dates.py:1", "\u{200B}src/dates.py:1", "\nsrc/dates.py:1",
    ] {
      let result = try cairn.run("related", typed)
      #expect(result.code == 2 && result.errorText.contains("there is no such"), "\(typed): \(result.errorText)")
    }
    let odd = try cairn.run("related", "src/dates.py:1x")
    #expect(odd.code == 2 && odd.errorText.contains("it names no line"), "\(odd.errorText)")
  }

  @Test func `a line that no file has is told as it was typed`() throws {
    for number in ["99999", "99999999", "999999999", "99999999999", "123456789012345678"] {
      for typed in ["src/dates.py:\(number)", "src/dates.py(\(number))", "src/dates.py:\(number):7"] {
        let result = try cairn.run("related", typed)
        let said = "there is no line \(number): the file has "
        #expect(result.code == 2 && result.errorText.contains(said), "\(typed): \(result.errorText)")
      }
      let search = try cairn.run("search", "src/dates.py:\(number)")
      #expect(search.errorText.contains("there is no line \(number): the file has "), "\(search.errorText)")
    }
    let great = try cairn.run("related", "src/dates.py:" + String(repeating: "9", count: 100))
    #expect(great.code == 2 && great.errorText.contains("of so great a number: the file has "), "\(great.errorText)")
  }

  @Test func `a place below a root that is named from elsewhere begins there, and where one stands after that`() throws
  {
    try cairn.write("src/matrix.py", "def own_matrix(): pass\n")
    _ = try cairn.run("index", "-q")
    let root = cairn.tree.root
    for (directory, place) in [
      ("/", "src/dates.py:2"), ("/tmp", "./src/dates.py:2"), (cairn.home.root.description, "src/dates.py(2)"),
      ("\(root)/src", "dates.py:2"), ("\(root)/src", "src/dates.py:2"), ("\(root)/lib", "../src/dates.py:2"),
      ("/", "\(root)/src/dates.py:2"), ("/", "File \\\"src/dates.py\\\", line 2"),
    ] {
      let result = try cairn.shell("cd \(directory) && $CAIRN related --root \(root) -l \"\(place)\"")
      #expect(result.code == 0 && result.errors.isEmpty, "\(directory) \(place): \(result.errorText)")
      #expect(!result.outputLines.isEmpty)
    }
    // A file where one stands that is of the tree comes second: there is none such at the root.
    _ = try cairn.shell("ln -s \(root)/src $HOME/way")
    let behind = try cairn.shell("cd $HOME && $CAIRN related --root \(root) -l way/dates.py:2")
    #expect(behind.code == 0 && behind.errors.isEmpty, "\(behind.errorText)")
    let none = try cairn.shell("cd / && $CAIRN related --root \(root) nosuch.py:2")
    #expect(
      none.code == 2 && none.errorText.contains("nosuch.py: there is no such file in \(root)"), "\(none.errorText)")
    let skipped = try cairn.shell("cd / && $CAIRN status --root \(root) --skipped src/dates.py")
    #expect(
      skipped.code == 1 && skipped.errorText.contains("src/dates.py: this file is indexed"), "\(skipped.errorText)")
  }

  // MARK: Files that only a query's words name

  @Test(arguments: [
    ("id_rsa", "conf/id_rsa: this file is not indexed (secret)"),
    ("what is in id_rsa", "conf/id_rsa: this file is not indexed (secret)"),
    ("prod.env", "conf/prod.env: this file is not indexed (secret)"),
    ("ext:env password", "conf/prod.env: this file is not indexed (secret)"),
    ("conf/prod.env", "conf/prod.env: this file is not indexed (secret)"),
    ("path:conf password", "conf/id_rsa: this file is not indexed (secret)"),
    ("node_modules", "node_modules: this directory is not indexed (vendored)"),
    ("path:node_modules/lodash path:src parse", "node_modules: this directory is not indexed (vendored)"),
    ("wombat_blob", "assets/wombat_blob.bin: this file is not indexed (binary)"),
    ("Wombat_Blob.bin", "assets/wombat_blob.bin: this file is not indexed (binary)"),
    ("wombat_log", "logs/wombat_log.log: this file is not indexed (ignored)"),
    ("wombat_bundle", "web/wombat_bundle.min.js: this file is not indexed (minified)"),
    ("wombat_pipe", "run/wombat_pipe: this file is not indexed (not-regular)"),
    ("wombat_empty", "src/wombat_empty.py: this file is not indexed (empty)"),
    ("wombat_large", "data/wombat_large.sql: this file is not indexed (too-large)"),
    ("wombat_pointer", "data/wombat_pointer.dat: this file is not indexed (lfs-pointer)"),
  ])
  func `a name that only files which are left out bear is told with its reason, wherever they lie`(
    question: String, said: String
  ) throws {
    try cairn.write(".gitignore", "*.log\n")
    for (name, content) in [
      ("conf/id_rsa", "key"), ("conf/prod.env", "PASSWORD=quokka"), ("node_modules/lodash/index.js", "f()\n"),
      ("assets/wombat_blob.bin", "\0\u{1}\0"), ("logs/wombat_log.log", "x\n"), ("src/wombat_empty.py", "\n"),
      ("web/wombat_bundle.min.js", "!function(){return 1}()\n"),
      ("data/wombat_large.sql", String(repeating: "-- large\n", count: 700_000)),
      ("data/wombat_pointer.dat", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12\n"),
    ] {
      try cairn.write(FilePath(name), content)
    }
    _ = try cairn.shell("mkdir run && mkfifo run/wombat_pipe")
    let result = try cairn.run("search", question)
    #expect(result.errorText.components(separatedBy: said).count == 2, "\(question): \(result.errorText)")
    #expect(!(result.errorText + result.outputText).contains("quokka"))
    let notes = try cairn.run("search", "--json", question).objects("summary").first?["notes"] as? [String]
    #expect(notes?.contains { $0.contains(said) } == true, "\(notes ?? [])")
  }

  @Test func `what is left out around a directory is told once`() throws {
    try cairn.write("node_modules/lodash/index.js", "f()\n")
    for question in ["lodash/index.js", "path:. chunk", "path:lodash chunk", "path:./lodash chunk", "index.js", "f"] {
      let result = try cairn.shell("cd node_modules && $CAIRN search '\(question)'")
      #expect(result.errorText.components(separatedBy: "(vendored)").count == 2, "\(question): \(result.errorText)")
      #expect(!result.errorText.contains("no indexed file has a path"), "\(question): \(result.errorText)")
    }
    let related = try cairn.run("related", "node_modules/lodash/index.js:1")
    #expect(related.errorText.hasPrefix("cairn: node_modules: this directory is not indexed"), "\(related.errorText)")
  }
}
