import Disk
import JSON
import Primitives
import TestSupport
import Testing

/// `cairn add`, `list`, `update` and `remove`, and searches over what is in the list.
@Suite struct RepositoryTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram()
    try cairn.write("api/src/session.py", "def expire_session(session):\n    return session.age > 3600\n")
    try cairn.write("web/src/session.js", "export function expireSession(s) {\n  return s.age > 3600;\n}\n")
    try cairn.write("web/lib/date.js", "export function parseDate(text) {\n  return new Date(text);\n}\n")
    try cairn.write("tools/notes.txt", "nothing of the kind\n")
  }

  private func add(_ names: String...) throws {
    for name in names {
      let result = try cairn.run("add", name, "-q")
      #expect(result.code == 0, "\(result.errorText)")
    }
  }

  private func lines(_ result: ProgramResult) throws -> [JSONValue] {
    try result.outputLines.map { (line) throws(Failure) in try JSONValue(parsing: Array(line.utf8)) }
  }

  private var stateDirectory: FilePath { cairn.home.root.appending(".local/state/cairn") }

  // MARK: The list

  @Test func `a repository is added with its index, listed, searched and removed`() throws {
    let added = try cairn.run("add", "api", "--group", "work", "--group", "python")
    #expect(added.code == 0 && added.outputText.hasPrefix("added api (python, work): "), "\(added.outputText)")
    try add("web")
    let listed = try cairn.run("list")
    #expect(listed.outputLines.count == 3 && listed.outputLines[0].hasPrefix("NAME"))
    #expect(listed.outputLines[1].hasPrefix("api") && listed.outputLines[1].contains("ready"), "\(listed.outputText)")
    let states = try lines(try cairn.run("list", "--json"))
    #expect(states.map { $0["name"]?.string } == ["api", "web"] && states[0]["files"]?.integer == 1)
    #expect(states[1]["files"]?.integer == 2 && states[1]["state"]?.string == "ready")
    #expect(try lines(try cairn.run("list", "--json", "--group", "work")).count == 1)

    let ambiguous = try cairn.run("remove", "api")
    #expect(ambiguous.code == 2 && ambiguous.errorText.contains("--repo api"), "\(ambiguous.errorText)")
    let removed = try cairn.run("remove", "--repo", "api")
    #expect(removed.code == 0 && removed.outputText.contains("its files and its index are where they were"))
    #expect(fileExists(cairn.tree.root.appending("api/.cairn")), "the index was not to go")
    #expect(try lines(try cairn.run("list", "--json")).map { $0["name"]?.string } == ["web"])
    #expect(try cairn.run("remove", "web", "--repo", "web").code == 2)
  }

  @Test func `from elsewhere one, a group or all are searched as one`() throws {
    try add("api", "web", "tools")
    #expect(try cairn.run("add", "web", "--group", "work", "-q").code == 0)
    #expect(try cairn.run("add", "tools", "--group", "work", "-q").code == 0)
    let elsewhere = cairn.home.root
    let all = try cairn.run("search", "--all", "expire session", in: elsewhere)
    #expect(all.code == 0 && all.outputText.contains("api:src/session.py:1"), "\(all.outputText)")
    #expect(all.outputText.contains("web:src/session.js:1"), "\(all.outputText)")
    let one = try cairn.run("search", "--repo", "api", "expire session", "-l", in: elsewhere)
    #expect(one.outputLines == [cairn.tree.root.appending("api/src/session.py").description], "\(one.outputText)")
    let two = try lines(
      try cairn.run("search", "--json", "--repo", "api", "--repo", "web", "expire session", in: elsewhere))
    let repositories = Set(two.dropLast().compactMap { $0["repository"]?.string })
    let summary = try #require(two.last)
    #expect(repositories == ["api", "web"] && summary["root"] == nil)
    let parts = summary["repositories"]?.array ?? []
    #expect(parts.map { $0["name"]?.string } == ["api", "web"] && parts[1]["searched"]?.integer == 2)
    #expect(parts.allSatisfy { $0["complete"]?.boolean == true && $0["as_of"]?["time"]?.number != nil })
    let group = try cairn.run("search", "--group", "work", "-l", "expire session", in: elsewhere)
    #expect(!group.outputText.contains("api/") && group.outputText.contains("web/src/session.js"))
    let lines = try cairn.run("search", "--all", "--vimgrep", "-n1", "parseDate", in: elsewhere)
    #expect(lines.outputText.hasPrefix(cairn.tree.root.appending("web/lib/date.js:1:").description))
    // What changed since is found.
    try cairn.write("api/src/new.py", "def brand_new_thing():\n    pass\n")
    let fresh = try cairn.run("search", "--all", "-n1", "brand_new_thing", in: elsewhere)
    #expect(fresh.outputText.contains("api:src/new.py:1"), "\(fresh.outputText)")
    let nowhere = try cairn.run("search", "--all", "zq_no_such_name", in: elsewhere)
    #expect(nowhere.code == 1 && !nowhere.errors.isEmpty)
  }

  @Test func `code like a line of one is found in the others`() throws {
    try add("api", "web")
    let named = try cairn.run("related", "--all", "api:src/session.py:1", in: cairn.home.root)
    #expect(named.code == 0 && named.outputText.contains("web:src/session.js"), "\(named.outputText)\(named.errorText)")
    #expect(!named.outputText.contains("api:src/session.py:1"))
    let here = try cairn.run("related", "--all", "src/session.py:1", in: cairn.tree.root.appending("api"))
    #expect(here.code == 0 && here.outputLines == named.outputLines, "\(here.errorText)")
    #expect(try cairn.run("related", "--all", "src/session.py:1", in: cairn.home.root).code == 2)
    // From a directory that is in neither, by a path that leads into one.
    let outside = try cairn.run("related", "--all", "api/src/session.py:1", in: cairn.tree.root)
    #expect(outside.code == 0 && outside.outputText.contains("web:src/session.js"), "\(outside.errorText)")
    for path in ["web/src/session.js:1", "src/session.js:1"] {
      let one = try cairn.run("related", "--repo", "web", path, in: cairn.tree.root)
      #expect(one.code == 0 && one.outputText.contains("lib/date.js:1"), "\(path): \(one.errorText)")
    }
  }

  @Test func `what a result is shown under is a query that finds it`() throws {
    try add("api", "web")
    for query in ["web:src/session.js:1", "WEB:src/session.js", "web:src/session.js"] {
      let found = try cairn.run("search", "--all", query, in: cairn.home.root)
      #expect(found.code == 0, "\(found.errorText)")
      #expect(found.outputText.hasPrefix("web:src/session.js:1"), "\(query): \(found.outputText)\(found.errorText)")
    }
    let one = try cairn.run("search", "--repo", "web", "web:src/session.js:1", in: cairn.home.root)
    #expect(one.code == 0 && one.outputText.hasPrefix("web:src/session.js:1"), "\(one.outputText)")
    #expect(try cairn.run("search", "--all", "web:src/no_such_file.js:1", in: cairn.home.root).code == 1)
  }

  @Test func `a question is answered from one of the list`() throws {
    try add("api", "web")
    let context = try cairn.run("ask", "--context-only", "--repo", "api", "how do sessions expire", in: cairn.home.root)
    #expect(context.code == 0 && context.outputText.contains("expire_session"), "\(context.errorText)")
    #expect(try cairn.run("ask", "--context-only", "--repo", "api", "--repo", "web", "sessions").code == 2)
  }

  @Test func `the status of each is shown`() throws {
    try add("api", "web")
    let status = try cairn.run("status", "--all", in: cairn.home.root)
    #expect(status.code == 0 && status.outputLines.contains("api") && status.outputLines.contains("web"))
    #expect(try lines(try cairn.run("status", "--repo", "web", "--json")).map { $0["name"]?.string } == ["web"])
  }

  // MARK: Names

  @Test func `names are one repository's, and what is unknown is told with what is near`() throws {
    try cairn.write("other/api/a.py", "x = 1\n")
    try add("api")
    let taken = try cairn.run("add", "other/api")
    #expect(taken.code == 2 && taken.errorText.contains("there is a repository api already"), "\(taken.errorText)")
    #expect(try cairn.run("add", "other/api", "--as", "api2", "--group", "work", "-q").code == 0)
    #expect(try cairn.run("add", "web", "--as", "WORK").code == 2, "a name that is a group")
    let unknown = try cairn.run("search", "--repo", "aip", "x")
    #expect(unknown.code == 2 && unknown.errorText.contains("did you mean api?"), "\(unknown.errorText)")
    #expect(try cairn.run("search", "--group", "wrok", "x").errorText.contains("did you mean work?"))
    let renamed = try cairn.run("add", "other/api", "--as", "second")
    #expect(renamed.outputText.contains("renamed api2 to second"), "\(renamed.outputText)")
    for name in ["../x", "-x", "a b", "a\u{1B}[2Jb", "*", "a/b", ""] {
      let result = try cairn.run("add", "web", "--as=\(name)")
      #expect(result.code == 2 && !result.errorText.contains("\u{1B}"), "\(name)")
    }
    #expect(try lines(try cairn.run("list", "--json")).map { $0["name"]?.string } == ["api", "second"])
  }

  @Test func `a directory with an odd name gets a name that can be typed`() throws {
    try cairn.write("- odd \u{1B}[31m/a.py", "def odd_thing():\n    pass\n")
    let result = try cairn.run("add", "./- odd \u{1B}[31m")
    #expect(
      result.code == 0 && result.outputText.hasPrefix("added odd-31m: "), "\(result.outputText)\(result.errorText)")
    #expect(!result.outputText.contains("\u{1B}"))
    let found = try cairn.run("search", "--repo", "odd-31m", "-n1", "odd_thing")
    #expect(found.outputText.hasPrefix("odd-31m:a.py:1"), "\(found.outputText)")
  }

  @Test func `a word that is a directory here and a name is not removed by guess`() throws {
    try add("api")
    let guess = try cairn.run("remove", "api")
    #expect(guess.code == 2 && guess.errorText.contains("./api"), "\(guess.errorText)")
    #expect(fileExists(cairn.tree.root.appending("api/.cairn")))
    #expect(try cairn.run("remove", "./api", "-q").code == 0)
    #expect(!fileExists(cairn.tree.root.appending("api/.cairn")), "a path means what it meant")
    #expect(try lines(try cairn.run("list", "--json")).first?["state"]?.string == "no-index")
    #expect(try cairn.run("remove", "--repo", "api", "-q").code == 0)
    #expect(try cairn.run("remove", "apx", in: cairn.home.root).code == 2)
  }

  @Test func `an index goes with the name only where that is asked for, and a tree never`() throws {
    try add("api", "web")
    #expect(try cairn.run("remove", "api", "--clone", in: cairn.home.root).code == 2)
    let removed = try cairn.run("remove", "api", "--index", in: cairn.home.root)
    #expect(removed.code == 0 && removed.outputText.contains("and its index"), "\(removed.outputText)")
    #expect(!fileExists(cairn.tree.root.appending("api/.cairn")))
    #expect(fileExists(cairn.tree.root.appending("api/src/session.py")))
    #expect(try cairn.run("add", "web", "--group", "g", "-q").code == 0)
    #expect(try cairn.run("remove", "web", "--group", "g", in: cairn.home.root).code == 0)
    let states = try lines(try cairn.run("list", "--json"))
    #expect(states.map { $0["name"]?.string } == ["web"] && states[0]["groups"]?.array == [])
  }

  // MARK: What goes wrong

  @Test func `a repository that is gone never stops the others`() throws {
    try add("api", "web", "tools")
    let moved = cairn.tree.root.appending("moved")
    try renameFile(cairn.tree.root.appending("web"), to: moved)
    let result = try cairn.run("search", "--all", "expire session", in: cairn.home.root)
    #expect(result.code == 0 && result.outputText.contains("api:src/session.py:1"), "\(result.outputText)")
    #expect(result.errorText.contains("web was not searched: its directory is not there any more"))
    let quiet = try cairn.run("search", "--all", "-q", "expire session", in: cairn.home.root)
    #expect(quiet.errorText.contains("web was not searched"), "\(quiet.errorText)")
    #expect(try cairn.run("list").outputText.contains("gone"))
    let summary = try #require(
      try lines(try cairn.run("search", "--all", "--json", "expire session", in: cairn.home.root)).last)
    #expect(summary["complete"]?.boolean == false)
    #expect(summary["repositories"]?[2]?["error"]?["code"]?.string == "not-found", "\(summary)")
    try renameFile(moved, to: cairn.tree.root.appending("web"))
    #expect(
      try cairn.run("search", "--all", "expire session", in: cairn.home.root).outputText.contains("web:src/session.js"))
  }

  @Test func `a damaged list is told of, kept aside, and begun anew`() throws {
    try add("api")
    let list = stateDirectory.appending("repositories.json")
    let written = try cairn.shell("printf '{\"version\": 1, \"repos' > '\(list)'")
    #expect(written.code == 0)
    for command in [["list"], ["search", "--all", "x"], ["update", "--all"]] {
      let result = try cairn.start(command).wait()
      #expect(result.code == 2 && result.errorText.contains("cannot be read"), "\(command): \(result.errorText)")
    }
    let added = try cairn.run("add", "web")
    #expect(added.code == 0 && added.errorText.contains("repositories.json.damaged-1"), "\(added.errorText)")
    #expect(fileExists(stateDirectory.appending("repositories.json.damaged-1")))
    #expect(try lines(try cairn.run("list", "--json")).map { $0["name"]?.string } == ["web"])
  }

  @Test func `a link in the place of the list is not followed`() throws {
    let victim = cairn.tree.root.appending("victim.json")
    try cairn.write("victim.json", "{\"version\": 1, \"repositories\": []}\n")
    let before = try readFileBytes(victim)
    _ = try cairn.shell("mkdir -p '\(stateDirectory)' && ln -s '\(victim)' '\(stateDirectory)/repositories.json'")
    #expect(try cairn.run("list").code == 2)
    #expect(try cairn.run("add", "api", "-q").code == 0)
    #expect(try readFileBytes(victim) == before)
    #expect(try lines(try cairn.run("list", "--json")).count == 1)
  }

  @Test func `options that do not go together are errors`() throws {
    try add("api", "web")
    for arguments in [
      ["search", "--all", "--root", "api", "x"], ["search", "--all", "--history", "x"],
      ["search", "--all", "--at", "HEAD", "x"], ["update"], ["remove", "--index"], ["status", "--all", "--skipped"],
      ["add", "tools/notes.txt"], ["add", "nothing-here"], ["search", "--all", "--index-dir", "elsewhere", "x"],
    ] {
      let result = try cairn.start(arguments).wait()
      #expect(result.code == 2 && !result.errors.isEmpty, "\(arguments): \(result.outputText)")
    }
  }
}
