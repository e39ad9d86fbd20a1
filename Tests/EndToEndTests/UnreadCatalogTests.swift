import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// The catalog cannot be read for a moment, or what is mapped of it is cut: at each call of the system, one after the
/// other.
@Suite struct UnreadCatalogTests {
  enum Run: String, CaseIterable {
    case index, search, answer, status, verify

    var arguments: [String] {
      switch self {
      case .index: ["index"]
      case .search: ["search", "--json", "landmark words"]
      case .answer: ["search", "--json", "--no-update", "landmark words"]
      case .status: ["status", "--json"]
      case .verify: ["verify"]
      }
    }
  }

  let cairn: CairnProgram
  let library: FaultLibrary
  private let directory: FilePath
  private let question = Run.answer.arguments
  private let wanted: [String]

  init() throws {
    library = try FaultLibrary()
    cairn = try CairnProgram(inMemory: true)
    for name in ["one", "two", "three"] {
      try cairn.write(FilePath("src/\(name).py"), "def \(name)_landmark():\n    return 'words'\n")
    }
    #expect(try cairn.run("index", "--quiet").code == 0)
    directory = cairn.tree.root.appending(".cairn")
    wanted = try Self.places(cairn.start(question).wait())
    #expect(wanted.count == 3)
  }

  private static func places(_ result: ProgramResult) throws -> [String] {
    try result.objects("result").map { "\($0.text("path") ?? "?") \($0.number("score") ?? 0)" }
  }

  /// Of the catalog and the segments: another number is another file.
  private func inodes() throws -> [FilePath: UInt64] {
    var found: [FilePath: UInt64] = [:]
    let segments = directory.appending("segments")
    for path in [directory.appending("catalog.sqlite")]
      + (try listDirectory(segments).map { segments.appending($0.name) })
    {
      found[path] = try FileStatus(of: path).inode
    }
    return found
  }

  @Test(arguments: Run.allCases)
  func `a file system without locks is called that and not another process, and nobody waits for it`(_ run: Run) throws
  {
    for number in [1, 2, 3, 5, 8] {
      var fault = Fault("lock", "ENOLCK", .stay)
      fault.number = number
      var program = cairn
      program.environment.merge(try library.environment(fault)) { $1 }
      let result = try program.start(run.arguments).wait(limit: .seconds(5))
      #expect(result.code <= 2, "\(run) held up by lock \(number)")
      #expect(!result.errorText.contains("another process"), "\(run), lock \(number): \(result.errorText)")
      if result.code == 2 { #expect(result.errorText.contains("gives no locks"), "\(result.errorText)") }
    }
    #expect(try Self.places(cairn.start(question).wait()) == wanted)
  }

  @Test func `a rebuild that runs out of descriptors leaves what answered before`() throws {
    var program = cairn
    program.environment.merge(try library.environment(nil)) { $1 }
    #expect(try program.start(["index", "--rebuild"]).wait().code == 0)
    let count = try library.callCounts()["open", default: 0]
    #expect(count > 24)
    for number in stride(from: count / 3, through: count, by: 3) {
      var fault = Fault("open", "EMFILE", .stay)
      fault.number = number
      program.environment.merge(try library.environment(fault)) { $1 }
      let result = try program.start(["index", "--rebuild"]).wait(limit: .seconds(20))
      #expect(result.code == 0 || !result.errorText.isEmpty)
      #expect(try Self.places(cairn.start(question).wait()) == wanted, "open \(number): \(result.errorText)")
    }
  }

  @Test func `segments that were given to another user are said to be, and are all there when they come back`() throws {
    // Only the superuser can give a directory away.
    if effectiveUser != 0 { return }
    #expect(try cairn.shell("chown 65534 .cairn/segments").code == 0)
    for arguments in [["index"], ["index", "--rebuild"], ["search", "landmark"], question] {
      let result = try cairn.start(arguments).wait()
      #expect(result.errorText.contains("another user"), "\(arguments): \(result.code) \(result.errorText)")
      if arguments[0] == "index" { #expect(result.code == 2) }
    }
    #expect(try cairn.shell("chown 0 .cairn/segments").code == 0)
    #expect(try Self.places(cairn.start(question).wait()) == wanted)
  }

  private func run(_ run: Run, _ fault: Fault?) throws -> ProgramResult {
    var program = cairn
    program.environment.merge(try library.environment(fault)) { $1 }
    return try program.start(run.arguments).wait(limit: .seconds(20))
  }

  /// The index is there, the same one, and gives the same answers.
  private func checkIndex(_ before: [FilePath: UInt64], _ what: String) throws {
    #expect(try inodes() == before, "\(what): the index was made again")
    let after = try cairn.start(question).wait()
    #expect(try after.code == 0 && Self.places(after) == wanted, "\(what): \(after.errorText)")
  }

  @Test(arguments: Run.allCases)
  func `a catalog that cannot be read once costs no index and no answer`(_ run: Run) throws {
    let before = try inodes()
    var fault = Fault("read", "EIO", path: "/catalog.sqlite")
    var failed = 0
    while true {
      fault.number = failed + 1
      let result = try self.run(run, fault)
      guard let call = try library.failedCall() else { break }
      failed += 1
      let what = "\(run.rawValue), read \(fault.number) (\(call)), code \(result.code): \(result.errorText)"
      #expect(result.code == 0, "\(what)")
      if run == .answer { #expect(try Self.places(result) == wanted, "\(what)") }
      try checkIndex(before, what)
    }
    #expect(failed > 3)
  }

  @Test(arguments: Run.allCases, [0, 4096, 16384])
  func `an index of the log that is cut while it is mapped costs no answer`(_ run: Run, _ length: Int) throws {
    let before = try inodes()
    let index = directory.appending("catalog.sqlite-shm")
    let whole = try readFileBytes(index)
    #expect(whole.count == 32768)
    var told = 0
    for kind in ["lock", "read"] {
      var fault = Fault(kind, "", .cut, path: "/catalog.sqlite")
      fault.cut = (index, length)
      while true {
        let result = try self.run(run, fault)
        guard let call = try library.failedCall() else { break }
        let what = "\(run.rawValue), \(kind) \(fault.number) (\(call)), code \(result.code): \(result.errorText)"
        #expect(result.code == 0, "\(what)")
        if run == .answer { #expect(try Self.places(result) == wanted, "\(what)") }
        if result.errorText.contains("it was opened again") { told += 1 }
        try checkIndex(before, what)
        fault.number += 1
      }
      #expect(fault.number > 3)
    }
    // The first page is where each transaction begins: without it, somebody must have met the end of the file.
    if length == 0 { #expect(told > 0) }
  }
}
