import Catalog
import Primitives
import TestSupport
import Testing

/// A rebuild beside what answers.
@Suite struct StagedBuildTests {
  let tree: TemporaryTree
  let catalog: IndexCatalog
  var other: IndexIdentity {
    var other = identity
    other.modelName = "another"
    return other
  }

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    catalog = try IndexCatalog(directory: tree.root, mode: .writing)
    try catalog.reset(to: identity)
    _ = try catalog.commit(addition(1, ["a", "b"]))
  }

  func reader() throws(Failure) -> IndexCatalog { try IndexCatalog(directory: tree.root, mode: .reading) }

  @Test func `what is staged is not live, and takes its place in one generation`() throws {
    let before = (try catalog.snapshot(), try catalog.files())
    try catalog.stage(other)
    #expect(try catalog.snapshot(of: .staged).identity == other)
    #expect(try catalog.commit(addition(2, ["a"]), to: .staged) == 0)
    #expect(try catalog.commit(addition(3, ["c"]), to: .staged) == 0)
    #expect(try reader().snapshot() == before.0)
    #expect(try reader().files() == before.1)
    #expect(try catalog.files(of: .staged).map(\.path) == ["a", "c"])
    #expect(try catalog.keptSegments() == [1, 2, 3])
    try reader().verify()

    #expect(try catalog.promoteStaged(isComplete: true) == 3)
    let after = try reader().snapshot()
    #expect(after.generation == 3 && after.isComplete && after.identity == other)
    #expect(after.segments.map(\.id) == [2, 3])
    #expect(try reader().files().map(\.path) == ["a", "c"])
    #expect(try catalog.keptSegments() == [2, 3])
    #expect(try reader().snapshot(of: .staged).identity == nil)
    try reader().verify()
    #expect(throws: Failure.self) { try catalog.promoteStaged(isComplete: true) }
  }

  @Test func `the live build may change meanwhile, and another rebuild begins anew`() throws {
    try catalog.stage(other)
    _ = try catalog.commit(addition(2, ["a", "c"]), to: .staged)
    var change = addition(4, ["b"])
    change.tombstones = [1: [1]]
    #expect(try catalog.commit(change) == 3)
    #expect(try catalog.files(of: .staged).count == 2)
    try reader().verify()
    try catalog.stage(identity)
    #expect(try catalog.files(of: .staged) == [])
    #expect(try catalog.keptSegments() == [1, 4])
    try catalog.dropStaged()
    #expect(try catalog.snapshot(of: .staged).identity == nil)
    #expect(try catalog.snapshot().segments.map(\.id) == [1, 4])
    try reader().verify()
    #expect(throws: Failure.self) { try catalog.commit(addition(5, ["x"]), to: .staged) }
  }

  @Test func `a segment that cannot be read is forgotten with its files alone`() throws {
    _ = try catalog.commit(addition(2, ["c", "d"]))
    #expect(try catalog.forget([1]) == 2)
    let snapshot = try reader().snapshot()
    #expect(!snapshot.isComplete && snapshot.segments.map(\.id) == [2])
    #expect(try reader().files().map(\.path) == ["c", "d"])
    try reader().verify()
  }
}
