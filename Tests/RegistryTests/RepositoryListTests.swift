import Cairn
import Disk
import Primitives
import Registry
import TestSupport
import Testing

@Suite struct RepositoryListTests {
  let home: TemporaryTree
  let list: RepositoryList

  init() throws {
    home = try TemporaryTree()
    list = try RepositoryList(Environment(["HOME": home.root.description]))
  }

  private func entry(_ name: String, groups: [String] = []) -> RepositoryEntry {
    RepositoryEntry(name: name, root: Path("/srv/" + name), groups: groups)
  }

  @Test func `what was added is there for the next who reads, in the order of names`() throws {
    #expect(try list.entries().isEmpty)
    let bytes = RepositoryEntry(name: "odd", root: Path(bytes: Array("/srv/".utf8) + [0xFF, 0x0A]))
    try list.change { $0 += [entry("web"), entry("api", groups: ["work", "go", "work"]), bytes] }
    let read = try RepositoryList(Environment(["HOME": home.root.description])).entries()
    #expect(read.map(\.name) == ["api", "odd", "web"] && read[0].groups == ["go", "work"] && read[1] == bytes)
    let status = try FileStatus(of: list.path)
    #expect(status.permissions & 0o077 == 0)
  }

  @Test func `many who change it at once lose nothing`() async throws {
    await withTaskGroup(of: Void.self) { tasks in
      for number in 0..<24 { tasks.addTask { _ = try? list.change { $0.append(entry("r\(number)")) } } }
    }
    #expect(try list.entries().count == 24)
  }

  @Test(arguments: [
    (["api"], ["API"]), (["api"], ["web:api"]), (["api:x"], ["x"]), (["same:same"], []),
  ])
  func `two of one name, and a name that is a group as well, change nothing`(
    _ before: [String], _ after: [String]
  ) throws {
    func entries(_ words: [String]) -> [RepositoryEntry] {
      words.map { word in
        let parts = word.split(separator: ":").map(String.init)
        return entry(parts[0], groups: Array(parts.dropFirst()))
      }
    }
    if after.isEmpty {
      #expect(throws: CairnError.self) { try list.change { $0 += entries(before) } }
      return
    }
    try list.change { $0 += entries(before) }
    let kept = try list.entries()
    #expect(throws: CairnError.self) { try list.change { $0 += entries(after) } }
    #expect(try list.entries() == kept)
  }

  @Test(arguments: [
    "", "{", "[]", "{\"version\": 1}", "\u{0}\u{1}",
    "{\"version\": 1, \"repositories\": [{\"name\": \"../x\", \"root\": \"/x\"}]}",
    "{\"version\": 1, \"repositories\": [{\"name\": \"x\", \"root\": \"relative\"}]}",
    "{\"version\": 1, \"repositories\": [{\"name\": \"x\", \"root\": \"/x\", \"address\": \"ext::sh\"}]}",
  ])
  func `a file that is no list is told of, and kept aside by the next change`(text: String) throws {
    try list.change { $0.append(entry("old")) }
    try write(text)
    do {
      _ = try list.entries()
      Issue.record("it was read")
    } catch {
      #expect(error.code == .damaged && error.message.contains("kept under another name"))
    }
    let notes = try list.change { $0.append(entry("new")) }.notes
    let kept = try #require(notes.first?.path)
    #expect(try readFileBytes(kept.filePath) == Array(text.utf8))
    #expect(try list.entries().map(\.name) == ["new"])
  }

  @Test func `what can be read of a damaged list is in the new one`() throws {
    let good = "{\"name\": \"good\", \"root\": \"/g\", \"groups\": [\"g\"]}"
    try list.change { $0.append(entry("old")) }
    try write("{\"version\": 1, \"repositories\": [\(good), 7, {\"name\": \"\"}]}")
    try list.change { $0.append(entry("new")) }
    #expect(try list.entries().map(\.name) == ["good", "new"])
  }

  @Test func `the list of a later program is neither read nor replaced`() throws {
    try list.change { $0.append(entry("old")) }
    let text = "{\"version\": 2, \"repositories\": []}"
    try write(text)
    #expect(throws: CairnError.self) { try list.entries() }
    #expect(throws: CairnError.self) { try list.change { $0.append(entry("new")) } }
    #expect(try readFileBytes(list.path) == Array(text.utf8))
  }

  private func write(_ text: String) throws {
    var file = try AtomicFile(HeldName(list.path))
    try file.write(Array(text.utf8))
    try file.commit()
  }
}
