import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// The catalog cannot be read for a moment, or what is mapped of it is cut: at each call of the system, one after the other.
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
