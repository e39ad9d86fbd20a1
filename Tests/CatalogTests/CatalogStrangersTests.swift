import Catalog
import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// Files under the catalog's names that Cairn did not put there.
@Suite struct CatalogStrangersTests {
  let tree: TemporaryTree
  var directory: FilePath { tree.root.appending("index") }

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    try makeDirectory(directory)
    try tree.write("victim", "precious")
  }

  private func path(_ name: String) -> FilePath { directory.appending(name) }
  private func make() throws {
    _ = try IndexCatalog(directory: directory, mode: .writing).commit(addition(1, ["a", "b"]))
  }
  private func code(_ mode: IndexCatalog.Mode) -> Failure.Code? {
    failure { () throws(Failure) in try IndexCatalog(directory: directory, mode: mode) }?.code
  }

  @Test(arguments: ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"])
  func `a link, a second name, a pipe, a directory or a device in a file's place is damage that removing heals`(
    _ name: String
  ) throws {
    let put: [(FilePath) -> Void] = [
      { makeLink($0, to: tree.root.appending("victim")) },
      { makeLink($0, to: tree.root.appending("new")) },
      { _ = unsafe link(tree.root.appending("victim").description, $0.description) },
      { _ = unsafe mkfifo($0.description, 0o600) },
      { _ = unsafe mkdir($0.description, 0o700) },
      { makeLink($0, to: "/dev/zero") },
    ]
    for (number, put) in put.enumerated() {
      try make()
      try removeFile(path(name))
      put(path(name))
      #expect(code(.reading) == .damaged, "\(number)")
      #expect(code(.writing) == .damaged, "\(number)")
      try IndexCatalog.remove(from: directory)
      #expect(code(.writing) == nil)
      #expect(try readFile(tree.root.appending("victim")).bytes == Array("precious".utf8))
      #expect(!fileExists(tree.root.appending("new")))
    }
  }

  @Test func `a journal is never played back: a reader refuses, a writer removes it`() throws {
    try make()
    // Its content does not matter, only that nobody reads it.
    try tree.write("index/catalog.sqlite-journal", [UInt8](repeating: 0xD9, count: 2000))
    #expect(code(.reading) == .damaged)
    let writer = try IndexCatalog(directory: directory, mode: .writing)
    #expect(!fileExists(path("catalog.sqlite-journal")))
    #expect(try writer.files().count == 2)
  }

  @Test func `making and changing a catalog makes no other file than its four, all for the owner alone`() throws {
    try make()
    #expect(
      try listDirectory(directory).map(\.name).sorted()
        == ["catalog.newest", "catalog.sqlite", "catalog.sqlite-shm", "catalog.sqlite-wal"])
    for entry in try listDirectory(directory) {
      #expect(try FileStatus(of: directory.appending(entry.name)).permissions == 0o600, "\(entry.name)")
    }
  }

  @Test func `a catalog whose path changes hands goes on in the directory that it was opened in`() throws {
    try make()
    let catalog = try IndexCatalog(directory: directory, mode: .writing)
    try renameFile(directory, to: tree.root.appending("moved"))
    try makeDirectory(directory)
    _ = try catalog.commit(addition(2, ["c"]))
    #expect(try listDirectory(directory).isEmpty)
    #expect(try IndexCatalog(directory: tree.root.appending("moved"), mode: .reading).files().count == 3)
  }

  @Test func `a long path is no hindrance`() throws {
    var deep = directory
    // Longer than what SQLite takes, shorter than what the system does.
    for _ in 0..<5 { deep = deep.appending(String(repeating: "d", count: 200)) }
    try makeDirectory(deep)
    _ = try IndexCatalog(directory: deep, mode: .writing).commit(addition(1, ["a"]))
    #expect(try IndexCatalog(directory: deep, mode: .reading).files().count == 1)
  }
}
