import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// Single bytes of every file of an index are flipped; `Scripts/flip-campaign` does it, with thousands where it is run
/// by hand.
@Suite struct FlipTests {
  @Test func `no flipped byte of any file of an index changes an answer without a word`() throws {
    let script = repository.appending("Scripts/flip-campaign")
    let words = ["--flips", "240", "--seed", "20", "--json"]
    let result = try Program(
      "python3", [script.bytes] + words.map { Array($0.utf8) }, in: "/",
      environment: ["PATH": "/usr/bin:/bin", "CAIRN_BINARY": CairnProgram.binary().description]
    ).wait(limit: .seconds(300))
    let figures = try #require(try result.objects().first)
    let all = try #require(figures["all"] as? [String: Any])
    #expect(all.values.compactMap { ($0 as? NSNumber)?.intValue }.reduce(0, +) >= 230)
    #expect((all.number("equal") ?? 0) > 0 && (all.number("told") ?? 0) > 0, "flips that nothing notices say nothing")
    let broken = try #require(figures["broken"] as? [String])
    #expect(broken.isEmpty, "\(broken.count): \(broken.prefix(20).joined(separator: "\n"))")
    #expect(result.code == 0)
  }
}
