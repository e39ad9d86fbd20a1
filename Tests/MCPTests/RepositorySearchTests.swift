import Cairn
import Disk
import JSON
import MCP
import Packing
import Primitives
import Registry
import TestSupport
import Testing

/// `search` over repositories of the user's list.
@Suite struct RepositorySearchTests {
  let client: TestClient
  let trees: [TemporaryTree]

  init() throws {
    // Other tests may have the processor while the first indexes are made.
    client = try TestClient { $0.firstLimit = .seconds(3_000) }
    let texts = [
      ("api", "src/session.py", "def expire_session(session):\n    return session.age > 3600\n"),
      ("web", "src/session.js", "export function expireSession(s) {\n  return s.age > 3600;\n}\n"),
      ("tools", "src/session.py", "def expire_session_by_hand():\n    pass\n"),
    ]
    trees = try texts.map { _ in try TemporaryTree() }
    var entries: [RepositoryEntry] = []
    for (tree, (name, path, text)) in zip(trees, texts) {
      try tree.write(FilePath(path), text)
      entries.append(
        RepositoryEntry(name: name, root: Path(tree.root), groups: name == "tools" ? [] : ["work"]))
    }
    let list = try RepositoryList(Environment(["HOME": client.home.root.description]))
    try list.change { $0 += entries }
  }

  private func facts(_ answer: JSONValue?) -> JSONValue? { answer?["_meta"]?["cairn/answer"] }

  @Test func `all, a group, a list or one are searched, each with what was searched of it`() async throws {
    let all = try #require(await client.call("search", ["query": "expire session", "repository": "*"]))
    let text = try #require(all["content"]?[0]?["text"]?.string)
    #expect(text.hasPrefix("searched 3 of 3 files, complete"), "\(text)")
    #expect(text.contains("api:src/session.py:") && text.contains("web:src/session.js:"), "\(text)")
    #expect(text.contains("api: 1 files, complete") && text.contains("give its name as \"root\""), "\(text)")
    let parts = try #require(facts(all)?["repositories"]?.array)
    #expect(parts.map { $0["name"]?.string } == ["api", "tools", "web"])
    #expect(parts.allSatisfy { $0["searched"]?.integer == 1 && $0["complete"]?.boolean == true })
    #expect(parts.allSatisfy { $0["as_of"]?["time"]?.number != nil })
    let group = await client.text("search", ["query": "expire session", "repository": ["work"]])
    #expect(group.contains("api:src") && group.contains("web:src") && !group.contains("tools:"), "\(group)")
    let one = await client.text("search", ["query": "expire session", "repository": "tools"])
    #expect(one.contains("tools:src/session.py:") && !one.contains("api:"), "\(one)")
    let unknown = await client.text("search", ["query": "expire session", "repository": ["aip"]])
    #expect(unknown.hasPrefix("error:") && unknown.contains("did you mean api?"), "\(unknown)")
  }

  @Test func `files of one path are shown each under its repository, and are read by its name`() async {
    let text = await client.text("search", ["query": "expire_session", "repository": ["api", "tools"]])
    #expect(text.contains("api:src/session.py:") && text.contains("tools:src/session.py:"), "\(text)")
    // Where the others are indexed, the first index of one is not waited for long.
    var like = ""
    repeat {
      like = await client.text("search", ["like": "api:src/session.py:1", "repository": "*"])
    } while like.contains("ask again in a moment")
    #expect(like.contains("web:src/session.js:"), "\(like)")
    let read = await client.text("read", ["path": "src/session.py", "root": "tools"])
    #expect(read.contains("expire_session_by_hand"), "\(read)")
    let both = await client.text("search", ["query": "x", "repository": "api", "root": "."])
    #expect(both.hasPrefix("error:"), "\(both)")
  }

  @Test func `what is not indexed yet is said to be, and the others answer`() async throws {
    let client = try TestClient { $0.firstLimit = .zero }
    let list = try RepositoryList(Environment(["HOME": client.home.root.description]))
    let names = ["api", "web"]
    try list.change {
      $0 += zip(names, trees).map { RepositoryEntry(name: $0, root: Path($1.root), groups: []) }
    }
    while true {
      let text = await client.text("search", ["query": "expire session", "repository": "api"])
      #expect(!text.hasPrefix("error:"), "\(text)")
      if text.hasPrefix("searched 1 of 1 files, complete") { break }
      #expect(text.contains("ask again in a moment"), "\(text)")
    }
    let early = await client.text("search", ["query": "expire session", "repository": "*"])
    #expect(early.contains("api:src/session.py:"), "\(early)")
    if !early.contains("web:src/session.js:") {
      #expect(
        early.contains("web was not searched: it is not indexed yet") || early.contains("web: 0 files"), "\(early)")
    }
    while true {
      let text = await client.text("search", ["query": "expire session", "repository": "*"])
      if text.hasPrefix("searched 2 of 2 files, complete") { break }
      #expect(text.contains("api:src/session.py:") && text.contains("ask again in a moment"), "\(text)")
    }
  }

  @Test func `a repository that is gone is said to be, and the rest answers within the budget`() async throws {
    removeTree(trees[2].root)
    for tokens in [200, 400, 2_000] {
      let text = await client.text(
        "search", ["query": "expire session", "repository": "*", "tokens": .integer(tokens)])
      #expect(text.hasPrefix("searched 2 of ? files, incomplete") && text.contains("tools: not searched"), "\(text)")
      #expect(TokenBudget.estimate(text) <= tokens, "\(tokens): \(text)")
    }
  }
}
