import Catalog
import Disk
import Foundation
import IndexStorage
import Indexing
import Primitives
import TestSupport
import Testing

/// Which directories are taken for an index, and what the vacuum takes for garbage.
@Suite struct IndexSiteTests {
  let tree: TemporaryTree
  let home: TemporaryTree
  let tagger: IndexTagger

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    home = try TemporaryTree(inMemory: true)
    tagger = IndexTagger(keyDirectory: home.root.appending("cairn"))
  }

  private var place: FilePath { tree.root.appending("index") }
  private func site(_ tagger: IndexTagger? = nil) -> IndexSite { IndexSite(place, trust: .tag(tagger ?? self.tagger)) }
  private func mode(_ path: FilePath, _ mode: mode_t) { unsafe chmod(path.description, mode) }
  private func put(_ path: FilePath, _ content: String = "x") throws {
    try tree.write(path, content)
    mode(tree.root.appending(path), 0o600)
  }

  private func word(_ site: IndexSite) throws -> String {
    switch try site.find() {
    case .nothing: "nothing"
    case .vacant: "vacant"
    case .ours: "ours"
    case .stale: "stale"
    case .anotherUsers: "another user's"
    case .notOurs(let reason): reason
    }
  }

  @Test func `what is made is ours, for its owner alone, and known again`() throws {
    #expect(try word(site()) == "nothing")
    #expect(throws: Failure.self) { try site().open() }
    _ = try site().make()
    #expect(try word(site()) == "ours")
    #expect(try FileStatus(of: place).permissions == 0o700)
    #expect(try FileStatus(of: place.appending("cairn.tag")).permissions == 0o600)
    #expect(try site().open().path == place)
  }

  @Test func `an empty directory, and one with a tag that was not finished, may be taken`() throws {
    try makeDirectory(place)
    #expect(try word(site()) == "vacant")
    try put("index/cairn.tag-0123456789abcdef.tmp", "cairn index")
    #expect(try word(site()) == "vacant")
    _ = try site().make()
    #expect(try word(site()) == "ours")
    #expect(try FileStatus(of: place).permissions == 0o700)
  }

  @Test func `a directory with anything else is not, and making changes nothing in it`() throws {
    for name in ["report.tmp", "segments/data.csv", "cairn.tag.bak", "other-0123456789abcdef.tmp"] {
      try tree.write(FilePath("index/" + name), "precious")
      let before = try diskState(place)
      #expect(try word(site()).contains("no tag that you made"), "\(name)")
      let failure = #expect(throws: Failure.self) { try site().make() }
      #expect(failure?.code == .notOurs)
      #expect(try diskState(place) == before)
      removeTree(place)
    }
  }

  @Test func `below a root no link is followed, whenever one takes the place of a directory`() throws {
    let outside = try TemporaryTree(inMemory: true)
    func site() -> IndexSite { IndexSite(tree.root, below: ["a", "b", "index"], trust: .tag(tagger)) }
    // Each time after somebody has looked and found all well.
    for (there, linked) in [("", "a"), ("a", "a"), ("a", "a/b"), ("a/b", "a"), ("a/b", "a/b"), ("a/b", "a/b/index")] {
      if !there.isEmpty { try makeDirectory(tree.root.appending(there)) }
      let looked = site()
      #expect(try word(looked) == "nothing")
      removeTree(tree.root.appending(linked))
      makeLink(tree.root.appending(linked), to: outside.root)
      let failure = #expect(throws: Failure.self, "\(there) \(linked)") { try looked.make() }
      #expect(failure?.code == .notOurs, "\(failure?.message ?? "")")
      #expect(try word(site()).contains("symbolic link"))
      #expect(try listDirectory(outside.root).isEmpty, "\(there) \(linked)")
      removeTree(tree.root.appending("a"))
    }
    // What is held stays what it was.
    let made = try site().make()
    try made.write([1], to: "first")
    #expect(unsafe rename(tree.root.appending("a").description, tree.root.appending("c").description) == 0)
    makeLink(tree.root.appending("a"), to: outside.root)
    try makeDirectory(outside.root.appending("b/index"))
    try made.write([1], to: "second")
    #expect(fileExists(tree.root.appending("c/b/index/second")))
    #expect(try listDirectory(outside.root.appending("b/index")).isEmpty)
  }

  @Test func `a forged, cut, copied or changed tag is refused`() throws {
    _ = try site().make()
    let tag = place.appending("cairn.tag")
    let sound = try readFile(tag).bytes
    func refused(_ bytes: [UInt8]) throws -> Bool {
      try tree.write("index/cairn.tag", bytes)
      mode(tag, 0o600)
      return try word(site()) == "its tag is not one that you made on this machine"
    }
    for count in stride(from: 0, to: sound.count, by: 7) { #expect(try refused(Array(sound[..<count]))) }
    for place in [3, 30, 60, sound.count - 3] {
      var changed = sound
      changed[place] = changed[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      #expect(try refused(changed))
    }
    #expect(try refused(sound + Array("more".utf8)))
    #expect(try refused([UInt8](repeating: 0x61, count: 100_000)))
    #expect(try !refused(sound))
    // One of another user's key, as an archive would bring it.
    let other = try TemporaryTree(inMemory: true)
    let stranger = IndexTagger(keyDirectory: other.root.appending("cairn"))
    #expect(try word(site(stranger)) == "its tag is not one that you made on this machine")
    mode(tag, 0o644)
    #expect(try word(site()) == "its tag is not one that you made on this machine")
    mode(tag, 0o600)
    _ = unsafe link(tag.description, tree.root.appending("second").description)
    #expect(try word(site()) == "its tag is not one that you made on this machine")
    try tree.remove("second")
    #expect(try word(site()) == "ours")
    mode(place, 0o755)
    #expect(try word(site()).hasPrefix("its mode lets others in"))
  }

  @Test func `a copy that the same user makes is ours`() throws {
    _ = try site().make()
    #expect(Self.run("/bin/cp", ["-a", place.description, place.description + "2"]))
    #expect(try word(IndexSite(tree.root.appending("index2"), trust: .tag(tagger))) == "ours")
  }

  @Test func `where no key can be kept the tag holds for the directory alone`() throws {
    let keyless = IndexTagger(keyDirectory: nil)
    _ = try site(keyless).make()
    #expect(try word(site(keyless)) == "ours")
    #expect(try word(site()) == "ours")
    #expect(Self.run("/bin/cp", ["-a", place.description, place.description + "2"]))
    #expect(try word(IndexSite(tree.root.appending("index2"), trust: .tag(keyless))).contains("not one that you made"))
  }

  @Test func `a link is never an index, whatever it leads to`() throws {
    _ = try site().make()
    makeLink(tree.root.appending("link"), to: place)
    let linked = IndexSite(tree.root.appending("link"), trust: .tag(tagger))
    #expect(try word(linked) == "it is a symbolic link")
    let failure = #expect(throws: Failure.self) { try linked.make() }
    #expect(failure?.code == .notOurs)
    #expect(throws: Failure.self) { try IndexSite(tree.root.appending("link")).open() }
  }

  @Test(.enabled(if: geteuid() == 0)) func `a directory of another user is not ours, and read when the user says so`()
    throws
  {
    _ = try site().make()
    unsafe chown(place.description, 65534, 65534)
    #expect(try word(site()) == "another user's")
    let failure = #expect(throws: Failure.self) { try site().make() }
    #expect(failure?.code == .notOurs)
    let trusted = IndexSite(place, trust: .user)
    #expect(try trusted.open().path == place)
    #expect(throws: Failure.self) { try trusted.make() }
  }

  @Test func `a directory that git tracks is not ours`() throws {
    _ = try site().make()
    let git = ["-C", tree.root.description, "-c", "user.name=x", "-c", "user.email=x@example.org"]
    guard Self.run("/usr/bin/git", git + ["init", "-q"]) else { return }
    try put("a.c")
    try put("index-other/a.c")
    #expect(Self.run("/usr/bin/git", git + ["add", "a.c", "index-other"]))
    #expect(try word(site()) == "ours")
    #expect(Self.run("/usr/bin/git", git + ["add", "-f", "index/cairn.tag"]))
    #expect(try word(site()).hasPrefix("git tracks files in it"))
    #expect(Self.run("/usr/bin/git", git + ["update-index", "--index-version", "4"]))
    #expect(try word(site()).hasPrefix("git tracks files in it"))
    #expect(Self.run("/usr/bin/git", git + ["update-index", "--split-index"]))
    #expect(try word(site()).hasPrefix("git tracks files in it"))
    #expect(Self.run("/usr/bin/git", git + ["rm", "-q", "--cached", "index/cairn.tag"]))
    #expect(try word(site()) == "ours")
  }

  @Test func `the vacuum removes what Cairn made and leaves what strangers put there`() async throws {
    let indexed = try IndexedTree()
    indexed.put("a.txt", "alpha beta\n")
    try await indexed.run()
    let kept = [
      "report.tmp", "notes-0123456789abcdef.tmp", "segments/my_data.csv", "segments/12.segment",
      "segments/000001.segment.bak", "segments/x-0123456789abcdef.tmp",
    ]
    for name in kept { try indexed.tree.write(FilePath(".cairn/" + name), "precious") }
    try indexed.tree.write("outside", "precious")
    makeLink(indexed.directory.appending("segments/000777.segment"), to: indexed.tree.root.appending("outside"))
    try makeDirectory(indexed.directory.appending("segments/000778.segment"))
    try indexed.tree.write(".cairn/segments/000779.segment", "garbage")
    try StoredIndex(directory: indexed.directory).vacuum()
    #expect(!fileExists(indexed.directory.appending("segments/000779.segment")))
    for name in kept + ["segments/000777.segment", "segments/000778.segment", "../outside"] {
      #expect(fileExists(indexed.directory.appending(name)), "\(name)")
    }
  }

  @Test func `segments that are a link are never emptied: the link goes, its target stays`() async throws {
    let indexed = try IndexedTree()
    indexed.put("a.txt", "alpha beta\n")
    try await indexed.run()
    removeTree(indexed.directory.appending("segments"))
    try tree.write("target/000009.segment", "precious")
    try tree.write("target/thesis.tex", "precious")
    makeLink(indexed.directory.appending("segments"), to: tree.root.appending("target"))
    #expect(throws: Failure.self) { try StoredIndex(directory: indexed.directory).vacuum() }
    #expect(throws: Failure.self) { try StoredIndex(directory: indexed.directory).snapshot() }
    var options = IndexingOptions()
    options.rebuilds = true
    try await indexed.run(options)
    #expect(try indexed.problems().isEmpty)
    #expect(try listDirectory(tree.root.appending("target")).count == 2)
  }

  private static func run(_ program: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
