import Primitives
import TestSupport
import Testing

@Suite(.enabled(if: PostgresServer.isInstalled, "Scripts/setup --checks installs PostgreSQL"))
struct PullTests {
  private func run(
    _ cairn: CairnProgram, _ world: StoreWorld, _ arguments: String...
  ) throws(Failure) -> ProgramResult {
    try cairn.start(arguments + ["--store", world.address, "--collection", "sample"]).wait(limit: .seconds(300))
  }

  /// Another checkout of the same files, without an index.
  private func checkout(of world: StoreWorld) throws -> CairnProgram {
    let other = try CairnProgram(inMemory: true)
    #expect(try other.shell("cp -r \(world.cairn.tree.root)/src .").code == 0)
    return other
  }

  @Test func `A pulled index answers as the one that was pushed, and a second pull takes only what is new`() throws {
    let world = try StoreWorld(fileCount: 30)
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "push").code == 0)
    let other = try checkout(of: world)
    let pulled = try run(other, world, "cluster", "pull", "--json")
    #expect(pulled.code == 0, "\(pulled.errorText)")
    #expect(pulled.outputText.contains("\"taken_files\":30,"), "\(pulled.outputText)")
    #expect(pulled.outputText.contains("\"made_files\":0,"), "\(pulled.outputText)")
    #expect(try run(other, world, "cluster", "verify").code == 0)
    for query in ["parse the token", "retry_lease_3_1", "module_9.py", "\"cannot verify index\"", "store lang:python"] {
      let pushed = try world.cairn.run("search", "--json", "--no-update", query)
      let answered = try other.run("search", "--json", query)
      #expect(seenResults(answered) == seenResults(pushed), "\(query): \(answered.errorText)")
    }
    #expect(try run(other, world, "cluster", "pull", "--json").outputText.contains("\"taken_files\":0,"))

    let changed = "def only_here():\n    return 3\n"
    try world.cairn.write(StoreWorld.path(3), changed)
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "push").code == 0)
    try other.write(StoreWorld.path(3), changed)
    let again = try run(other, world, "cluster", "pull", "--json").outputText
    #expect(again.contains("\"taken_files\":1,") && again.contains("\"unchanged_files\":29,"), "\(again)")
    #expect(try run(other, world, "cluster", "verify").code == 0)
  }

  @Test func `What differs in the tree is indexed there, and told of`() throws {
    let world = try StoreWorld(fileCount: 8)
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "push").code == 0)
    let other = try checkout(of: world)
    try other.write(StoreWorld.path(2), "def mine_alone():\n    return 2\n")
    try other.tree.remove(StoreWorld.path(4))
    let pulled = try run(other, world, "cluster", "pull")
    #expect(pulled.code == 0, "\(pulled.errorText)")
    #expect(pulled.outputText.contains("took 6 files"), "\(pulled.outputText)")
    #expect(pulled.errorText.contains("1 file that the store has not"), "\(pulled.errorText)")
    #expect(pulled.errorText.contains("2 files of the store did not come"), "\(pulled.errorText)")
    #expect(seenResults(try other.run("search", "--json", "mine_alone")).first?.contains("module_2.py") == true)
    let none = try other.run("cluster", "pull", "--store", world.address, "--collection", "nowhere")
    #expect(none.code == 2 && none.errorText.contains("has no collection nowhere"), "\(none.errorText)")
  }
}
