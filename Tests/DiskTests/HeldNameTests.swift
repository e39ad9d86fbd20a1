import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// What is done inside a directory that is held open never leads out of it.
@Suite struct HeldNameTests {
  let tree: TemporaryTree
  let directory: OpenDirectory

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    try tree.write("victim", "precious")
    try makeDirectory(tree.root.appending("held"))
    directory = try OpenDirectory(notFollowing: tree.root.appending("held"))
  }

  private func path(_ name: String) -> FilePath { tree.root.appending("held").appending(name) }
  private func held(_ name: String) -> HeldName { HeldName(FilePath(name), in: directory, path: path(name)) }
  private func code(_ body: () throws(Failure) -> Void) -> Failure.Code? { failure(body)?.code }
  private func link(_ name: String, hardTo target: FilePath) {
    _ = unsafe Glibc.link(target.description, path(name).description)
  }
  private func pipe(_ name: String) { _ = unsafe mkfifo(path(name).description, 0o600) }
  private var victimIsWhole: Bool {
    (try? readFile(tree.root.appending("victim")).bytes) == Array("precious".utf8)
  }

  @Test(arguments: ["../victim", "a/b", "..", ".", "", "/etc/passwd", "a\0b"])
  func `a name that is no single component is refused`(_ name: String) throws {
    let name = FilePath(name)
    #expect(code { () throws(Failure) in try directory.remove(name) } == .invalidArgument)
    #expect(code { () throws(Failure) in _ = try directory.makeDirectory(name) } == .invalidArgument)
    #expect(code { () throws(Failure) in try directory.rename("x", to: name) } == .invalidArgument)
    #expect(code { () throws(Failure) in try directory.rename(name, to: "x") } == .invalidArgument)
    #expect(directory.openDescriptor(name, flags: O_WRONLY | O_CREAT) == -1 && errno == EINVAL)
    #expect(victimIsWhole)
  }

  @Test func `a link, a file with two names, a pipe and a directory are damage, and nothing waits`() throws {
    makeLink(path("link"), to: tree.root.appending("victim"))
    link("hard", hardTo: tree.root.appending("victim"))
    pipe("pipe")
    try makeDirectory(path("directory"))
    for name in ["link", "hard", "pipe", "directory"] {
      #expect(code { () throws(Failure) in _ = try held(name).read() } == .damaged, "\(name)")
      #expect(code { () throws(Failure) in _ = try MappedFile(held(name)) } == .damaged, "\(name)")
      #expect(code { () throws(Failure) in _ = try FileLock(held(name)) } == .damaged, "\(name)")
    }
    #expect(code { () throws(Failure) in _ = try held("none").read() } == .notFound)
    #expect(victimIsWhole)
  }

  @Test func `removing a link leaves its target, and an atomic file takes the place of a link`() throws {
    makeLink(path("link"), to: tree.root.appending("victim"))
    try directory.remove("link")
    #expect(victimIsWhole && !fileExists(path("link")))
    makeLink(path("link"), to: tree.root.appending("victim"))
    var file = try AtomicFile(held("link"))
    try file.write(Array("new".utf8))
    try file.commit()
    #expect(try held("link").read().bytes == Array("new".utf8))
    #expect(victimIsWhole)
  }

  @Test func `a directory that is a link is not opened`() throws {
    makeLink(path("link"), to: tree.root)
    #expect(throws: Failure.self) { try OpenDirectory(notFollowing: path("link")) }
    #expect(throws: Failure.self) { try directory.directory("link") }
    #expect(throws: Failure.self) { try directory.makeDirectory("link") }
  }

  @Test func `what is held goes on being used when another directory takes its path`() throws {
    try renameFile(tree.root.appending("held"), to: tree.root.appending("moved"))
    makeLink(tree.root.appending("held"), to: tree.root)
    var file = try AtomicFile(held("file"))
    try file.write(Array("x".utf8))
    try file.commit()
    #expect(fileExists(tree.root.appending("moved/file")) && !fileExists(tree.root.appending("file")))
  }

  @Test func `files and directories are for their owner alone`() throws {
    var file = try AtomicFile(held("file"))
    try file.write(Array("x".utf8))
    try file.commit()
    try held("made").makeIfMissing()
    _ = try FileLock(held("lock"))
    for name in ["file", "made", "lock"] {
      #expect(try directory.status(of: FilePath(name)).permissions == 0o600, "\(name)")
    }
    #expect(try directory.makeDirectory("inner").status().permissions == 0o700)
  }

  @Test func `a temporary name cannot be guessed, and only such names are known as temporary`() throws {
    let file = try AtomicFile(held("000001.segment"))
    let other = try AtomicFile(held("000001.segment"))
    let names = try directory.entries().map(\.name)
    #expect(names.count == 2 && names[0] != names[1])
    for name in names { #expect(AtomicFile.temporaryTarget(name) == "000001.segment") }
    _ = consume file
    _ = consume other
    #expect(try directory.entries().isEmpty)
    let others: [FilePath] = [
      "report.tmp", "000001.segment-12.tmp", "a-0123456789abcdeF.tmp", "-0123456789abcdef.tmp",
      "a-0123456789abcdef.tmp2", "a0123456789abcdef.tmp",
    ]
    for name in others { #expect(AtomicFile.temporaryTarget(name) == nil, "\(name)") }
  }

  @Test func `processes and threads that make the user's key at once agree`() async throws {
    let place = tree.root.appending("state/cairn")
    #expect(UserKey(in: place) == nil)
    let keys = await withTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<8 { group.addTask { UserKey(makingIn: place)?.bytes } }
      var keys: [[UInt8]?] = []
      for await key in group { keys.append(key) }
      return keys
    }
    #expect(keys.count == 8 && Set(keys).count == 1 && keys[0]?.count == 32)
    #expect(UserKey(in: place)?.bytes == keys[0])
    #expect(try listDirectory(place).map(\.name) == ["key"])
    #expect(try FileStatus(of: place).permissions == 0o700)
    #expect(try FileStatus(of: place.appending("key")).permissions == 0o600)
  }

  @Test func `a key that others may read, of another size, or behind a link is not believed`() throws {
    let place = tree.root.appending("state")
    #expect(UserKey(makingIn: place) != nil)
    let key = place.appending("key")
    unsafe chmod(key.description, 0o640)
    #expect(UserKey(in: place) == nil && UserKey(makingIn: place) == nil)
    unsafe chmod(key.description, 0o600)
    #expect(UserKey(in: place) != nil)
    unsafe chmod(place.description, 0o770)
    #expect(UserKey(in: place) == nil)
    unsafe chmod(place.description, 0o700)
    try renameFile(key, to: tree.root.appending("elsewhere"))
    makeLink(key, to: tree.root.appending("elsewhere"))
    #expect(UserKey(in: place) == nil && UserKey(makingIn: place) == nil)
    try removeFile(key)
    try tree.write("state/key", [UInt8](repeating: 7, count: 31))
    unsafe chmod(key.description, 0o600)
    #expect(UserKey(in: place) == nil)
    makeLink(tree.root.appending("link"), to: place)
    #expect(UserKey(in: tree.root.appending("link")) == nil)
  }
}
