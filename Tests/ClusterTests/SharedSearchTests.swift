import Cluster
import PostgreSQL
import Primitives
import TestSupport
import Testing

@Suite(.enabled(if: PostgresServer.isInstalled, "Scripts/setup --checks installs PostgreSQL"))
struct SharedSearchTests {
  private static let queries = [
    "retry the lease until the limit", "parse_token_12_1", "where are sessions opened", "merge", "module_30.py",
    "\"cannot verify index\"", "store vector lang:python", "load AND buffer", "path:src/part3/** close queue",
    "kind:function split chunk", "parse_tokn_12_1", "src/part2/module_9.py:3",
  ]

  @Test func `A store gives what the local index gives, with and without a checkout`() throws {
    let world = try StoreWorld(fileCount: 60)
    let elsewhere = try TemporaryTree(inMemory: true)
    #expect(try world.cairn.run("index").code == 0)
    let pushed = try world.run("cluster", "push", "--json")
    #expect(pushed.code == 0, "\(pushed.errorText)")
    #expect(pushed.outputText.contains("\"files_without_text\":0"))
    for query in Self.queries {
      let local = try world.cairn.run("search", "--json", "--no-update", query)
      let shared = try world.run("search", "--json", query)
      #expect(seenResults(shared) == seenResults(local), "\(query): \(shared.errorText)")
      #expect(shared.code == local.code, "\(query)")
      let remote = try world.run("search", "--json", query, in: elsewhere.root)
      #expect(seenResults(remote) == seenResults(local), "\(query): \(remote.errorText)")
    }
    let local = try world.cairn.run("related", "--json", "--no-update", "src/part1/module_1.py:5")
    let shared = try world.run("related", "--json", "src/part1/module_1.py:5")
    #expect(seenResults(shared) == seenResults(local), "\(shared.errorText)")
  }

