import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// A listing by what was listed before, against a fresh walk, after random changes.
@Suite struct CachedWalkAgreementTests {
  enum Clock: CaseIterable {
    /// Most of what was changed is too young for its times to tell.
    case real
    /// All times are old enough: whatever is not seen by them is missed.
    case ahead
  }

  @Test(arguments: Clock.allCases, 0..<12 as Range<UInt64>)
  func `what is listed by an earlier listing is what a walk lists`(_ clock: Clock, _ seed: UInt64) throws {
    let tree = try TemporaryTree(inMemory: true)
    let own = tree.root.appending("own")
    try makeDirectory(own)
    // A root that is the top of a repository, one in a repository, and one in none, as far as the changes leave it so.
    let root = tree.root.appending(seed % 3 == 1 ? "top/a" : "top")
    var changes = try RandomChanges(seed: seed, at: tree.root, root: root)
    if seed % 3 != 2 {
      for name in ["objects", "refs", "info"] { try makeDirectory(changes.top.appending(".git/\(name)")) }
      try tree.write("top/.git/HEAD", "ref: refs/heads/main\n")
      try tree.write("top/.git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n")
    }
    for _ in 0..<60 { _ = changes.step() }
    var options = WalkOptions()
    options.maximumFileByteCount = 1_000
    options.threadCount = 2
    options.includesHidden = seed % 4 == 3
    options.obeysGitIgnore = seed != 5
    options.fileLimit = seed == 7 ? 12 : 0
    let environment = GitEnvironment(home: tree.root.appending("home"))
    let known = CachedCorpus(root: root, ownDirectory: own, options: options, environment: environment)
    var random = SeededRandom(seed: seed)
    let roundCount = 80
    for round in 0..<roundCount {
      // Now and then nothing at all happens in between.
      let steps = (0..<random.next(upTo: 5)).map { _ in
        random.next(upTo: 3) == 0 ? changes.sleight() : changes.step()
      }
      if clock == .ahead { changes.awaitTick() }
      try known.update(
        ahead: clock == .ahead ? 3_600_000_000_000 : 0, "seed \(seed), round \(round): \(steps)")
      if clock == .ahead { changes.awaitTick() }
    }
    // The changes must be such as prove something.
    #expect(seed == 7 || known.wholeCount < roundCount / 2 && known.changeCount > roundCount / 5)
  }
}
