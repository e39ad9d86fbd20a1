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

  @Test func `A password in an address is refused and not repeated`() throws {
    let world = try StoreWorld(fileCount: 1)
    let result = try world.cairn.run("search", "x", "--store", "postgres://cairn:hunter2@localhost/code")
    #expect(result.code == 2)
    #expect(result.errorText.contains("PGPASSWORD") && !result.errorText.contains("hunter2"), "\(result.errorText)")
  }
}