  @Test func `A second push sends only what is new, and verify tells what differs`() throws {
    let world = try StoreWorld(fileCount: 20)
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "push").code == 0)
    #expect(try world.run("cluster", "verify").code == 0)
    #expect(try world.run("cluster", "push", "--json").outputText.contains("\"sent_files\":0"))
    try world.cairn.write(StoreWorld.path(3), "def only_here():\n    return 3\n")
    try world.cairn.tree.remove(StoreWorld.path(4))
    #expect(try world.cairn.run("index").code == 0)
    let verified = try world.run("cluster", "verify", "--json")
    #expect(verified.code == 2)
    #expect(verified.outputText.contains("\"different\":[\"src/part3/module_3.py\"]"), "\(verified.outputText)")
    #expect(verified.outputText.contains("\"not_here\":[\"src/part4/module_4.py\"]"))
    let pushed = try world.run("cluster", "push", "--json").outputText
    #expect(pushed.contains("\"sent_files\":1,") && pushed.contains("\"removed_files\":1,"), "\(pushed)")
    #expect(try world.run("cluster", "verify").code == 0)
    #expect(seenResults(try world.run("search", "--json", "only_here")).first?.contains("module_3.py") == true)
  }

  @Test func `A store that is gone is told of in one line, and a local index answers`() throws {
    let server = try PostgresServer()
    let world = try StoreWorld(fileCount: 5, server: server)
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "push").code == 0)
    server.stop(2)
    let found = try world.run("search", "--json", "parse")
    #expect(found.code == 0)
    #expect(found.errorText.contains("the index on this machine answered"), "\(found.errorText)")
    let elsewhere = try TemporaryTree(inMemory: true)
    let nowhere = try world.run("search", "parse", in: elsewhere.root)
    #expect(nowhere.code == 2)
    #expect(nowhere.errorText.contains("nothing answers at postgres://cairn@"), "\(nowhere.errorText)")
  }

  @Test func `A push waits for another one, and a search says while one is at work that files may be missing`() throws {
    let world = try StoreWorld(fileCount: 12)
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "push").code == 0)
    #expect(try world.run("search", "--json", "parse").outputText.contains("\"complete\":true"))
    let store = try PostgresStore(try PostgresAddress(world.address))
    let collection = try #require(try store.collection(named: "sample"))
    #expect(try store.beginPush(into: collection))
    let push = try world.cairn.start(["cluster", "push", "--store", world.address, "--collection", "sample"])
    try world.wait { () throws(Failure) in push.errorsSoFar.contains("waiting") || !push.isRunning }
    #expect(push.isRunning)
    let during = try world.run("search", "--json", "parse")
    #expect(during.code == 0 && during.outputText.contains("\"complete\":false"))
    #expect(during.outputText.contains("store-incomplete"), "\(during.outputText)")
    try store.endPush(into: collection, isWhole: false)
    let ended = push.wait(limit: .seconds(300))
    #expect(ended.code == 0, "\(ended.errorText)")
    #expect(try world.run("search", "--json", "parse").outputText.contains("\"complete\":true"))
    // One that was stopped leaves a mark that the next one takes away.
    #expect(try store.beginPush(into: collection))
    try store.endPush(into: collection, isWhole: false)
    let stopped = try world.run("search", "parse")
    #expect(stopped.errorText.contains("another one is to end it"), "\(stopped.errorText)")
    #expect(try world.run("cluster", "push").code == 0 && world.run("search", "parse").errorText.isEmpty)
  }

  @Test func `Two pushes at once both end well`() throws {
    let world = try StoreWorld(fileCount: 80)
    #expect(try world.cairn.run("index").code == 0)
    let pushes = try (0..<3).map { _ throws(Failure) in
      try world.cairn.start(["cluster", "push", "--store", world.address, "--collection", "sample"])
    }
    for push in pushes {
      let result = push.wait(limit: .seconds(300))
      #expect(result.code == 0, "\(result.errorText)")
    }
    #expect(try world.run("cluster", "verify").code == 0)
    #expect(try world.value("SELECT count(*) FROM cairn.dead_1") == "0")
  }

  @Test func `A search of a collection that workers fill says that files may be missing`() throws {
    let world = try StoreWorld(fileCount: 12)
    #expect(try world.run("cluster", "enqueue").code == 0)
    #expect(try world.run("search", "--json", "parse").outputText.contains("\"complete\":false"))
    #expect(try world.worker("--once").wait(limit: .seconds(300)).code == 0)
    #expect(try world.run("search", "--json", "parse").outputText.contains("\"complete\":true"))
  }

  @Test func `A collection of another analyzer has a note, and a store's failure is not told as a model's`() throws {
    let world = try StoreWorld(fileCount: 5)
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "push").code == 0)
    _ = try world.value("UPDATE cairn.collection SET analyzer = 1")
    let noted = try world.run("search", "parse")
    #expect(noted.errorText.contains("its analyzer is 1"), "\(noted.errorText)")
    _ = try world.value("UPDATE cairn.collection SET model = 'model-of-nobody'; DROP TABLE cairn.posting_1")
    let failed = try world.run("search", "parse")
    #expect(failed.code == 2 && failed.errorText.contains("did not do what was asked"), "\(failed.errorText)")
    #expect(!failed.errorText.contains("failed:"), "\(failed.errorText)")
  }

  @Test func `A password in an address that a variable holds is not shown`() throws {
    var world = try CairnProgram(inMemory: true)
    world.environment["CAIRN_STORE"] = "postgres://me:hunter2@db.example/code?password=hunter2&sslmode=require"
    world.environment["CAIRN_QDRANT_URL"] = "http://me:hunter2@localhost:6333"
    for words in [
      ["config"], ["config", "--json"], ["config", "get", "store"], ["config", "get", "--json", "store"],
    ] {
      let shown = try world.start(words).wait()
      #expect(shown.code == 0 && !shown.outputText.contains("hunter2"), "\(words) \(shown.outputText)")
      #expect(shown.outputText.contains("postgres://me@db.example/code?sslmode=require"), "\(shown.outputText)")
    }
  }

  @Test func `A password in an address is refused and not repeated`() throws {
    let world = try StoreWorld(fileCount: 1)
    let result = try world.cairn.run("search", "x", "--store", "postgres://cairn:hunter2@localhost/code")
    #expect(result.code == 2)
    #expect(result.errorText.contains("PGPASSWORD") && !result.errorText.contains("hunter2"), "\(result.errorText)")
  }
}
