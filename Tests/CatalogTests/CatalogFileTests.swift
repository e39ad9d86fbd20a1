import Catalog
import Disk
import Foundation
import Primitives
import SQLite
import TestSupport
import Testing

/// What the catalog leaves on disk, and what it makes of files that are not as it left them.
@Suite struct CatalogFileTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }

  func path(_ name: String) -> FilePath { tree.root.appending(name) }
  func code(_ mode: IndexCatalog.Mode) -> Failure.Code? {
    failure { () throws(Failure) in try IndexCatalog(directory: tree.root, mode: mode) }?.code
  }

  @Test func `opening and reading writes nothing, in either mode`() throws {
    try { _ = try IndexCatalog(directory: tree.root, mode: .writing).commit(addition(1, ["a"])) }()
    let before = try diskState(tree.root)
    for mode in [IndexCatalog.Mode.reading, .writing] {
      let catalog = try IndexCatalog(directory: tree.root, mode: mode)
      _ = try catalog.snapshot()
      #expect(try catalog.files().count == 1)
    }
    #expect(try diskState(tree.root) == before)
  }

  @Test func `the log is empty after the writer has closed, and small while it works`() throws {
    let log = path("catalog.sqlite-wal")
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      for id in 1...200 {
        let paths = (0..<100).map { FilePath("\(id)/some/directory/file\($0).swift") }
        _ = try catalog.commit(addition(SegmentID(id), paths))
        #expect(try FileStatus(of: log).byteCount < 8 << 20)
      }
    }
    #expect(try FileStatus(of: log).byteCount == 0)
    #expect(try IndexCatalog(directory: tree.root, mode: .reading).files().count == 20_000)
  }

  @Test func `bytes that are no database are damage, and the message says what to do`() throws {
    try tree.write("catalog.sqlite", String(repeating: "not a database. ", count: 1000))
    for mode in [IndexCatalog.Mode.reading, .writing] {
      do {
        _ = try IndexCatalog(directory: tree.root, mode: mode)
        Issue.record("it was opened")
      } catch {
        #expect(error.code == .damaged)
        #expect(error.remedy == .index)
        #expect(error.cause != nil)
      }
    }
    try IndexCatalog.remove(from: tree.root)
    #expect(code(.writing) == nil)
  }

  /// Changes the marks in the header: numbers of 4 bytes, most significant first.
  func patch(_ offset: Int, _ value: UInt32) throws {
    try { _ = try IndexCatalog(directory: tree.root, mode: .writing).commit(addition(1, ["a"])) }()
    var bytes = try readFile(path("catalog.sqlite")).bytes
    for i in 0..<4 { bytes[offset + i] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * i)) }
    try IndexCatalog.remove(from: tree.root)
    try tree.write("catalog.sqlite", bytes)
  }

  @Test func `the database of another program is left alone`() throws {
    try patch(68, 0x0102_0304)
    let before = try readFile(path("catalog.sqlite")).bytes
    #expect(code(.reading) == .damaged)
    #expect(code(.writing) == .damaged)
    #expect(try readFile(path("catalog.sqlite")).bytes == before)
  }

  @Test(arguments: [0, 1, 1000]) func `a catalog of another version is refused`(version: UInt32) throws {
    try patch(60, version)
    #expect(code(.reading) == .unsupportedVersion)
    #expect(code(.writing) == .unsupportedVersion)
  }

  @Test func `no damage of any page crashes, and what is read is an error or well formed`() throws {
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      try catalog.reset(to: identity)
      _ = try catalog.commit(addition(1, (0..<500).map { FilePath("directory/file\($0)") }))
    }
    let sound = try readFile(path("catalog.sqlite")).bytes
    var random = SeededRandom(seed: 11)
    var errors = 0
    for _ in 0..<300 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        bytes[Int.random(in: 100..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      try IndexCatalog.remove(from: tree.root)
      try tree.write("catalog.sqlite", bytes)
      do {
        let catalog = try IndexCatalog(directory: tree.root, mode: .reading)
        _ = try catalog.snapshot()
        _ = try catalog.files()
        try catalog.verify()
      } catch { errors += 1 }
    }
    #expect(errors > 200)
  }

  @Test(arguments: [
    "UPDATE files SET byte_count = 9223372036854775807", "UPDATE files SET number = -1",
    "UPDATE files SET content_hash = x'00'", "UPDATE files SET skip_reason = 'new', segment = NULL, number = NULL",
    "UPDATE segments SET byte_count = 9223372036854775807", "UPDATE segments SET file_count = 4611686018427387904",
    "UPDATE segments SET chunk_count = -5", "UPDATE segments SET retired_files = x''",
    "UPDATE generations SET number = 9223372036854775807 WHERE number = 2", "UPDATE builds SET model_hash = x'0102'",
  ]) func `well-formed pages with impossible numbers are damage`(edit: String) throws {
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      try catalog.reset(to: identity)
      _ = try catalog.commit(addition(1, ["a", "b"]))
    }
    guard execute("PRAGMA ignore_check_constraints = ON; " + edit, in: path("catalog.sqlite")) else {
      Issue.record("the edit failed")
      return
    }
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      _ = try catalog.snapshot()
      _ = try catalog.files()
      try catalog.verify()
      _ = try catalog.commit(addition(2, ["c"]))
      Issue.record("it was taken for sound")
    } catch { #expect(error.code == .damaged) }
  }

  @Test func `a truncated catalog is damage`() throws {
    try {
      _ = try IndexCatalog(directory: tree.root, mode: .writing).commit(
        addition(1, (0..<500).map { FilePath("f\($0)") }))
    }()
    let sound = try readFile(path("catalog.sqlite")).bytes
    try IndexCatalog.remove(from: tree.root)
    try tree.write("catalog.sqlite", Array(sound[..<(sound.count / 2)]))
    #expect(throws: Failure.self) {
      let catalog = try IndexCatalog(directory: tree.root, mode: .reading)
      _ = try catalog.files()
      try catalog.verify()
    }
  }

  @Test func `a path with a NUL byte is refused, and one with odd characters works`() throws {
    #expect(throws: Failure.self) { try IndexCatalog(directory: FilePath(bytes: [0x2F, 0x61, 0]), mode: .writing) }
    let odd = tree.root.appending(FilePath(bytes: Array("a?b#c%41 d\n".utf8) + [0xFF, 0xC3]))
    try makeDirectory(odd)
    try { _ = try IndexCatalog(directory: odd, mode: .writing).commit(addition(1, ["a"])) }()
    #expect(try IndexCatalog(directory: odd, mode: .reading).files().count == 1)
    #expect(fileExists(odd.appending("catalog.sqlite")))
  }

  @Test func `the whole of a killed writer's log is there for the next reader`() throws {
    // What SIGKILL leaves behind: the files as they are while the writer still has them open.
    let copy = tree.root.appending("copy")
    try makeDirectory(copy)
    let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
    try catalog.reset(to: identity)
    _ = try catalog.commit(addition(1, ["a", "b"]))
    for name in ["catalog.sqlite", "catalog.sqlite-wal"] {
      try tree.write(FilePath("copy/" + name), try readFile(path(name)).bytes)
    }
    #expect(try FileStatus(of: copy.appending("catalog.sqlite-wal")).byteCount > 0)
    let reader = try IndexCatalog(directory: copy, mode: .reading)
    #expect(try reader.files().count == 2)
    try reader.verify()
  }
}
