import Disk
import Embedding
import ModelHub
import Primitives
import TestSupport
import Testing

@Suite struct ModelStoreTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }
  var store: ModelStore { ModelStore(directory: tree.root.appending("models")) }
  func identity(_ name: String, _ low: UInt64 = 1) -> ModelIdentity {
    ModelIdentity(name: name, contentHash: ContentHash(high: 2, low: low), dimensions: 8)
  }

  @Test func `a directory that is added stays where it is, and is forgotten without being touched`() throws {
    try tree.write("export/tokenizer.json", "{}")
    let place = tree.root.appending("export")
    let model = try store.add(place, name: "mine")
    #expect(try store.models() == [model] && model.directory == place && model.isAdded)
    #expect(try store.model(named: "mine") == model)
    #expect(throws: Failure.self) { try store.add(place, name: "mine") }
    try store.remove(model)
    #expect(try store.models().isEmpty && !fileExists(store.directory.appending("mine")))
    #expect(fileExists(place.appending("tokenizer.json")))
  }

  @Test(arguments: ["", ".", "..", ".x", "-x", "a/b", "a b", "builtin", "ä", String(repeating: "a", count: 101)])
  func `a name that cannot be a directory's is refused`(name: String) throws {
    #expect(throws: Failure.self) { try store.add(tree.root, name: name) }
    #expect(try store.model(named: name) == nil)
    #expect(!fileExists(tree.root.appending("cairn-model.json")))
  }

  @Test(arguments: ["", "{}", "nonsense", "{\"name\": \"other\", \"files\": []}", "{\"name\": 5}"])
  func `a manifest that cannot be read is damage with the way out`(text: String) throws {
    try tree.write("models/mine/cairn-model.json", text)
    do {
      _ = try store.models()
      Issue.record("it was read")
    } catch { #expect(error.code == .damaged && error.remedy == Remedy(.removeModel, "mine")) }
  }

  @Test func `what is no model is passed over`() throws {
    try tree.write("models/.partial/x/y", "")
    try tree.write("models/notes.txt", "")
    try tree.write("models/empty/readme", "")
    #expect(try store.models().isEmpty)
  }

  @Test func `a model is remembered by what it says of itself`() throws {
    #expect(try store.choice(for: identity("a")) == nil)
    try store.remember("minilm", for: identity("a"))
    try store.remember("/home/me/b", for: identity("b"))
    #expect(try store.choice(for: identity("a")) == "minilm" && store.choice(for: identity("b")) == "/home/me/b")
    #expect(try store.choice(for: identity("a", 9)) == nil)
    try store.remember("other", for: identity("a"))
    #expect(try store.choice(for: identity("a")) == "other")
    for i in 0..<300 { try store.remember("x", for: identity("many \(i)")) }
    #expect(try store.choice(for: identity("a")) == nil && store.choice(for: identity("many 299")) == "x")
    try tree.write("models/.known.json", "damaged")
    #expect(try store.choice(for: identity("many 299")) == nil)
    try store.remember("again", for: identity("a"))
    #expect(try store.choice(for: identity("a")) == "again")
  }

  @Test func `every entry of the registry is whole`() {
    var names: Set<String> = []
    for model in ModelRegistry.all {
      for name in [model.name.lowercased()] + model.aliases { #expect(names.insert(name).inserted, "\(name) twice") }
      #expect(ModelStore.isName(model.name) && Hub.isRepository(model.repository), "\(model.name)")
      #expect(model.revision.count == 40 && model.dimensions > 0 && !model.licence.isEmpty)
      #expect(!model.precisions.isEmpty && model.files.contains { $0.target == "tokenizer.json" })
      for file in model.files {
        #expect(file.sha256.map { $0.count == 64 } ?? true, "\(model.name) \(file.source)")
        #expect(file.precision == nil || file.sha256 != nil, "the weights of \(model.name) have no hash")
      }
      #expect(ModelRegistry.model(named: model.aliases.first?.uppercased() ?? "") == model)
    }
  }
}
