import Catalog
import Corpus
import Indexing
import Inspection
import Primitives
import TestSupport
import Testing

/// Files with secrets, as what is asked for changes.
@Suite struct SecretFileTests {
  let indexed: IndexedTree

  init() throws {
    indexed = try IndexedTree()
    try indexed.tree.write("a.txt", "alpha beta\n")
    try indexed.tree.write("b.txt", "gamma\n-----BEGIN " + "PRIVATE KEY-----\n" + Self.body + "\n")
    try indexed.tree.write("tls.key", "delta\n")
  }

  static let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDf3Kz7Rw9uYx1Q"

  func options(includes: Bool) -> IndexingOptions {
    var options = IndexingOptions()
    options.walk.includesSecrets = includes
    return options
  }

  @Test func `a secret is counted and not indexed, and leaves the index when a file becomes one`() async throws {
    try indexed.tree.write("c.txt", "alpha\n")
    let report = try await indexed.run()
    #expect(report.skipped[.secret] == 2 && report.addsUp)
    #expect(try indexed.paths() == ["a.txt", "c.txt"])
    try indexed.tree.write("c.txt", "alpha\n-----BEGIN " + "PRIVATE KEY-----\n" + Self.body + "\n")
    let second = try await indexed.run()
    #expect(second.filesRemoved == 1 && second.skipped[.secret] == 3 && second.addsUp)
    #expect(try indexed.paths() == ["a.txt"])
  }

  @Test func `what is asked for comes in, settles, and leaves when it is not asked for any more`() async throws {
    try await indexed.run()
    let wanted = try await indexed.run(options(includes: true))
    #expect(wanted.filesIndexed == 2 && wanted.addsUp)
    #expect(try indexed.paths() == ["a.txt", "b.txt", "tls.key"])
    let again = try await indexed.run(options(includes: true))
    #expect(again.filesIndexed == 0 && again.filesUnchanged == 3 && again.addsUp)
    #expect(again.generation == wanted.generation, "nothing changed, so nothing is written")
    let unwanted = try await indexed.run()
    #expect(unwanted.filesRemoved == 2 && unwanted.skipped[.secret] == 2 && unwanted.addsUp)
    #expect(try indexed.paths() == ["a.txt"])
    #expect(try indexed.problems() == [])
  }

  @Test func `an ignore file takes single files back in`() async throws {
    try await indexed.run()
    try indexed.tree.write(".cairnignore", "!b.txt\n")
    try await indexed.run()
    #expect(try indexed.paths() == ["a.txt", "b.txt"])
    try indexed.tree.remove(".cairnignore")
    try await indexed.run()
    #expect(try indexed.paths() == ["a.txt"])
  }
}
