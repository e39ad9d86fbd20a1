import Disk
import Foundation
import JSON
import Primitives
import TestSupport

/// What the parts of `cairn-benchmarks` cost, in counts: they are the same on a busy machine and on a quiet one.
struct PartCounts {
  /// The kind of count, and the cost of an item in it by part. Instructions are of one way of counting and one set of
  /// processor features: others are not comparable.
  var counts: [String: [String: Double]] = [:]

  /// Runs every part on small synthetic input: two seconds.
  static func measured() throws -> PartCounts {
    let report = try JSONValue(
      parsing: try run(CairnProgram.program(besideTests: "cairn-benchmarks"), ["parts", "--quick"]))
    var found = PartCounts()
    let source = "\(report["instructions_from"]?.string ?? "none") \(report["features"]?.string ?? "")"
    for part in report["parts"]?.array ?? [] {
      guard let name = part["part"]?.string else { continue }
      found.counts["allocations", default: [:]][name] = part["allocations_per_item"]?.number
      found.counts["allocated bytes", default: [:]][name] = part["allocated_bytes_per_item"]?.number
      if let bytes = part["bytes"]?.integer, let items = part["items"]?.integer, ["build", "merge"].contains(name) {
        found.counts["bytes written", default: [:]][name] = Double(bytes) / Double(items)
      }
      if let instructions = part["instructions_per_item"]?.number {
        found.counts["instructions (\(source))", default: [:]][name] = instructions
      }
    }
    return found
  }

  /// Counts the parts' instructions under valgrind, where there is one: some ten seconds. Nil if it is not installed.
  static func countedByCallgrind() throws -> PartCounts? {
    let valgrind: FilePath = "/usr/bin/valgrind"
    guard fileExists(valgrind) else { return nil }
    let tree = try TemporaryTree()
    // Debug information costs valgrind a while, and some of Swift's stops it.
    let program = tree.root.appending("program")
    _ = try run(
      "/usr/bin/objcopy",
      ["--strip-debug", try CairnProgram.program(besideTests: "cairn-benchmarks").description, program.description])
    let report = try JSONValue(
      parsing: try run(
        valgrind,
        [
          "--quiet", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=\(tree.root)/counts",
          program.description, "parts", "--quick",
        ]))
    let features = report["features"]?.string ?? ""
    var found = PartCounts()
    // A file for each part: what it is of, and the sum.
    var sums: [String: Double] = [:]
    for entry in try listDirectory(tree.root) where entry.name.description.hasPrefix("counts.") {
      let lines = try String(decoding: readFileBytes(tree.root.appending(entry.name)), as: UTF8.self).split(
        separator: "\n")
      let trigger = "desc: Trigger: Client Request: "
      guard let name = lines.first(where: { $0.hasPrefix(trigger) })?.dropFirst(trigger.count),
        let total = lines.first(where: { $0.hasPrefix("summary: ") })?.dropFirst(9)
      else { continue }
      sums[String(name)] = Double(total)
    }
    for part in report["parts"]?.array ?? [] {
      guard let name = part["part"]?.string, let items = part["items"]?.integer, let sum = sums[name] else { continue }
      found.counts["instructions (callgrind \(features))", default: [:]][name] = sum / Double(items)
    }
    return found
  }

  private static func run(_ program: FilePath, _ arguments: [String]) throws -> [UInt8] {
    // Hash tables in one order each time, so that counts do not depend on chance.
    var environment = ["SWIFT_DETERMINISTIC_HASHING": "1", "PATH": "/usr/bin:/bin"]
    if let path = processEnvironment()["LD_LIBRARY_PATH"] {
      environment["LD_LIBRARY_PATH"] = String(decoding: path, as: UTF8.self)
    }
    let result = try Program(program, arguments.map { Array($0.utf8) }, in: "/", environment: environment)
      .wait(limit: .seconds(240))
    guard result.code == 0 else {
      throw Failure(.inputOutput, "it failed with code \(result.code)", path: program, cause: result.errorText)
    }
    return result.output
  }
}
