import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// Limits, profiles, imports and caches through the real program.
@Suite struct LeversTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  var file: FilePath { cairn.tree.root.appending("cairn.toml") }
  func text(_ path: FilePath) throws -> String { String(decoding: try readFileBytes(path), as: UTF8.self) }

  @Test(arguments: ["small", "medium", "large", "huge"])
  func `a profile is printed as a file that holds, and written where it is asked for`(_ name: String) throws {
    let shown = try cairn.run("config", "profile", name)
    #expect(shown.code == 0 && shown.outputText.contains("max_memory_mb = "))
    #expect(!fileExists(file), "without --apply nothing is written")
    try cairn.write("cairn.toml", "# mine\nlimit = 3\nthreads = 1 # one\n")
    let applied = try cairn.run("config", "profile", name, "--apply")
    #expect(applied.code == 0 && applied.errorText.contains("written to"), "\(applied.errorText)")
    let held = try text(file)
    #expect(held.hasPrefix("# mine\nlimit = 3\nthreads = ") && held.contains(" # one"))
    for line in shown.outputLines.dropFirst() where !line.hasPrefix("threads") {
      #expect(held.contains(line), "\(held)")
    }
    #expect(try cairn.run("config").code == 0)
    let object = try #require(try cairn.run("config", "profile", name, "--json").objects("profile").first)
    #expect((object["settings"] as? [String: Any])?.isEmpty == false)
  }

  @Test func `sizes that nobody set are derived, and config says from what`() throws {
    let lines = try cairn.run("config").outputLines
    #expect(
      lines.contains { $0.hasPrefix("threads = ") && $0.contains("# derived from") && !$0.hasPrefix("threads = 0") })
    #expect(lines.contains { $0.hasPrefix("max_memory_mb = ") && $0.contains("MB of memory") })
    #expect(try cairn.run("config", "--threads", "7").outputText.contains("threads = 7 "))
  }

  @Test func `a semindex file is imported, key by key, and what is printed is a configuration`() throws {
    try cairn.write(
      "old.toml", "[PERFORMANCE]\nMAX_WORKERS = 3\nBATCH_SIZE = 0\nODD = 1\n[MODELS.OPENAI]\nAPI_KEY = \"sk-1\"\n")
    let result = try cairn.run("config", "import", "old.toml")
    #expect(result.code == 0, "\(result.errorText)")
    #expect(result.outputText.contains("PERFORMANCE.MAX_WORKERS = 3") && result.outputText.contains("-> threads = 3"))
    #expect(result.outputText.contains("batch_size, already the default"))
    #expect(result.outputText.contains("unknown, not taken") && !result.outputText.contains("sk-1"))
    try cairn.tree.write("cairn.toml", result.output)
    #expect(try cairn.run("config").outputText.contains("threads = 3 "))
    let objects = try cairn.run("config", "import", "old.toml", "--json").objects()
    #expect(objects.compactMap { $0.text("outcome") } == ["taken", "default", "unknown", "secret"])
    #expect(objects.last?.text("toml") == "threads = 3\n")
  }

  @Test func `a LeIndex file is imported, and its patterns go to cairnignore`() throws {
    try cairn.write(
      "le.yaml", "performance:\n  max_workers: 2\nmemory:\n  total_budget_mb: 512\nignore_patterns: [\"lib/\"]\n")
    let result = try cairn.run("config", "import", "le.yaml", "--apply")
    #expect(result.code == 0, "\(result.errorText)")
    #expect(try text(file) == "threads = 2\nmax_memory_mb = 512\n")
    #expect(try text(cairn.tree.root.appending(".cairnignore")) == "lib/\n")
    let report = try #require(try cairn.run("index", "--json").objects("report").first)
    #expect((report["skipped"] as? [String: Int])?["ignored"] == 1)
  }

  @Test(arguments: [
    (["config", "profile", "larg"], "did you mean \"large\"?"), (["config", "profile"], "profile takes a name"),
    (["config", "improt", "x"], "did you mean \"import\"?"), (["config", "import"], "import takes a file"),
    (["config", "import", "none.yaml"], "none.yaml"), (["config", "--apply"], "--apply goes with"),
    (["cache", "stat"], "did you mean \"stats\"?"), (["cache", "warm"], "there is no index yet"),
    (["index", "--profile=xml"], "--profile=json"),
    (["index", "--trace", "/nowhere/t.json"], "cannot be written here"),
    (["index", "--max-memory-mb", "0%"], "a share of the memory"), (["index", "--file-limit", "-1"], "a whole number"),
    (["index", "--device", "tpu"], "\"openvino\""),
  ])
  func `a mistake is one line that says what to do`(_ arguments: [String], _ message: String) throws {
    let result = try cairn.start(arguments).wait()
    #expect(result.code == 2, "\(result.outputText)")
    #expect(result.errorText.contains(message), "\(result.errorText)")
    #expect(result.errorText.split(separator: "\n").count == 1)
  }

  @Test func `hostile YAML is an error with its line`() throws {
    try cairn.write("bomb.yaml", "a: &a [x, x]\nb: [*a, *a]\n")
    let result = try cairn.run("config", "import", "bomb.yaml")
    #expect(result.code == 2 && result.errorText.contains("bomb.yaml: line 2: aliases"), "\(result.errorText)")
  }

  @Test func `a project's file cannot send text anywhere`() throws {
    try cairn.write("cairn.toml", "embedding_endpoint = \"http://evil.example/v1\"\n")
    let result = try cairn.run("search", "x")
    #expect(result.code == 2 && result.errorText.contains("a project's file cannot set \"embedding_endpoint\""))
  }

  @Test func `where time and memory went is a table, and an object`() throws {
    let table = try cairn.run("index", "--profile").outputText
    for word in ["stage", "share", "rate", "waiting", "walk", "chunk", "total", "cores", "memory", "peak"] {
      #expect(table.contains(word), "\(word)")
    }
    let alone = try cairn.run("index", "--rebuild", "--profile=json").objects()
    #expect(alone.count == 1 && alone[0].text("type") == "run_profile")
    let stages = try #require(alone[0]["stages"] as? [[String: Any]])
    #expect(stages.map { $0.text("stage") }.contains("embed"))
    let shares = stages.compactMap { ($0["share"] as? NSNumber)?.doubleValue }.reduce(0, +)
    #expect(abs(shares - 1) < 1e-9)
    #expect((alone[0].number("peak_resident_bytes") ?? 0) >= (alone[0].number("peak_own_bytes") ?? 1))
    #expect(
      try cairn.run("index", "--json", "--profile").objects().map { $0.text("type") } == ["report", "run_profile"])
  }

  @Test func `a trace is written whole, for chrome and Perfetto`() throws {
    #expect(try cairn.run("index", "--trace", "run.json").code == 0)
    let data = Data(try readFileBytes(cairn.tree.root.appending("run.json")))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let events = try #require(document["traceEvents"] as? [[String: Any]])
    let paths = events.compactMap { ($0["args"] as? [String: String])?["path"] }
    #expect(paths.contains("src/dates.py") && events.contains { $0["name"] as? String == "walk" })
    let left = try listDirectory(cairn.tree.root).filter { $0.name.description.hasSuffix(".tmp") }
    #expect(left.isEmpty)
  }

  @Test func `the parts of an index add up to it, and the bars are for people`() throws {
    _ = try cairn.run("index")
    let status = try #require(try cairn.run("status", "--json").objects("status").first)
    let parts = try #require(status["parts"] as? [String: Int])
    #expect(parts.values.reduce(0, +) == status.number("index_bytes"))
    for name in ["vectors", "sketches", "postings", "dictionary", "stored", "patterns", "catalog"] {
      #expect((parts[name] ?? 0) > 0, "\(name)")
    }
    let text = try cairn.run("status").outputText
    #expect(text.contains("postings") && text.contains("█") && text.contains("complete"))
  }

  @Test func `a limit of files is said, not silent`() throws {
    let first = try cairn.run("index", "--file-limit", "2")
    #expect(first.outputText.contains("2 file-limit") && first.outputText.contains("not complete: 2 files"))
    #expect(try cairn.run("status").outputText.contains("not complete"))
    let again = try #require(try cairn.run("index", "--file-limit", "2", "--json").objects("report").first)
    #expect(again.number("files_seen") == 4 && again.number("files_unchanged") == 2)
    #expect(try cairn.run("index").outputText.contains("4 files seen"))
    #expect(try cairn.run("status").outputText.contains("state        complete"))
  }

  @Test func `an index that a limit keeps incomplete names the setting and its place, not a run that changes nothing`()
    throws
  {
    try cairn.write("cairn.toml", "file_limit = 1\n")
    for arguments in [["search", "leap_year"], ["search", "--no-update", "leap_year"], ["related", "cairn.toml:1"]] {
      let said = try cairn.start(arguments).wait().errorText
      #expect(said.contains("beyond file_limit = 1 (from ") && said.contains("/cairn.toml:1)"), "\(arguments): \(said)")
      #expect(!said.contains("run `cairn index`"), "\(arguments): \(said)")
    }
    let notes = try cairn.run("search", "--json", "leap_year").objects("summary").first?["notes"] as? [String]
    #expect(notes?.contains { $0.contains("file_limit = 1 (from ") } == true, "\(notes ?? [])")
    let status = try cairn.run("status").outputText
    #expect(status.contains("beyond file_limit = 1 (from ") && !status.contains("to go on"), "\(status)")
    try cairn.tree.remove("cairn.toml")
    let variable = try cairn.shell("CAIRN_FILE_LIMIT=2 $CAIRN search leap_year").errorText
    #expect(variable.contains("file_limit = 2 (from the environment: CAIRN_FILE_LIMIT)"), "\(variable)")
    // Where the limit is gone, a run does help.
    #expect(try cairn.run("search", "--no-update", "leap_year").errorText.contains("run `cairn index`"))
    #expect(try cairn.run("search", "leap_year").errors.isEmpty)
  }

  @Test func `caches say what they hold, are warmed and cleared`() throws {
    #expect(try cairn.run("cache").outputText.contains("there is no index yet"))
    _ = try cairn.run("index")
    let warmed = try cairn.run("cache", "warm", "--json").objects()
    let index = try #require(warmed.first { $0.text("name") == "index" })
    #expect(index.number("bytes") == index.number("limit_bytes") && (index.number("entries") ?? 0) > 0)
    #expect(warmed.last?.text("action") == "warmed" && warmed.last?.number("bytes") == index.number("limit_bytes"))
    #expect(try cairn.run("cache", "clear").code == 0)
    let stats = try cairn.run("cache", "stats", "--json").objects("cache")
    #expect(stats.map { $0.text("name") } == ["embeddings", "index"])
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"], "the index stays")
  }

  @Test func `commits by time and segments read whole answer as the others do`() throws {
    let plain = try cairn.run("search", "--json", "parse multiply listen").paths()
    #expect(try cairn.run("index", "--rebuild", "--commit-interval", "1", "-q").code == 0)
    let whole = try cairn.run(
      "search", "--json", "--memory-mapping-threshold-mb", "100", "parse multiply listen")
    #expect(try whole.paths() == plain && whole.errors.isEmpty)
    #expect(try cairn.run("index", "--rebuild", "--no-parallel", "--profile=json").objects()[0].number("threads") == 1)
  }
}
