import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// Each call that the program makes of the system fails once, in a run of each kind. `CAIRN_FAULTS=all` takes every
/// call and every way to fail (`Scripts/fault-sweep`); otherwise a few of each kind, evenly spread. `CAIRN_FAULT_TABLE`
/// names a file to which a line of figures is added for each run and way, and `CAIRN_FAULT_RUN` the only run.
@Suite struct FaultSweepTests {
  enum Run: String, CaseIterable {
    case firstIndex = "first index"
    case update = "index"
    case rebuild = "index --rebuild"
    case search = "search"
    case answer = "search --no-update"

    var arguments: [String] {
      switch self {
      case .firstIndex, .update: ["index"]
      case .rebuild: ["index", "--rebuild"]
      case .search: SweptTree.question.filter { $0 != "--no-update" }
      case .answer: SweptTree.question
      }
    }
    var isQuestion: Bool { self == .search || self == .answer }
  }

  static let runs: [Run] = {
    guard let name = processEnvironment()["CAIRN_FAULT_RUN"] else { return Run.allCases }
    return Run.allCases.filter { Array($0.rawValue.utf8) == name }
  }()

  static let isComplete = processEnvironment()["CAIRN_FAULTS"].map { $0 == Array("all".utf8) } ?? false

  /// The first of each kind is tried in short; some errors only mean something for some calls.
  static let faults: [Fault] = [
    Fault("open", "EMFILE"), Fault("open", "EACCES"), Fault("open", "EIO"), Fault("open", "EMFILE", .stay),
    Fault("read", "EIO"), Fault("read", "", .short), Fault("read", "EINTR"), Fault("read", "EIO", .stay),
    Fault("write", "ENOSPC"), Fault("write", "", .short), Fault("write", "EIO"), Fault("write", "ENOSPC", .stay),
    Fault("sync", "EIO"), Fault("sync", "ENOSPC"), Fault("sync", "EIO", .stay),
    Fault("rename", "EIO"), Fault("rename", "EACCES"), Fault("rename", "ENOSPC", .stay),
    Fault("map", "ENOMEM"), Fault("map", "ENOMEM", .stay),
    Fault("lock", "ENOLCK"), Fault("lock", "EIO"), Fault("lock", "EINTR"), Fault("lock", "ENOLCK", .stay),
    Fault("stat", "EIO"), Fault("stat", "EACCES"), Fault("stat", "EIO", .stay),
    Fault("list", "EIO"), Fault("list", "EMFILE"), Fault("list", "ENOMEM"),
    Fault("make", "ENOSPC"), Fault("make", "EACCES"),
    Fault("remove", "EIO"), Fault("remove", "EACCES", .stay),
    Fault("resize", "ENOSPC"), Fault("resize", "EIO"),
    Fault("mode", "EACCES"), Fault("seek", "EIO"), Fault("close", "EIO"), Fault("close", "ENOSPC"),
    Fault("thread", "EAGAIN"), Fault("random", "EINTR"),
  ]
  static var chosen: [Fault] {
    if isComplete { return faults }
    var seen: Set<String> = []
    return faults.filter { seen.insert($0.kind).inserted || ["read", "write"].contains($0.kind) && $0.how == .short }
  }

  @Test(arguments: runs)
  func `whichever call fails, the last generation answers, somebody is told, and the next run heals`(_ run: Run) throws
  {
    let swept = try SweptTree(for: run)
    let counts = try swept.count()
    for kind in ["open", "read", "stat"] { #expect(counts[kind, default: 0] > 0, "no \(kind) was caught: \(counts)") }
    // A call that the library does not know would never fail, and the sweep say nothing of it.
    if run == .firstIndex {
      for kind in ["write", "sync", "rename", "lock", "list", "make", "remove", "resize", "close", "thread", "random"] {
        #expect(counts[kind, default: 0] > 0, "no \(kind) was caught: \(counts)")
      }
    }
    var figures: [String] = []
    for fault in Self.chosen {
      let calls = counts[fault.kind, default: 0]
      let step = Self.isComplete ? 1 : max(1, (calls + 3) / 4)
      var outcomes: [SweptTree.Outcome: Int] = [:]
      var numbers = Array(stride(from: 1, through: calls, by: step))
      // The last calls of a run are those that commit and clean up.
      if let last = numbers.last, last < calls { numbers.append(calls) }
      for number in numbers {
        var fault = fault
        fault.number = number
        outcomes[try swept.tryOut(fault), default: 0] += 1
      }
      let cells = SweptTree.Outcome.allCases.map { "\(outcomes[$0, default: 0])" }
      figures.append("| \(run.rawValue) | \(fault) | \(calls) | \(cells.joined(separator: " | ")) |")
    }
    try appendToTable("CAIRN_FAULT_TABLE", figures)
  }
}
