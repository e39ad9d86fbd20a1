import Disk
import Glibc
import Primitives
import TestSupport
import Testing

@Suite struct FileTests {
  private let tree: TemporaryTree

  init() throws { tree = try TemporaryTree() }

  private func code(_ body: () throws(Failure) -> Void) -> Failure.Code? { failure(body)?.code }
  private func link(_ target: String, at path: FilePath) {
    let result = unsafe target.withCString { target in
      unsafe tree.root.appending(path).description.withCString { unsafe symlink(target, $0) }
    }
    #expect(result == 0)
  }

  // MARK: AtomicFile

  @Test func `a committed file is there whole, and nothing else`() throws {
    var file = try AtomicFile(tree.root.appending("a"))
    try file.write(Array("one ".utf8))
    try file.write(Array("two".utf8))
    #expect(file.byteCount == 7)
    #expect(!fileExists(tree.root.appending("a")))
    try file.commit()
    #expect(try readFile(tree.root.appending("a")).bytes == Array("one two".utf8))
    #expect(try listDirectory(tree.root).map(\.name) == ["a"])
  }

  @Test func `a file that takes the place of another has no name until it is whole`() throws {
    let memory = try TemporaryTree(inMemory: true)
    try memory.write("a", "old")
    var file = try AtomicFile(replacing: memory.root.appending("a"))
    try file.write(Array("new".utf8))
    #expect(try listDirectory(memory.root).map(\.name) == ["a"], "a killed process leaves nothing")
    try file.commit()
    #expect(try readFile(memory.root.appending("a")).bytes == Array("new".utf8))
    #expect(try listDirectory(memory.root).map(\.name) == ["a"])
  }

  @Test func `a file that takes the place of another keeps its extended attributes`() throws {
    try tree.write("a", "old")
    let path = tree.root.appending("a").description
    let script = "import os, sys; os.setxattr(sys.argv[1], 'user.note', b'mine\\0')"
    // Not every file system has them.
    guard failure({ () throws(Failure) in _ = try Python.output(of: script, path) }) == nil else { return }
    #expect(unsafe chmod(path, 0o640) == 0)
    var file = try AtomicFile(replacing: tree.root.appending("a"))
    try file.write(Array("new".utf8))
    try file.commit()
    let kept = try Python.output(
      of: "import os, sys; print(os.getxattr(sys.argv[1], 'user.note'), oct(os.stat(sys.argv[1]).st_mode))", path)
    #expect(String(decoding: kept, as: UTF8.self) == "b'mine\\x00' 0o100640\n")
    #expect(try readFile(tree.root.appending("a")).bytes == Array("new".utf8))
  }

  @Test func `a lock on a directory keeps another one out, and leaves nothing there`() throws {
    do {
      let lock = try DirectoryLock(tree.root)
      #expect(code { () throws(Failure) in _ = try DirectoryLock(tree.root, patience: .zero) } == .timedOut)
      withExtendedLifetime(lock) {}
    }
    _ = try DirectoryLock(tree.root, patience: .zero)
    #expect(try listDirectory(tree.root).isEmpty)
  }

  @Test func `a file that is dropped leaves what was there`() throws {
    try tree.write("a", "old")
    do {
      var file = try AtomicFile(tree.root.appending("a"))
      try file.write(Array("new".utf8))
    }
    #expect(try readFile(tree.root.appending("a")).bytes == Array("old".utf8))
    #expect(try listDirectory(tree.root).count == 1)
  }

  @Test func `two files for one name at once do not disturb each other`() throws {
    var first = try AtomicFile(tree.root.appending("a"))
    var second = try AtomicFile(tree.root.appending("a"))
    try first.write(Array("first".utf8))
    try second.write(Array("2".utf8))
    try first.commit()
    #expect(try readFile(tree.root.appending("a")).bytes == Array("first".utf8))
    try second.commit()
    #expect(try readFile(tree.root.appending("a")).bytes == Array("2".utf8))
  }

  @Test func `a file in a directory that is not there cannot be made`() {
    #expect(code { () throws(Failure) in _ = try AtomicFile(tree.root.appending("no/a")) } == .notFound)
  }

  // MARK: FileLock

  @Test func `one lock at a time, free again when it goes`() throws {
    let path = tree.root.appending("lock")
    /// Whether the lock could be had; it is given back at once.
    func isFree() throws -> Bool {
      let lock = try FileLock(path)
      return switch consume lock {
      case .some: true
      case .none: false
      }
    }
    #expect(try isFree())
    try held(path) {
      let isFreeMeanwhile = try isFree()
      #expect(!isFreeMeanwhile)
    }
    #expect(try isFree())
    #expect(code { () throws(Failure) in _ = try FileLock(tree.root.appending("no/lock")) } == .notFound)
  }

  /// Calls `body` while this holds the lock.
  private func held(_ path: FilePath, _ body: () throws -> Void) throws {
    guard let lock = try FileLock(path) else { throw Failure(.inputOutput, "the lock is not free", path: path) }
    try body()
    _ = consume lock
  }

  // MARK: MappedFile

