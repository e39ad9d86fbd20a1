import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// Holds the parts to what they cost when someone last looked, in counts. With `CAIRN_RENEW_THRESHOLDS=1` the counts of
/// this machine become the thresholds.
@Suite(.serialized) struct ThresholdTests {
  private func check(_ measured: PartCounts) throws {
    var thresholds = try fileExists(Thresholds.file) ? Thresholds.read() : Thresholds()
    if processEnvironment()["CAIRN_RENEW_THRESHOLDS"] == Array("1".utf8) {
      try thresholds.renew(measured)
      thresholds = try Thresholds.read()
    }
    let findings = thresholds.findings(measured)
    #expect(
      findings.isEmpty,
      """
      \(findings.joined(separator: "\n"))
      If that is meant, say why in the commit and renew \(Thresholds.path): CAIRN_RENEW_THRESHOLDS=1 Scripts/test --filter \
      BenchmarkTests
      """)
  }

  @Test func `no part asks for more memory or writes more than it did`() throws {
    let measured = try PartCounts.measured()
    #expect((measured.counts["allocations"] ?? [:]).count >= 10)
    try check(measured)
  }

  @Test func `no part takes more instructions than it did`() throws {
    guard let measured = try PartCounts.countedByCallgrind() else {
      print("note: instructions are not counted: there is no valgrind here (apt-get install valgrind)")
      return
    }
    let kind = try #require(measured.counts.keys.first)
    #expect((measured.counts[kind] ?? [:]).count >= 10)
    if try !fileExists(Thresholds.file) || Thresholds.read().counts[kind] == nil {
      print("note: there are no thresholds for \(kind); CAIRN_RENEW_THRESHOLDS=1 makes them")
    }
    try check(measured)
  }

  @Test func `a count that rose is named with how much`() {
    var thresholds = Thresholds()
    thresholds.counts = ["allocations": ["chunk": 2, "walk": 0], "instructions (perf x)": ["chunk": 100]]
    let calm = PartCounts(counts: ["allocations": ["chunk": 2.05, "walk": 0], "instructions (perf x)": ["chunk": 105]])
    #expect(thresholds.findings(calm).isEmpty)
    let risen = PartCounts(counts: [
      "allocations": ["chunk": 3, "walk": 1, "embed": 1], "instructions (perf x)": ["chunk": 120],
      "instructions (perf y)": ["chunk": 900],
    ])
    #expect(
      thresholds.findings(risen) == [
        "chunk: allocations rose by 50 %, from 2.0 to 3.0 for each item", "embed has no threshold for allocations",
        "walk: allocations rose, from 0.0 to 1.0 for each item",
        "chunk: instructions (perf x) rose by 20 %, from 100.0 to 120.0 for each item",
      ])
  }
}
