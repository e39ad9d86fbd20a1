import Corpus
import Disk
import Glibc
import Primitives
import TestSupport
import Testing

@Suite struct CachedWalkTests {
  let tree: TemporaryTree
  var root: FilePath { tree.root.appending("top") }
  /// By such a clock no time is too young.
  static let ahead: Int64 = 3_600_000_000_000

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    try makeDirectory(tree.root.appending("own"))
    for path in ["a.c", "src/b.c", "src/deep/c.c", "lib/d.c", "lib/e.o"] {
      try tree.write(FilePath("top/" + path), path)
    }
  }

  private func makeCorpus(_ options: WalkOptions = WalkOptions()) -> CachedCorpus {
    CachedCorpus(root: root, ownDirectory: tree.root.appending("own"), options: options)
  }

  /// Writes into a file that is there, until its times tell of it: the file system's clock may tick slowly.
  private func overwrite(_ path: String, _ content: String) throws {
    let path = root.appending(path)
    let before = try FileStatus(of: path)
    repeat {
      guard let file = unsafe fopen(path.description, "r+") else { break }
      unsafe fputs(content, file)
      unsafe fclose(file)
    } while try FileStatus(of: path).changed == before.changed
  }

  @Test func `a tree in which nothing has changed is told as such`() throws {
    let corpus = makeCorpus()
    #expect(try corpus.update(ahead: Self.ahead)?.changes == nil)
    for _ in 0..<2 {
      let walk = try #require(try corpus.update(ahead: Self.ahead))
      #expect(walk.changes?.isEmpty == true && !walk.isNew)
    }
  }

  @Test func `what is too young to be trusted is looked at until it is not`() throws {
    let corpus = makeCorpus()
    try corpus.update()
    #expect(try corpus.update(ahead: Self.ahead)?.isNew == true)
    #expect(try corpus.update(ahead: Self.ahead)?.isNew == false)
  }

  @Test func `a file that is written in place is found though its directory is as it was`() throws {
    let corpus = makeCorpus()
    try corpus.update(ahead: Self.ahead)
    let before = try FileStatus(of: root.appending("src/deep"))
    try overwrite("src/deep/c.c", "SRC/DEEP/C.C")
    #expect(try FileStatus(of: root.appending("src/deep")) == before)
    #expect(try corpus.update(ahead: Self.ahead)?.changes?.files.map(\.path) == ["src/deep/c.c"])
  }

  @Test func `an ignore file that is written in place rules what lies below`() throws {
    try tree.write("top/.gitignore", "*.x\n")
    let corpus = makeCorpus()
    try corpus.update(ahead: Self.ahead)
    try overwrite(".gitignore", "*.o\n")
    let changes = try corpus.update(ahead: Self.ahead)?.changes
    #expect(changes?.gone == ["lib/e.o"] && changes?.skipped.map(\.path) == ["lib/e.o"])
  }

  @Test func `on a file system of whole seconds, rules of git's that were written twice in one second count`() throws {
    let lines = [
      "truncate -s 8M disk.img", "mkfs.ext2 -q -I 128 disk.img", "mkdir disk", "mount -o loop disk.img disk",
      "git init -q disk", "echo one > disk/a.c", "echo two > disk/b.c",
    ]
    // Only root may mount, and not everywhere is there a program that makes such a file system.
    guard (try? shell(lines.joined(separator: " && "))) != nil else { return }
    defer { _ = try? shell("umount disk") }
    let disk = tree.root.appending("disk")
    let corpus = CachedCorpus(root: disk, ownDirectory: tree.root.appending("own"))
    let exclude: FilePath = "disk/.git/info/exclude"
    var wasOneSecond = false
    while !wasOneSecond {
      try shell("echo b.c > \(exclude)")
      let before = try FileStatus(of: tree.root.appending(exclude))
      try corpus.update(ahead: Self.ahead)
      try shell("echo a.c > \(exclude)")
      wasOneSecond = try FileStatus(of: tree.root.appending(exclude)) == before
      // Compared with a new walk.
      try corpus.update(ahead: Self.ahead)
    }
  }

  private func shell(_ line: String) throws {
    let result = try Program(
      "/bin/sh", [Array("-ec".utf8), Array(line.utf8)], in: tree.root,
      environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": tree.root.description]
    ).wait()
    if result.code != 0 { throw Failure(.inputOutput, result.errorText) }
  }

  @Test func `a cache of other options, another user's settings or another tree is of no use`() throws {
    let corpus = makeCorpus()
    try corpus.update(ahead: Self.ahead)
    let cache = try #require(corpus.bytes.flatMap { ListingCache($0) })
    var options = WalkOptions()
    options.includesHidden = true
    let own = tree.root.appending("own")
    let walkers = [
      CorpusWalker(root: root, options: options, environment: GitEnvironment()),
      CorpusWalker(root: root, environment: GitEnvironment(home: own)),
      CorpusWalker(root: root.appending("src"), environment: GitEnvironment()),
    ]
    for walker in walkers {
      let walk = try walker.list(from: cache, leavingOut: own, now: wallClockNanoseconds())
      #expect(try walk.changes == nil && walk.listing().files == walker.list().files)
    }
    options = WalkOptions()
    options.threadCount = 7
    let same = CorpusWalker(root: root, options: options, environment: GitEnvironment())
    #expect(try same.list(from: cache, leavingOut: own, now: wallClockNanoseconds()).changes != nil)
  }

  @Test func `there is no cache where links are followed or a limit cut the walk`() throws {
    var options = WalkOptions()
    options.followsLinks = true
    let corpus = makeCorpus(options)
    try corpus.update()
    #expect(corpus.bytes == nil)
    options = WalkOptions()
    options.fileLimit = 2
    let cut = makeCorpus(options)
    try cut.update()
    #expect(cut.bytes == nil)
  }

  @Test func `a limit that the tree grows beyond cuts it as in any walk`() throws {
    var options = WalkOptions()
    options.fileLimit = 6
    let corpus = makeCorpus(options)
    try corpus.update(ahead: Self.ahead)
    #expect(corpus.bytes != nil)
    for name in ["x.c", "y.c"] { try tree.write(FilePath("top/src/\(name)"), name) }
    #expect(try corpus.update(ahead: Self.ahead)?.changes == nil)
  }

  @Test func `the index in the tree is no part of it`() throws {
    try tree.write("top/lib/index/x.c", "x")
    let walker = CorpusWalker(root: root, environment: GitEnvironment())
    let walk = try walker.list(from: nil, leavingOut: root.appending("lib/index"), now: .max)
    #expect(try !walk.listing().files.map(\.path).contains("lib/index/x.c"))
    try tree.write("top/lib/index/y.c", "y")
    let next = try walker.list(from: walk.cache, leavingOut: root.appending("lib/index"), now: .max)
    #expect(next.changes?.isEmpty == true && !next.isNew)
  }

  @Test func `a directory that cannot be read is looked at each time`() throws {
    try tree.write("top/src/deep/.gitignore", "")
    let path = root.appending("src/deep/.gitignore").description
    _ = unsafe truncate(path, 16_000_001)
    let corpus = makeCorpus()
    try corpus.update(ahead: Self.ahead)
    #expect(try corpus.update(ahead: Self.ahead)?.changes?.unread.map(\.path) == ["src/deep"])
    _ = unsafe truncate(path, 0)
    #expect(try corpus.update(ahead: Self.ahead)?.changes?.files.map(\.path) == ["src/deep/c.c"])
  }

  @Test func `no damaged byte makes it list anything else`() throws {
    try tree.write("top/.gitignore", "*.o\n")
    try makeDirectory(root.appending(".git"))
    let corpus = makeCorpus()
    try corpus.update(ahead: Self.ahead)
    let bytes = try #require(corpus.bytes)
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 0x41
      #expect(ListingCache(damaged) == nil, "byte \(position)")
    }
    for count in 0..<bytes.count { #expect(ListingCache(Array(bytes[..<count])) == nil, "\(count) bytes") }
  }

  @Test func `bytes that make no sense behind a right checksum end nothing`() throws {
    let corpus = makeCorpus()
    try corpus.update(ahead: Self.ahead)
    let sound = try #require(corpus.bytes)
    var random = SeededRandom(seed: 1)
    for _ in 0..<2_000 {
      var bytes = sound
      for _ in 0..<(1 + random.next(upTo: 4)) {
        bytes[20 + random.next(upTo: bytes.count - 20)] = UInt8(truncatingIfNeeded: random.next())
      }
      let sum = checksum(bytes.span.extracting(20..<bytes.count))
      for i in 0..<8 { bytes[12 + i] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * i)) }
      guard let cache = ListingCache(bytes) else { continue }
      let walk = try corpus.walker.list(from: cache, leavingOut: corpus.ownDirectory, now: wallClockNanoseconds())
      _ = try? walk.listing()
    }
  }
}
