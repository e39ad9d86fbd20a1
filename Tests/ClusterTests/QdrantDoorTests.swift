import Primitives
import TestSupport
import Testing

/// The program against Qdrant's engine.
@Suite(.enabled(if: QdrantServer.isInstalled, "Scripts/setup --checks installs Qdrant's engine"))
struct QdrantDoorTests {
  private let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram(inMemory: true)
    for number in 0..<20 {
      try cairn.write(
        FilePath("src/part\(number % 3)/module_\(number).py"),
        (0..<4).map { "def parse_token_\(number)_\($0)(session):\n    return session.token(\($0)) + \(number)\n\n" }
          .joined())
    }
  }

  private func run(_ server: QdrantServer, _ arguments: String..., in directory: FilePath? = nil) throws
    -> ProgramResult
  {
    try cairn.start(
      arguments + ["--store", "qdrant", "--qdrant-url", server.address, "--collection", "sample"], in: directory
    ).wait(limit: .seconds(300))
  }

  @Test func `a push, searches with and without a checkout, a check and a removal`() throws {
    let server = try QdrantServer()
    #expect(try cairn.run("index").code == 0)
    let pushed = try run(server, "cluster", "push", "--json")
    #expect(pushed.code == 0 && pushed.outputText.contains("\"sent_files\":20,"), "\(pushed.errorText)")
    #expect(try run(server, "cluster", "push", "--json").outputText.contains("\"sent_files\":0,"))
    #expect(try run(server, "cluster", "verify").code == 0)
    let elsewhere = try TemporaryTree(inMemory: true)
    for query in ["parse_token_12_1", "session token", "module_7.py", "token lang:python", "path:src/part2/** parse"] {
      let local = try cairn.run("search", "--json", "--no-update", query)
      for directory in [nil, elsewhere.root] {
        let shared = try run(server, "search", "--json", query, in: directory)
        #expect(seenResults(shared) == seenResults(local), "\(query): \(shared.errorText)")
      }
    }
    #expect(try run(server, "cluster", "list").outputText.contains("sample"))
    #expect(try run(server, "cluster", "enqueue").errorText.contains("keeps no queue"))
    #expect(try run(server, "cluster", "remove", "--yes").code == 0)
    #expect(try run(server, "cluster", "verify").code != 0 && server.wrong().isEmpty)
  }

  @Test func `a server that is gone is told of in one line, and a local index answers`() throws {
    #expect(try cairn.run("index").code == 0)
    let found = try cairn.run("search", "--json", "parse", "--store", "qdrant", "--qdrant-url", "http://127.0.0.1:1")
    #expect(found.code == 0 && found.errorText.contains("the index on this machine answered"), "\(found.errorText)")
    let wrong = try cairn.run("search", "parse", "--store", "qdrant", "--qdrant-url", "http://me:hunter2@127.0.0.1")
    #expect(wrong.code == 2 && !wrong.errorText.contains("hunter2"), "\(wrong.errorText)")
  }
}
