import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// Files below a directory, whatever someone puts into the tree: in one call where the kernel can, and component by
/// component.
@Suite struct HeldDirectoryTests {
  private let tree: TemporaryTree
  private let outside: TemporaryTree

  init() throws {
    tree = try TemporaryTree()
    outside = try TemporaryTree()
    try tree.write("a/b/file", "inside")
    try outside.write("file", "outside")
    try outside.write("b/file", "outside")
  }

  private func code(_ path: FilePath, limit: Int = .max, atOnce: Bool) throws -> Failure.Code? {
    let held = try HeldDirectory(tree.root, opensAtOnce: atOnce)
    do throws(Failure) {
      _ = try held.readFile(path, limit: limit)
      return nil
    } catch {
      #expect(error.path == path)
      return error.code
    }
  }

  @Test(arguments: [true, false]) func `a file below is read, whole or to where it is wanted`(atOnce: Bool) throws {
    // The directory itself may be named by a link.
    makeLink(outside.root.appending("link"), to: tree.root)
    let held = try HeldDirectory(outside.root.appending("link"), opensAtOnce: atOnce)
    let whole = try held.readFile("a/b/file")
    #expect(whole.bytes == Array("inside".utf8) && whole.status.byteCount == 6)
    #expect(try held.readFile("a/b/file", upTo: 2).bytes == Array("in".utf8))
    #expect(try held.readFile("a//b/./file").bytes == Array("inside".utf8))
    #expect(try code("a/b/none", atOnce: atOnce) == .notFound)
    #expect(try code("a/b/file/none", atOnce: atOnce) == .notFound)
    #expect(throws: Failure.self) { try HeldDirectory(tree.root.appending("a/b/file"), opensAtOnce: atOnce) }
  }

  @Test(arguments: [true, false]) func `no link is followed, neither inside nor out`(atOnce: Bool) throws {
    makeLink(tree.root.appending("a/out"), to: outside.root.appending("file"))
    makeLink(tree.root.appending("a/in"), to: "b/file")
    makeLink(tree.root.appending("directory"), to: outside.root)
    makeLink(tree.root.appending("sideways"), to: "a")
    makeLink(tree.root.appending("loop"), to: "loop")
    for path in ["a/out", "a/in", "directory/file", "directory/b/file", "sideways/b/file", "loop"] as [FilePath] {
      #expect(try code(path, atOnce: atOnce) == .notRegular, "\(path)")
    }
    let up = FilePath("a/../../" + outside.root.lastComponent.description + "/file")
    #expect(try code(up, atOnce: atOnce) == .notRegular)
    #expect(try code(outside.root.appending("file"), atOnce: atOnce) == .notRegular)
  }

  @Test(arguments: [true, false]) func `what is no file is not waited for and not read`(atOnce: Bool) throws {
    let pipe = tree.root.appending("a/pipe").description
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    #expect(try code("a/pipe", atOnce: atOnce) == .notRegular)
    #expect(try code("a/b", atOnce: atOnce) == .notRegular)
    #expect(try code("", atOnce: atOnce) == .notRegular)
  }

  @Test(arguments: [true, false]) func `a file beyond the limit is not read`(atOnce: Bool) throws {
    #expect(unsafe truncate(tree.root.appending("a/b/file").description, 10 << 30) == 0)
    #expect(try code("a/b/file", limit: 5_000_000, atOnce: atOnce) == .tooLarge)
  }

  /// The superuser may read everything.
  @Test(.enabled(if: geteuid() != 0), arguments: [true, false])
  func `a file without permission is said to be one`(atOnce: Bool) throws {
    #expect(unsafe chmod(tree.root.appending("a/b/file").description, 0) == 0)
    #expect(try code("a/b/file", atOnce: atOnce) == .permissionDenied)
    #expect(unsafe chmod(tree.root.appending("a/b").description, 0) == 0)
    #expect(try code("a/b/file", atOnce: atOnce) == .permissionDenied)
    #expect(unsafe chmod(tree.root.appending("a/b").description, 0o700) == 0)
  }
}
