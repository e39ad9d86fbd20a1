import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// What is known of a tree, against a fresh walk of it, after random changes.
@Suite struct WatchedTreeAgreementTests {
  enum Watching: CaseIterable { case events, polls, someEvents }

  @Test(arguments: Watching.allCases, 0..<8 as Range<UInt64>)
  func `what is known after any changes is what a walk lists`(_ watching: Watching, _ seed: UInt64) throws {
    let tree = try TemporaryTree(inMemory: true)
    // A root that is the top of a repository, one in a repository, and one in none, as far as the changes leave it so.
    let root = tree.root.appending(seed % 3 == 1 ? "top/a" : "top")
    var changes = try RandomChanges(seed: seed, at: tree.root, root: root)
    if seed % 3 != 2 {
      for name in ["objects", "refs", "info"] { try makeDirectory(changes.top.appending(".git/\(name)")) }
      try tree.write("top/.git/HEAD", "ref: refs/heads/main\n")
      try tree.write("top/.git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n")
    }
    for _ in 0..<60 { _ = changes.step() }
    let events = watching == .polls ? nil : try FileEvents(watchLimit: watching == .events ? .max : 6)
    var options = WalkOptions()
    options.maximumFileByteCount = 1_000
    options.threadCount = 2
    options.includesHidden = seed % 4 == 3
    options.obeysGitIgnore = seed != 5
    let environment = GitEnvironment(home: tree.root.appending("home"))
    // Where the first listing fails, there is nothing to keep known.
    for name in [".gitignore", ".cairnignore"] { removeTree(root.appending(FilePath(name))) }
    let known = try KnownCorpus(root: root, events: events, options: options, environment: environment)
    var random = SeededRandom(seed: seed)
    let roundCount = 60
    for round in 0..<roundCount {
      let steps = (0..<(1 + random.next(upTo: 5))).map { _ in changes.step() }
      try known.update(polls: watching != .events, "seed \(seed), round \(round): \(steps)")
    }
    // The changes must be such as prove something.
    #expect(known.listingCount < roundCount / 2 && known.changeCount > roundCount / 5)
  }
}
