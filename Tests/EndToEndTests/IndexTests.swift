import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

@Suite struct IndexTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  func report(_ arguments: String...) throws -> [String: Any] {
    let result = try cairn.start(["index", "--json"] + arguments).wait()
    #expect(result.code == 0, "\(result.errorText)")
    return try #require(try result.objects("report").first)
  }

  @Test func `the report's counts add up to the files seen`() throws {
    try cairn.tree.write("image.bin", [0, 1, 2, 0, 255])
    try cairn.write("empty.txt", "")
    for _ in 0..<2 {
      let report = try report()
      let skipped = try #require(report["skipped"] as? [String: Int])
      #expect(report.number("files_skipped") == skipped.values.reduce(0, +))
      let sum =
        (report.number("files_indexed") ?? 0) + (report.number("files_unchanged") ?? 0) + skipped.values.reduce(0, +)
      #expect(report.number("files_seen") == sum)
      #expect(report.number("files") == 4)
    }
  }

  @Test func `a second run reads nothing, and a third only what changed`() throws {
    #expect(try report().number("files_indexed") == 4)
    let second = try report()
    #expect(second.number("files_indexed") == 0 && second.number("files_unchanged") == 4)
    try cairn.write("lib/matrix.c", "int changed;\n")
    try cairn.tree.remove("notes/readme.md")
    let third = try report()
    #expect(third.number("files_indexed") == 1 && third.number("files_removed") == 1)
    #expect(try report("--rebuild").number("files_indexed") == 3)
  }

  @Test func `the report for people has the same numbers, and quiet has none`() throws {
    let text = try cairn.run("index", "--timings").outputText
    #expect(text.hasPrefix("4 files seen: 4 indexed, 0 unchanged, 0 skipped\n"))
    #expect(text.contains("seconds of thread time by stage:"))
    let quiet = try cairn.run("index", "-q", "--rebuild")
    #expect(quiet.code == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
  }

  @Test func `what git ignores is not indexed, and the index itself is invisible to git`() throws {
    _ = try cairn.shell("git init -q . && printf 'lib/\\n*.js\\n' > .gitignore")
    let files = try cairn.run("search", "-l", "multiply parse listen expireSessions").outputLines
    #expect(files.contains("src/dates.py") && !files.contains("lib/matrix.c") && !files.contains("src/server.js"))
    let status = try cairn.shell("git status --porcelain --untracked-files=all")
    #expect(status.code == 0 && !status.outputText.contains(".cairn"), "\(status.outputText)")
    #expect(try report("--no-obey-gitignore").number("files") == 4)
  }

  @Test func `paths with spaces, newlines and bytes that are not UTF-8 are found and shown safely`() throws {
    try cairn.write("a b/c d.py", "def spaced_out():\n    return 1\n")
    try cairn.write("new\nline.py", "def lined_up():\n    return 2\n")
    try cairn.tree.write(
      FilePath(bytes: [0x62, 0xFF, 0xFE] + Array(".py".utf8)), Array("def mangled_name():\n    return 3\n".utf8))
    try cairn.write("\u{1B}[31mred.py", "def painted_red():\n    return 4\n")
    #expect(try cairn.run("search", "-l", "-n1", "spaced_out").output == Array("a b/c d.py\n".utf8))
    #expect(try cairn.run("search", "-l0", "-n1", "lined_up").output == Array("new\nline.py\0".utf8))
    #expect(try cairn.run("search", "-l", "-n1", "mangled_name").output == [0x62, 0xFF, 0xFE] + Array(".py\n".utf8))
    let hit = try #require(try cairn.run("search", "--json", "-n1", "mangled_name").objects("result").first)
    #expect(hit.text("path") == "b\u{FFFD}\u{FFFD}.py")
    #expect(Data(base64Encoded: hit.text("path_base64") ?? "") == Data([0x62, 0xFF, 0xFE] + Array(".py".utf8)))
    for word in ["lined_up", "painted_red"] {
      let header = try #require(try cairn.run("search", "-n1", word).outputLines.first)
      #expect(header.contains(".py:1  ") && !header.contains("\u{1B}"), "\(header)")
    }
  }

  @Test func `what a file holds cannot drive the terminal`() throws {
    try cairn.write("evil.py", "def evil_code():\n    return '\u{1B}]0;title\u{7}\u{9B}2J\u{202E}\r'\n")
    let result = try cairn.run("search", "-n1", "-C", "all", "--color", "never", "evil_code")
    #expect(result.outputText.contains("evil_code"))
    for scalar in result.outputText.unicodeScalars where scalar != "\n" {
      #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0x202E)
    }
  }

  @Test func `the index can live elsewhere`() throws {
    #expect(try cairn.run("search", "--index-dir", "cache", "-l", "leap_year").code == 0)
    #expect(!fileExists(cairn.tree.root.appending(".cairn")))
    #expect(fileExists(cairn.home.root.appending(".cache/cairn")))
    #expect(
      try cairn.run("search", "--index-dir", "other/place", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"])
    #expect(fileExists(cairn.tree.root.appending("other/place/catalog.sqlite")))
    #expect(try report("--index-dir", "other/place", "--include-hidden", "--no-obey-gitignore").number("files") == 4)
  }

  @Test func `a tree that may not be written is indexed in the cache, with one line that says so`() throws {
    var reader = cairn
    reader.environment["XDG_CACHE_HOME"] = "\(cairn.home.root)/cache"
    let result = try reader.shell(
      """
      mkdir "$XDG_CACHE_HOME" && chmod -R a+rX . "$HOME" && chmod a+rwx "$XDG_CACHE_HOME" && chmod a-w .
      as_nobody=
      program="$CAIRN"
      if [ "$(id -u)" = 0 ]; then
        as_nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
        cp "$CAIRN" "$HOME/cairn" && chmod a+rx "$HOME/cairn" && program="$HOME/cairn"
      fi
      $as_nobody "$program" search -l -n1 leap_year
      code=$?
      chmod u+w .
      exit $code
      """)
    #expect(result.code == 0, "\(result.errorText)")
    #expect(result.outputLines == ["src/dates.py"])
    #expect(
      result.errorText.split(separator: "\n").count == 1 && result.errorText.contains("cannot be written"),
      "\(result.errorText)")
    #expect(!fileExists(cairn.tree.root.appending(".cairn")))
  }

  @Test func `a second indexer is told so, and a search meanwhile answers from the last generation`() throws {
    _ = try cairn.run("index")
    try cairn.write("src/later.py", "def written_later():\n    return 1\n")
    guard let lock = try FileLock(cairn.tree.root.appending(".cairn/writer.lock")) else {
      Issue.record("somebody holds the lock already")
      return
    }
    let second = try cairn.run("index")
    #expect(second.code == 2 && second.errorText.contains("another process is indexing"))
    let search = try cairn.run("search", "-l", "-n1", "leap_year")
    #expect(search.code == 0 && search.outputLines == ["src/dates.py"])
    #expect(search.errorText.split(separator: "\n").count == 1 && search.errorText.contains("from before"))
    let quiet = try cairn.run("search", "-q", "-l", "-n1", "leap_year")
    #expect(quiet.errorText.split(separator: "\n").count == 1, "\(quiet.errorText)")
    _ = consume lock
    #expect(try cairn.run("search", "-l", "-n1", "written_later").outputLines == ["src/later.py"])
  }

  @Test func `a search waits for another process's first index when there is nothing to answer from`() throws {
    // A directory that Cairn made and that holds nothing yet.
    _ = try cairn.run("index")
    #expect(try cairn.shell("rm -r .cairn/segments .cairn/catalog.*").code == 0)
    guard let lock = try FileLock(cairn.tree.root.appending(".cairn/writer.lock")) else {
      Issue.record("somebody holds the lock already")
      return
    }
    let search = try cairn.start(["search", "-l", "-n1", "leap_year"])
    search.run(until: .now + .milliseconds(300))
    #expect(search.isRunning)
    _ = consume lock
    let result = search.wait()
    #expect(result.code == 0 && result.outputLines == ["src/dates.py"] && result.errors.isEmpty, "\(result.errorText)")
  }

  @Test func `indexers and searches at one time leave one good index`() throws {
    let jobs = try (0..<6).map { job in
      try cairn.start(job % 2 == 0 ? ["index", "--rebuild"] : ["search", "-l", "-n1", "leap_year"])
    }
    for (number, job) in jobs.enumerated() {
      let result = job.wait()
      if number % 2 == 1 {
        #expect(result.code == 0 && result.outputLines == ["src/dates.py"], "\(result.errorText)")
      } else {
        #expect(result.code == 0 || result.errorText.contains("another process is indexing"), "\(result.errorText)")
      }
    }
    #expect(try report().number("files") == 4)
  }

  @Test(arguments: [true, false])
  func `a damaged index is made good by the next search, with one line that says so`(_ isCatalog: Bool) throws {
    let index: FilePath = ".cairn"
    let segments = index.appending("segments")
    let damages: [([UInt8]) -> [UInt8]] = [{ Array($0.prefix($0.count / 3)) }, { $0.map { $0 ^ 0x55 } }]
    for damage in damages {
      _ = try cairn.run("index", "--rebuild")
      let names = try listDirectory(cairn.tree.root.appending(segments)).map(\.name)
      let file = isCatalog ? index.appending("catalog.sqlite") : segments.appending(try #require(names.max()))
      try cairn.tree.write(file, damage(try readFileBytes(cairn.tree.root.appending(file))))
      let refused = try cairn.run("search", "--no-update", "leap_year")
      #expect(refused.code == 2 && !refused.errors.isEmpty)
      let healed = try cairn.run("search", "-l", "-n1", "leap_year")
      #expect(healed.code == 0 && healed.outputLines == ["src/dates.py"], "\(healed.errorText)")
      let line =
        isCatalog ? "the index was built again: its catalog was damaged" : "was damaged: its files were read again"
      #expect(healed.errorText.contains(line), "\(healed.errorText)")
      #expect(try cairn.run("search", "-l", "-n1", "leap_year").errors.isEmpty)
    }
  }

  @Test func `status says what there is, and that there is nothing`() throws {
    let before = try cairn.run("status")
    #expect(before.code == 1 && before.outputText.hasPrefix("there is no index of"))
    #expect(try cairn.run("status", "--json").objects("status").first?["indexed"] as? Bool == false)
    _ = try cairn.run("index")
    let status = try #require(try cairn.run("status", "--json").objects("status").first)
    #expect(status.number("files") == 4 && status["complete"] as? Bool == true && status["outdated"] as? Bool == false)
    #expect(status.number("source_bytes") ?? 0 > 500 && status.number("index_bytes") ?? 0 > 0)
    #expect(try cairn.run("status").outputText.contains("complete"))
  }
}
