import Disk
import Glibc
import IndexStorage
import Primitives
import Synchronization
import TestSupport
import Testing

/// Where the index of a root lives. What the program makes of it is in `EndToEndTests`.
@Suite struct IndexPlaceTests {
  let tree: TemporaryTree
  let home: TemporaryTree
  var root: FilePath { tree.root }

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    home = try TemporaryTree(inMemory: true)
  }

  private func place(_ directory: FilePath = "", ofProject: Bool = false) throws(Failure) -> IndexPlace {
    var placement = IndexPlacement(root: root)
    placement.directory = directory
    placement.isProjects = ofProject
    placement.stateDirectory = home.root.appending("state")
    placement.cacheDirectory = home.root.appending("cache")
    return try IndexPlace(placement)
  }
  private func isInCache(_ place: IndexPlace) -> Bool {
    place.directory.relative(to: home.root.appending("cache")) != nil
  }

  @Test func `without a word it is in the root, and looking writes nothing`() throws {
    let place = try place()
    #expect(place.directory == root.appending(".cairn"))
    #expect(place.notes.isEmpty && place.readOnly == nil && !place.isNamed)
    #expect(try listDirectory(root).isEmpty && listDirectory(home.root).isEmpty)
  }

  @Test func `the user may name a place, inside the root or anywhere, or the cache`() throws {
    let inside = try place("build/index")
    #expect(inside.directory == root.appending("build/index") && inside.isNamed)
    let other = home.root.appending("elsewhere")
    #expect(try place(other).directory == other)
    let cached = try place("cache")
    #expect(isInCache(cached) && !cached.isNamed)
    // Each root has its own.
    var second = IndexPlacement(root: root.appending("second"))
    second.directory = "cache"
    second.cacheDirectory = home.root.appending("cache")
    #expect(try IndexPlace(second).directory != cached.directory)
  }

  @Test func `an index that another process makes anew again and again is at its place whenever one looks`() throws {
    let site = try place().site
    let first = try site.make()
    let isDone = Mutex(false)
    let thread = BlockingThread { [root] in
      var directory = first
      var round = 0
      while !isDone.withLock({ $0 }) {
        round += 1
        // In the tag's absence what is there is somebody's leftover.
        try? directory.held.remove("cairn.tag")
        if round.isMultiple(of: 3) {
          removeTree(root.appending(".cairn"))
          if let made = try? site.make() { directory = made }
        } else {
          try? site.renew(directory)
        }
      }
    }
    for _ in 0..<100 {
      let found = try place()
      #expect(found.directory == root.appending(".cairn") && found.notes.isEmpty, "\(found.notes)")
    }
    isDone.withLock { $0 = true }
    thread?.join()
  }

  @Test func `a place that the user named and that is not Cairn's is an error, and nothing in it is touched`() throws {
    try tree.write("data/report.txt", "precious")
    let before = TreeRecord(root)
    let refused = failure { () throws(Failure) in try place("data") }
    #expect(refused?.code == .notOurs && refused?.path == root.appending("data"))
    #expect(before.differences(to: TreeRecord(root)) == [])
  }

  @Test func `a directory that is not Cairn's in the usual place sends the index to the cache, with a note`() throws {
    try tree.write(".cairn/report.txt", "precious")
    let place = try place()
    #expect(isInCache(place) && place.readOnly == nil)
    #expect(place.notes.count == 1 && place.notes.first?.code == .notOurs)
    #expect(place.notes.first?.message.contains("the index lives in \(place.directory)") == true)
  }

  @Test(arguments: ["../outside", "/etc", ".git/index", "a/../../b", "."] as [FilePath])
  func `a project's file cannot have the index put outside of the project, or among git's files`(
    _ directory: FilePath
  ) throws {
    let place = try place(directory, ofProject: true)
    #expect(place.directory == root.appending(".cairn") && !place.isNamed)
    #expect(place.notes.count == 1 && place.notes.first?.code == .notOurs)
  }

  @Test func `a project's file may name a directory in it, but none that a link leads to`() throws {
    let named = try place("build/index", ofProject: true)
    #expect(named.directory == root.appending("build/index") && named.notes.isEmpty && !named.isNamed)
    let outside = try TemporaryTree(inMemory: true)
    makeLink(root.appending("build"), to: outside.root)
    let linked = try place("build/index", ofProject: true)
    #expect(linked.directory == root.appending(".cairn") && linked.notes.count == 1)
    #expect(try listDirectory(outside.root).isEmpty)
  }

  @Test func `without a cache directory a refused place is an error that names the setting`() throws {
    try tree.write(".cairn/report.txt", "precious")
    let refused = failure { () throws(Failure) in try IndexPlace(IndexPlacement(root: root)) }
    #expect(refused?.code == .notFound && refused?.remedy == .set("index_dir"))
  }

  @Test(.enabled(if: geteuid() == 0))
  func `another user's index is read where the user trusts it, and never written`() throws {
    let made = try place()
    _ = try made.site.make()
    unsafe chown(made.directory.description, 65534, 65534)
    #expect(isInCache(try place()))
    var placement = IndexPlacement(root: root)
    placement.trusted = [root]
    placement.stateDirectory = home.root.appending("state")
    let trusted = try IndexPlace(placement)
    #expect(trusted.directory == made.directory && trusted.readOnly?.code == .permissionDenied)
  }
}
