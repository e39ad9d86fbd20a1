import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// A mapped file that is cut in place: the process goes on, and knows.
@Suite struct MapGuardTests {
  private let tree: TemporaryTree
  init() throws { tree = try TemporaryTree() }

  private func path(byteCount: Int) throws -> FilePath {
    try tree.write("file", [UInt8](repeating: 7, count: byteCount))
    return tree.root.appending("file")
  }

  private static func cut(_ path: FilePath, to byteCount: Int) {
    let result = unsafe path.description.withCString { unsafe truncate($0, off_t(byteCount)) }
    #expect(result == 0)
  }

  @Test func `zeros stand where the file was, and the map says so`() throws {
    let page = Int(getpagesize())
    let path = try path(byteCount: 8 * page)
    let file = try MappedFile(path)
    let other = try MappedFile(path)
    Self.cut(path, to: 2 * page)
    #expect(!file.isCut)
    let (before, behind) = (file.bytes[page], file.bytes[5 * page])
    #expect(before == 7 && behind == 0)
    #expect(file.isCut)
    #expect(!other.isCut)
    let failure = #expect(throws: Failure.self) { try file.checkWhole() }
    #expect(failure?.code == .damaged && failure?.path == path)
  }

  @Test func `a file that is mapped anew is not cut`() throws {
    let page = Int(getpagesize())
    for _ in 0..<3 {
      let path = try path(byteCount: 2 * page)
      let file = try MappedFile(path)
      #expect(!file.isCut)
      Self.cut(path, to: 0)
      let last = file.bytes[2 * page - 1]
      #expect(last == 0 && file.isCut)
    }
  }

  @Test func `threads that read one map at once all go on`() async throws {
    let page = Int(getpagesize())
    let path = try path(byteCount: 64 * page)
    let file = try MappedFile(path)
    Self.cut(path, to: page)
    let sums = await withTaskGroup(of: Int.self, returning: [Int].self) { group in
      for thread in 0..<8 {
        group.addTask {
          (1..<64).reduce(0) { $0 + Int(file.bytes[page * (thread % 2 == 0 ? $1 : 64 - $1)]) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == Array(repeating: 0, count: 8))
    #expect(file.isCut)
  }

  /// Reads behind the end of a map that is not guarded.
  private static func fault() {
    let name = Array("/tmp/cairn-fault-\(getpid())".utf8CString)
    let descriptor = unsafe open(name, O_RDWR | O_CREAT, 0o600)
    _ = unsafe unlink(name)
    _ = ftruncate(descriptor, off_t(getpagesize()))
    let map = unsafe mmap(nil, Int(getpagesize()), PROT_READ, MAP_PRIVATE, descriptor, 0)
    _ = ftruncate(descriptor, 0)
    // What hangs on the value is read, however the code is optimised.
    if unsafe map?.load(as: UInt8.self) == 7 { _exit(7) }
  }

  @Test func `a fault elsewhere ends the process as ever`() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      let tree = try TemporaryTree()
      try tree.write("file", "x")
      let file = try MappedFile(tree.root.appending("file"))
      Self.fault()
      _ = file
    }
    await #expect(processExitsWith: .signal(SIGBUS)) {
      let tree = try TemporaryTree()
      try tree.write("file", "x")
      let file = try MappedFile(tree.root.appending("file"))
      raise(SIGBUS)
      _ = file
    }
  }

  private static func endOnFault() { signal(SIGBUS) { _ in _exit(42) } }

  @Test func `a fault elsewhere goes to the handler that was there before`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Self.endOnFault()
      let tree = try TemporaryTree()
      try tree.write("file", "x")
      let file = try MappedFile(tree.root.appending("file"))
      Self.fault()
      _ = file
    }
  }
}
