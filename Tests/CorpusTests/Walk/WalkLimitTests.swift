import Corpus
import Disk
import Inspection
import Primitives
import TestSupport
import Testing

@Suite struct WalkLimitTests {
  private let tree: TemporaryTree

  init() throws {
    tree = try TemporaryTree()
    for path in ["a", "b/one", "b/deep/two", "c/three", "d"] { try tree.write(FilePath(path), "x") }
  }

  private func list(_ change: (inout WalkOptions) -> Void) throws -> CorpusListing {
    var options = WalkOptions()
    change(&options)
    return try CorpusWalker(root: tree.root, options: options, environment: GitEnvironment()).list()
  }

  @Test(arguments: [1, 2, 4])
  func `the first files by path are taken, and the others skipped, whatever the number of threads`(
    _ threadCount: Int
  ) throws {
    let listing = try list {
      $0.fileLimit = 3
      $0.threadCount = threadCount
    }
    #expect(listing.files.map(\.path.description) == ["a", "b/deep/two", "b/one"])
    #expect(listing.skipped.map(\.path.description) == ["c/three", "d"])
    #expect(listing.skipped.allSatisfy { $0.reason == .fileLimit && $0.fingerprint != nil })
    #expect(listing.isCut)
  }

  @Test func `a limit that is not reached changes nothing`() throws {
    let listing = try list {
      $0.fileLimit = 5
      $0.timeLimit = .seconds(3600)
    }
    #expect(listing.files.count == 5 && listing.skipped.isEmpty && listing.unvisited.isEmpty && !listing.isCut)
  }

  @Test func `after its time the walk looks into no further directory and says which`() throws {
    let listing = try list { $0.timeLimit = .zero }
    #expect(listing.files.map(\.path.description) == ["a", "d"], "the root is always looked into")
    #expect(listing.unvisited.map(\.description).sorted() == ["b", "c"] && listing.isCut)
    let unseen = listing.unseen
    #expect(unseen.contains("b/one") && unseen.contains("b/deep/two") && unseen.contains("c/three"))
    #expect(!unseen.contains("a") && !unseen.contains("b") && !unseen.contains("bb/one"))
  }
}
