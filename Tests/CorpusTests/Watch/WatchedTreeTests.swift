import Corpus
import Disk
import Glibc
import Inspection
import Primitives
import Synchronization
import TestSupport
import Testing

/// A tree that is kept known, change by change.
@Suite struct WatchedTreeTests {
  private let tree: TemporaryTree
  private let events: FileEvents

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    events = try FileEvents()
    for path in ["a", "sub/b", "sub/deep/c", "subs/d"] { try tree.write(FilePath(path), "x") }
  }

  private func known() throws -> KnownCorpus { try KnownCorpus(root: tree.root, events: events) }

  private func makeRepository(index paths: [String]? = nil) throws {
    try tree.write(".git/HEAD", "ref: refs/heads/main\n")
    for name in ["objects", "refs", "info"] { try makeDirectory(tree.root.appending(".git/\(name)")) }
    try tree.write(".git/config", "")
    if let paths { try track(paths) }
  }

  /// Writes an index as git does: a new file takes the place of the old one.
  private func track(_ paths: [String], second: UInt8 = 0) throws {
    var index = Array("DIRC".utf8) + [0, 0, 0, 2, 0, 0, 0, UInt8(paths.count)]
    for path in paths {
      let start = index.count
      index += [UInt8](repeating: 0, count: 4) + [second] + [UInt8](repeating: 0, count: 19) + [0, 0, 0x81, 0xA4]
      index += [UInt8](repeating: 0, count: 32) + [0, UInt8(path.utf8.count)] + Array(path.utf8) + [0]
      while (index.count - start) % 8 != 0 { index.append(0) }
    }
    try tree.write(".git/index", index + [UInt8](repeating: 0, count: 20))
  }

  @Test func `nothing changes where nothing happens`() throws {
    let known = try known()
    #expect(!known.tree.isDirty && known.tree.unwatchedCount == 0 && known.tree.watchFailure == nil)
    let changes = try #require(try known.update())
    #expect(changes.isEmpty && changes.fileCount == 4)
  }

  @Test func `a file that is made in a directory after it is watched and before it is listed is not missed`() throws {
    let root = tree.root
    let made = Mutex<Set<FilePath>>([])
    let paths: [FilePath] = ["", "sub", "sub/deep", "subs"]
    let known = try KnownCorpus(
      root: root, events: events,
      afterWatch: { path in
        made.withLock { made in
          if paths.contains(path), made.insert(path).inserted {
            close(unsafe creat(root.appending(path).appending("late.c").description, 0o644))
          }
        }
      })
    #expect(paths.allSatisfy { known.files[$0.appending("late.c")] != nil })
    // They are told once more, since their times do not tell whether they were written again.
    known.noteEvents()
    #expect(known.tree.isDirty)
    let changes = try #require(try known.update())
    #expect(changes.gone.isEmpty && changes.files.allSatisfy { $0.path.lastComponent == "late.c" })
  }

  @Test func `a file that is made once its directory was listed is told`() throws {
    let known = try known()
    try tree.write("sub/deep/new", "x")
    known.noteEvents()
    #expect(known.tree.isDirty)
    #expect(try known.update()?.files.map(\.path) == ["sub/deep/new"])
  }

  @Test func `a directory that comes is told with all below, and one that goes too`() throws {
    let known = try known()
    try tree.write("new/x/y", "x")
    #expect(try known.update()?.files.map(\.path) == ["new/x/y"])
    _ = unsafe rename(tree.root.appending("sub").description, tree.root.appending("moved").description)
    let changes = try #require(try known.update())
    #expect(changes.files.map(\.path) == ["moved/b", "moved/deep/c"] && changes.gone == ["sub/b", "sub/deep/c"])
    // What was moved is watched where it is.
    try tree.write("moved/deep/e", "x")
    #expect(try known.update()?.files.map(\.path) == ["moved/deep/e"])
    removeTree(tree.root.appending("moved"))
    #expect(try known.update()?.gone == ["moved/b", "moved/deep/c", "moved/deep/e"])
  }

  @Test func `an ignore file that changes has everything below it judged anew`() throws {
    let known = try known()
    try tree.write("sub/.gitignore", "deep\n")
    let changes = try #require(try known.update())
    #expect(changes.gone == ["sub/deep/c"] && changes.skipped.map(\.path) == ["sub/.gitignore", "sub/deep"])
    #expect(changes.leftOut == [.ignored: 1, .hidden: 1])
    // What is left out is not watched.
    try tree.write("sub/deep/f", "x")
    known.noteEvents()
    #expect(!known.tree.isDirty)
    try tree.remove("sub/.gitignore")
    #expect(try known.update()?.files.map(\.path) == ["sub/deep/c", "sub/deep/f"])
  }

  @Test func `an index of git's that tracks the same paths is no change, and one with others is`() throws {
    try makeRepository(index: ["a"])
    try tree.write(".gitignore", "b\n")
    let known = try known()
    #expect(known.files["sub/b"] == nil)
    try track(["a"], second: 1)
    known.noteEvents()
    #expect(known.tree.isDirty)
    #expect(try known.update()?.isEmpty == true)
    try track(["a", "sub/b"])
    #expect(try known.update()?.files.map(\.path) == ["sub/b"])
    try tree.write(".git/info/exclude", "d\n")
    #expect(try known.update()?.gone == ["subs/d"])
    try tree.write(".git/config", "[core]\n\tignorecase = true\n")
    try tree.write("sub/.gitignore", "C\n")
    #expect(try known.update()?.gone == ["sub/deep/c"])
    #expect(known.listingCount == 1)
  }

  @Test func `what git does beside its index is no news`() throws {
    try makeRepository(index: ["a"])
    let known = try known()
    try tree.write(".git/index.lock", "x")
    try tree.remove(".git/index.lock")
    try tree.write(".git/COMMIT_EDITMSG", "x")
    try tree.write(".git/objects/12/34", "x")
    known.noteEvents()
    #expect(!known.tree.isDirty)
  }

  @Test func `a change above the root that leaves its rules has nothing listed anew`() throws {
    try makeRepository(index: ["sub/b"])
    let known = try KnownCorpus(root: tree.root.appending("sub"), events: events)
    try track(["sub/b"], second: 1)
    try tree.write("other", "x")
    #expect(try known.update()?.isEmpty == true && known.listingCount == 1)
    try tree.write(".gitignore", "c\n")
    #expect(try known.update() == nil && known.files.count == 1 && known.listingCount == 2)
  }

  @Test func `lost events and another root have everything listed anew`() throws {
    let known = try known()
    known.tree.note([FileEvents.Event(watch: nil, name: "", isDirectory: false, kind: .overflow)])
    #expect(known.tree.isDirty)
    #expect(try known.update() == nil && known.listingCount == 2)
    let root = tree.root.appending("sub")
    let inner = try KnownCorpus(root: root, events: FileEvents())
    _ = unsafe rename(root.description, tree.root.appending("old").description)
    try tree.write("sub/new", "x")
    #expect(try inner.update() == nil && inner.files.keys.sorted() == ["new"])
  }

  @Test func `directories beyond the system's limit are found by polling`() throws {
    let few = try FileEvents(watchLimit: 1)
    let known = try KnownCorpus(root: tree.root, events: few)
    #expect(known.tree.unwatchedCount > 0 && known.tree.watchFailure?.code == .watchLimit)
    try tree.write("sub/deep/c", "longer")
    try tree.write("subs/e", "x")
    known.noteEvents()
    known.tree.poll()
    #expect(known.tree.isDirty)
    #expect(try known.update()?.files.map(\.path) == ["sub/deep/c", "subs/e"])
    known.tree.poll()
    #expect(!known.tree.isDirty)
  }

  @Test func `polling everything finds what the kernel does not tell`() throws {
    let outside = try TemporaryTree(inMemory: true)
    let (file, other) = (tree.root.appending("sub/b").description, outside.root.appending("b").description)
    #expect(unsafe link(file, other) == 0)
    let known = try known()
    #expect(unsafe truncate(other, 100) == 0)
    known.noteEvents()
    #expect(!known.tree.isDirty)
    known.tree.poll()
    #expect(known.tree.isDirty, "a file with another name is looked at by every poll")
    known.tree.poll(everything: true)
    #expect(try known.update()?.files.map(\.path) == ["sub/b"])
  }

  // MARK: What no event tells of

  private func path(_ name: FilePath) -> String { tree.root.appending(name).description }

  /// Adds to a file without another taking its place.
  private func append(_ path: String) {
    let file = unsafe open(path, O_WRONLY | O_APPEND)
    #expect(unsafe write(file, "more", 4) == 4)
    close(file)
  }

  @Test func `a file that is written by its name outside of the tree is found when somebody asks`() throws {
    let outside = try TemporaryTree(inMemory: true)
    let other = outside.root.appending("b").description
    #expect(unsafe link(path("sub/b"), other) == 0)
    let known = try known()
    #expect(known.tree.linkedCount == 1 && !known.tree.mustBePolled)
    // What was written just before it was looked at is looked at once more.
    known.tree.lookForUntold()
    try known.update()
    append(other)
    known.noteEvents()
    #expect(!known.tree.isDirty)
    known.tree.lookForUntold()
    #expect(known.tree.isDirty)
    #expect(try known.update()?.files.map(\.path) == ["sub/b"])
    // It has one name again.
    #expect(unsafe unlink(other) == 0)
    known.tree.lookForUntold()
    try known.update()
    #expect(known.tree.linkedCount == 0)
  }

  @Test func `a name that comes for a file of the tree has both of them looked at`() throws {
    let known = try known()
    #expect(unsafe link(path("sub/deep/c"), path("subs/c")) == 0)
    try known.update()
    #expect(known.tree.linkedCount == 2)
    known.tree.lookForUntold()
    try known.update()
    append(path("subs/c"))
    known.noteEvents()
    known.tree.lookForUntold()
    #expect(try known.update()?.files.map(\.path) == ["sub/deep/c", "subs/c"])
  }

  @Test func `a file that is written when its name is gone is found under its new one`() throws {
    let known = try known()
    let file = unsafe open(path("a"), O_WRONLY | O_APPEND)
    defer { close(file) }
    #expect(unsafe link(path("a"), path("subs/e")) == 0 && unlink(path("a")) == 0)
    #expect(try known.update()?.gone == ["a"])
    known.tree.lookForUntold()
    try known.update()
    #expect(unsafe write(file, "more", 4) == 4)
    // The event names what is not there.
    known.noteEvents()
    known.tree.lookForUntold()
    try known.update()
    #expect(known.files["subs/e"]?.fingerprint.byteCount == 5)
  }

  @Test func `files that come and go have nobody look at the whole tree`() throws {
    let visited = Mutex<[FilePath]>([])
    let known = try KnownCorpus(
      root: tree.root, events: events, afterWatch: { path in visited.withLock { $0.append(path) } })
    visited.withLock { $0 = [] }
    try tree.write("sub/part", "x")
    try tree.remove("sub/part")
    try known.update()
    known.tree.lookForUntold()
    try known.update()
    #expect(visited.withLock { $0 } == ["sub"])
  }

  @Test func `a link in the middle of a chain to the user's rules is seen to turn`() throws {
    let home = try TemporaryTree(inMemory: true)
    for (name, rules) in [("one", "nothing\n"), ("two", "b\n")] { try home.write(FilePath(name), rules) }
    try makeDirectory(home.root.appending(".config/git"))
    try makeDirectory(home.root.appending("chain"))
    makeLink(home.root.appending("chain/current"), to: home.root.appending("one"))
    makeLink(home.root.appending(".config/git/ignore"), to: home.root.appending("chain/current"))
    try makeRepository()
    let known = try KnownCorpus(
      root: tree.root, events: events, environment: GitEnvironment(home: home.root))
    #expect(known.files["sub/b"] != nil)
    makeLink(home.root.appending("chain/new"), to: home.root.appending("two"))
    try OpenDirectory(home.root.appending("chain")).rename("new", to: "current")
    try known.update()
    #expect(known.files["sub/b"] == nil && known.files["sub/deep/c"] != nil)
  }

  @Test func `the index in the tree is no part of it and not watched`() throws {
    try tree.write("index/x", "x")
    let watched = WatchedTree(
      root: tree.root, ownDirectory: tree.root.appending("index"), environment: GitEnvironment(), events: events)
    #expect(try watched.list().files.map(\.path) == ["a", "sub/b", "sub/deep/c", "subs/d"])
    try tree.write("index/y", "x")
    try tree.write("a", "longer")
    watched.note(events.next(timeout: .zero))
    let changes = try #require(try watched.changes())
    #expect(changes.files.map(\.path) == ["a"] && changes.fileCount == 4 && changes.leftOut.isEmpty)
  }

  @Test func `with limits, whatever happens has the tree listed anew`() throws {
    var options = WalkOptions()
    options.fileLimit = 2
    let known = try KnownCorpus(root: tree.root, events: events, options: options)
    #expect(try known.update()?.isEmpty == true)
    try tree.write("A", "x")
    #expect(try known.update() == nil && known.files.keys.sorted() == ["A", "a"])
  }

  @Test func `only directories in which something has happened are visited again`() throws {
    try tree.write(".gitignore", "*.o\n")
    let visited = Mutex<[FilePath]>([])
    let known = try KnownCorpus(
      root: tree.root, events: events, afterWatch: { path in visited.withLock { $0.append(path) } })
    #expect(visited.withLock { $0.count } == 4)
    visited.withLock { $0 = [] }
    try tree.write("sub/b", "longer")
    try tree.write("a", "longer")
    #expect(try known.update()?.files.map(\.path) == ["a", "sub/b"])
    #expect(visited.withLock { $0 } == ["", "sub"])
  }
}