  @Test func `a mapped file shows its bytes, an empty one none`() throws {
    try tree.write("a", "mapped")
    try tree.write("empty", "")
    let file = try MappedFile(tree.root.appending("a"))
    let bytes = file.bytes.indices.map { file.bytes[$0] }
    #expect(bytes == Array("mapped".utf8) && file.byteCount == 6)
    let empty = try MappedFile(tree.root.appending("empty"))
    #expect(empty.byteCount == 0 && empty.bytes.isEmpty)
    #expect(code { () throws(Failure) in _ = try MappedFile(tree.root.appending("no")) } == .notFound)
    #expect(code { () throws(Failure) in _ = try MappedFile(tree.root) } == .inputOutput)
  }

  @Test func `a mapped file outlives its name`() throws {
    try tree.write("a", "still")
    let file = try MappedFile(tree.root.appending("a"))
    try tree.remove("a")
    let first = file.bytes[0]
    #expect(first == UInt8(ascii: "s"))
  }

  @Test func `a pipe is no file to map or to read, and does not block`() {
    _ = unsafe tree.root.appending("pipe").description.withCString { unsafe mkfifo($0, 0o600) }
    #expect(code { () throws(Failure) in _ = try MappedFile(tree.root.appending("pipe")) } == .inputOutput)
    #expect(code { () throws(Failure) in _ = try readFile(tree.root.appending("pipe")) } == .inputOutput)
  }

  // MARK: readFile

  @Test func `a file is read with its status, up to the limit`() throws {
    try tree.write("a", "12345")
    let (bytes, status) = try readFile(tree.root.appending("a"), limit: 5)
    #expect(bytes == Array("12345".utf8))
    #expect(status == (try FileStatus(of: tree.root.appending("a"))))
    for end in [-1, 0, 3, 5, 6] {
      let beginning = try readFile(tree.root.appending("a"), limit: 5, upTo: end)
      #expect(beginning.bytes == Array("12345".utf8.prefix(max(0, end))) && beginning.status == status)
    }
    #expect(code { () throws(Failure) in _ = try readFile(tree.root.appending("a"), limit: 4) } == .tooLarge)
    #expect(code { () throws(Failure) in _ = try readFile(tree.root.appending("b")) } == .notFound)
    #expect(code { () throws(Failure) in _ = try readFile(tree.root) } == .inputOutput)
  }

  @Test func `a path with a NUL names no file`() {
    #expect(code { () throws(Failure) in _ = try readFile(FilePath(bytes: Array("/etc\0x".utf8))) } == .notFound)
  }

  @Test func `names of any bytes can be written, listed and read`() throws {
    let name = FilePath(bytes: [0xFF, 0x0A, 0x20])
    try tree.write(name, "x")
    #expect(try listDirectory(tree.root).map(\.name) == [name])
    #expect(try readFile(tree.root.appending(name)).bytes == Array("x".utf8))
  }

  // MARK: Directories

  @Test func `the kinds of entries are told`() throws {
    try tree.write("file", "x")
    try tree.write("directory/inner", "x")
    link("file", at: "link")
    let entries = try listDirectory(tree.root)
    for entry in entries {
      let status = try FileStatus(of: tree.root.appending(entry.name), followsLinks: false)
      // A file system may leave the kind out.
      #expect(entry.kind ?? status.kind == status.kind)
    }
    #expect(Set(entries.map(\.name)) == ["file", "directory", "link"])
    #expect(try FileStatus(of: tree.root.appending("link")).kind == .file)
    #expect(try FileStatus(of: tree.root.appending("link"), followsLinks: false).kind == .symbolicLink)
    #expect(try readLink(tree.root.appending("link")) == "file")
    #expect(try resolvedPath(tree.root.appending("link")) == tree.root.appending("file"))
    #expect(code { () throws(Failure) in _ = try listDirectory(tree.root.appending("file")) } == .notFound)
  }

  @Test func `directories are made with those above them, and again`() throws {
    let deep = tree.root.appending("a/b/c")
    try makeDirectory(deep)
    try makeDirectory(deep)
    #expect(try FileStatus(of: deep).kind == .directory)
    try tree.write("file", "x")
    #expect(code { () throws(Failure) in try makeDirectory(tree.root.appending("file")) } != nil)
    #expect(code { () throws(Failure) in try makeDirectory(tree.root.appending("file/x")) } != nil)
  }

  @Test func `removing what is not there is no error`() throws {
    try removeFile(tree.root.appending("nothing"))
    link("nowhere", at: "broken")
    #expect(fileExists(tree.root.appending("broken")))
    try removeFile(tree.root.appending("broken"))
    #expect(!fileExists(tree.root.appending("broken")))
  }

  @Test func `an open directory lists, examines, reads and opens what is in it`() throws {
    try tree.write("d/file", "content")
    try tree.write("d/e/inner", "x")
    link("file", at: "d/link")
    link("e", at: "d/way")
    let directory = try OpenDirectory(tree.root).directory("d")
    for _ in 0..<2 { #expect(Set(try directory.entries().map(\.name)) == ["file", "e", "link", "way"]) }
    #expect(try directory.status(of: "link").kind == .symbolicLink)
    #expect(try directory.readFile("file").bytes == Array("content".utf8))
    #expect(try directory.directory("e").entries().map(\.name) == ["inner"])
    #expect(try directory.directory("").entries().count == 4)
    // Links are followed neither to files nor to directories.
    #expect(code { () throws(Failure) in _ = try directory.readFile("link") } != nil)
    #expect(code { () throws(Failure) in _ = try directory.directory("way") } != nil)
    #expect(code { () throws(Failure) in _ = try directory.readFile("file", limit: 3) } == .tooLarge)
  }
}
