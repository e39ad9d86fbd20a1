import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// What is written outside the index directory, and what the words about settings and runs say.
@Suite struct WrittenFileTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram(inMemory: true)
    try cairn.writeSample()
  }

  @Test func `a trace takes the place of a trace and of nothing else`() throws {
    let before = try cairn.shell("cat src/dates.py").outputText
    for name in ["src/dates.py", "link", "pipe", "src"] {
      _ = try cairn.shell("ln -sf src/dates.py link; test -p pipe || mkfifo pipe")
      let result = try cairn.run("index", "--trace", name)
      #expect(result.code == 2 && result.errorText.contains("no trace of Cairn's"), "\(name): \(result.errorText)")
    }
    #expect(try cairn.shell("cat src/dates.py").outputText == before)
    let trace = cairn.home.root.appending("run.json").description
    for _ in 0..<2 { #expect(try cairn.run("index", "--rebuild", "-q", "--trace", trace).code == 0) }
    #expect(try cairn.shell("grep -c traceEvents \(trace)").outputLines == ["1"])
  }

  @Test(arguments: ["640", "600", "644", "755"]) func `config --apply keeps the mode of a file`(_ mode: String) throws {
    try cairn.write("cairn.toml", "# mine\nlimit = 5\n")
    _ = try cairn.shell("chmod \(mode) cairn.toml")
    let result = try cairn.run("config", "profile", "small", "--apply")
    #expect(result.code == 0, "\(result.errorText)")
    #expect(try cairn.shell("stat -c %a cairn.toml; head -1 cairn.toml").outputLines == [mode, "# mine"])
  }

  @Test(arguments: [["profile", "small", "--apply"], ["set", "limit", "6"], ["unset", "limit"]])
  func `config leaves a file that is read-only, and says what to do`(_ words: [String]) throws {
    try cairn.write("cairn.toml", "limit = 5\n")
    _ = try cairn.shell("chmod 444 cairn.toml")
    let result = try cairn.start(["config"] + words).wait()
    #expect(result.code == 2 && result.errorText.contains("chmod u+w"), "\(result.errorText)")
    #expect(try cairn.shell("stat -c %a cairn.toml; cat cairn.toml").outputLines == ["444", "limit = 5"])
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file to another user"))
  func `config --apply keeps the owner of a file`() throws {
    try cairn.write("cairn.toml", "limit = 5\n")
    _ = try cairn.shell("chown 65534:65534 cairn.toml")
    #expect(try cairn.run("config", "profile", "small", "--apply").code == 0)
    #expect(try cairn.shell("stat -c %u:%g cairn.toml").outputLines == ["65534:65534"])
  }

  @Test(arguments: ["*", "relative/path", "/srv:*", "./x", "~"])
  func `a trusted directory is named by an absolute path`(_ value: String) throws {
    let result = try cairn.run("search", "--trusted-directories", value, "leap_year")
    #expect(result.code == 2 && result.errorText.contains("absolute paths"), "\(result.errorText)")
    #expect(try cairn.run("search", "--trusted-directories", "/srv:~/x", "-l", "leap_year").code == 0)
  }

  @Test func `a model that a project's file asks for and that is not here is told with the file and the line`() throws {
    try cairn.write("cairn.toml", "limit = 5\nembedding_model = \"minilm\"\n")
    for command in ["index", "search"] {
      let result = try cairn.start([command] + (command == "search" ? ["leap_year"] : [])).wait()
      #expect(result.code == 2)
      #expect(
        result.errorText.contains("embedding_model is set in \(cairn.tree.root)/cairn.toml, line 2"),
        "\(result.errorText)")
    }
  }

  @Test func `the status counts what was left out as the run did`() throws {
    _ = try cairn.shell(
      "git init -q . && echo 'out/' >.gitignore && mkdir out && echo x >out/a.c && ln -s a b && printf '\\0\\1\\0' >c.bin.c"
    )
    let report = try #require(try cairn.run("index", "--json").objects("report").first)
    let counted = try #require(report["skipped"] as? [String: Int])
    #expect(!counted.isEmpty)
    for _ in 0..<2 {
      let status = try #require(try cairn.run("status", "--json").objects("status").first)
      #expect(status["skipped"] as? [String: Int] == counted)
      _ = try cairn.run("search", "-l", "leap_year")
    }
    _ = try cairn.shell("rm c.bin.c b")
    let after = try #require(try cairn.run("index", "--json").objects("report").first)
    let status = try #require(try cairn.run("status", "--json").objects("status").first)
    #expect(status["skipped"] as? [String: Int] == after["skipped"] as? [String: Int])
  }

  @Test func `a first search on a full disk is an error, and a later one answers from before`() throws {
    let library = try FaultLibrary()
    var counting = cairn
    counting.environment.merge(try library.environment(nil)) { $1 }
    #expect(try counting.run("search", "-l", "-n1", "leap_year").code == 0)
    let calls = try library.callCounts()["write", default: 0]
    #expect(calls > 0)
    for number in stride(from: 1, through: calls, by: max(1, calls / 12)) {
      var fault = Fault("write", "ENOSPC", .stay)
      fault.number = number
      removeTree(cairn.tree.root.appending(".cairn"))
      var faulty = cairn
      faulty.environment.merge(try library.environment(fault)) { $1 }
      let result = try faulty.run("search", "-l", "-n1", "leap_year")
      if result.code == 2 {
        #expect(result.errorText.contains("cairn: ") && result.output.isEmpty, "write \(number)")
      } else {
        #expect(result.code == 0 && result.outputLines == ["src/dates.py"], "write \(number): \(result.code)")
      }
    }
    #expect(try cairn.run("index", "-q").code == 0)
    try cairn.write("src/more.py", "def another_thing(): pass\n")
    for number in 1...3 {
      var fault = Fault("write", "ENOSPC", .stay)
      fault.number = number
      var faulty = cairn
      faulty.environment.merge(try library.environment(fault)) { $1 }
      let result = try faulty.run("search", "-l", "-n1", "leap_year")
      #expect(result.code == 0 && result.outputLines == ["src/dates.py"], "write \(number): \(result.errorText)")
      #expect(result.errorText.contains("note: "))
    }
  }

  @Test(arguments: [["index"], ["index", "--rebuild"], ["search", "leap_year"]])
  func `where the mark of the newest generation cannot be written, the index is sound`(arguments: [String]) throws {
    let library = try FaultLibrary()
    for isFirst in [true, false] {
      removeTree(cairn.tree.root.appending(".cairn"))
      if !isFirst { #expect(try cairn.run("index", "-q").code == 0) }
      for round in 0..<3 {
        try cairn.write("src/more.py", "def another_thing_\(round)(): pass\n")
        var faulty = cairn
        let fault = Fault("write", "ENOSPC", .stay, path: "catalog.newest")
        faulty.environment.merge(try library.environment(fault)) { $1 }
        let result = try faulty.start(arguments).wait()
        #expect(result.code == 0 || result.errorText.contains("the disk is full"), "\(result.errorText)")
        if try cairn.run("status").code != 0 { continue }
        let verify = try cairn.run("verify")
        #expect(verify.code == 0, "\(round): \(verify.outputText)")
      }
      #expect(try cairn.run("index", "-q").code == 0)
      #expect(fileExists(cairn.tree.root.appending(".cairn/catalog.newest")))
      #expect(try cairn.run("search", "-l", "-n1", "another_thing_2").outputLines == ["src/more.py"])
    }
  }

  @Test(arguments: ["catalog.sqlite-shm", "catalog.sqlite-wal", "catalog.sqlite", "segments/", ""])
  func `what keeps a file of the index from being written is named`(_ path: String) throws {
    let library = try FaultLibrary()
    for (error, words) in [("ENOSPC", "the disk is full"), ("EDQUOT", "the disk is full"), ("\(EFBIG)", "ulimit -f")] {
      removeTree(cairn.tree.root.appending(".cairn"))
      var faulty = cairn
      let fault = Fault("write", error, .stay, path: ".cairn/" + path)
      faulty.environment.merge(try library.environment(fault)) { $1 }
      let result = try faulty.run("index")
      #expect(result.code == 2 && result.errorText.contains(words), "\(error) \(path): \(result.errorText)")
    }
  }

  @Test func `a limit on the size of files is named and ends nothing without a word`() throws {
    for blocks in [1, 8, 32, 64] {
      removeTree(cairn.tree.root.appending(".cairn"))
      let result = try cairn.shell("ulimit -f \(blocks); exec $CAIRN index -q")
      #expect(
        result.code == 0 || result.code == 2 && result.errorText.contains("ulimit -f"), "\(blocks): \(result.errorText)"
      )
      #expect(blocks > 8 || result.code == 2, "\(blocks): \(result.errorText)")
    }
  }

  @Test func `what is no file of Cairn's in the place of the options is taken away by the next run`() throws {
    try cairn.home.write("precious", "x")
    #expect(try cairn.run("index", "-q", "--include-hidden").code == 0)
    let options = cairn.tree.root.appending(".cairn/options")
    #expect(fileExists(options))
    for change in ["ln -s \"$HOME/precious\"", "ln \"$HOME/precious\"", "mkdir", "mkfifo"] {
      #expect(try cairn.shell("rm -rf .cairn/options && \(change) .cairn/options").code == 0)
      let told = try cairn.run("search", "--no-update", "-l", "-n1", "leap_year")
      #expect(told.code == 0 && told.errorText.contains("run `cairn index`"), "\(change): \(told.errorText)")
      #expect(try cairn.run("index", "-q").code == 0)
      #expect(!fileExists(options), "\(change)")
      #expect(try cairn.run("search", "--no-update", "-l", "-n1", "leap_year").errors.isEmpty)
    }
    #expect(try cairn.shell("cat \"$HOME/precious\"").outputText == "x")
    #expect(
      try cairn.shell("mkdir .cairn/options && echo mine >.cairn/options/thesis.tex && $CAIRN index -q").code == 0)
    #expect(fileExists(options.appending("thesis.tex")))
  }

  @Test func `a search waits no longer than a moment for the update of another process`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    try cairn.write("src/more.py", "def another_thing(): pass\n")
    let held = try cairn.shell("exec 9<.cairn/writer.lock && flock 9 && \"$CAIRN\" search -l -n1 leap_year 9<&-")
    #expect(held.code == 0 && held.errorText.contains("this answer is from before"), "\(held.errorText)")
    #expect(try cairn.run("search", "-l", "-n1", "another_thing").outputLines == ["src/more.py"])
  }
}
