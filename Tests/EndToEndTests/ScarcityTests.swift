import Disk
import Primitives
import TestSupport
import Testing

/// The real program with too little of what it needs: it works, or it says so and ends with 2; it is never ended by a signal, and the
/// last generation answers afterwards.
@Suite struct ScarcityTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    // Larger than its share of a small ceiling.
    try cairn.write("big.c", (0..<40_000).map { "int f\($0)(int a) { return \($0); }\n" }.joined())
    #expect(try cairn.run("index", "--quiet").code == 0)
  }

  private func expectEnd(_ result: ProgramResult, _ what: String) {
    #expect(result.code <= 2, "\(what): \(result.code) \(result.errorText)")
    if result.code == 2 { #expect(result.errorText.contains("cairn: "), "\(what) ended without a line") }
  }

  @Test func `without descriptors there is a line and no trap`() throws {
    for limit in [4, 5, 6, 8, 12, 16, 20, 24, 32] {
      for command in ["index --rebuild --quiet", "search -l parse"] {
        expectEnd(try cairn.shell("ulimit -n \(limit); exec $CAIRN \(command)"), "ulimit -n \(limit), \(command)")
      }
    }
    #expect(try cairn.run("search", "--no-update", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"])
  }

  @Test func `a soft limit of descriptors is raised`() throws {
    #expect(try cairn.shell("ulimit -Sn 8; exec $CAIRN search -l -n1 leap_year").code == 0)
  }

  @Test func `without memory a file or the run ends with a line`() throws {
    for megabytes in [60, 100, 140, 180, 220, 260, 300, 400, 600, 1000] {
      for command in ["index --rebuild --quiet", "search -l parse"] {
        let result = try cairn.shell("ulimit -v \(megabytes << 10); exec $CAIRN \(command)")
        // Below some size the loader cannot map the program's libraries, and says so with 127.
        if result.code == 127 { continue }
        expectEnd(result, "ulimit -v \(megabytes) MB, \(command)")
      }
      // A rebuild may have ended before its first commit; what there is answers or is made anew.
      #expect(
        try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"], "after \(megabytes) MB")
    }
  }

  @Test func `a ceiling of 64 MB holds for large files of every kind`() throws {
    let kinds: [(name: String, line: (Int) -> String)] = [
      ("names.py", { "def f\(String($0, radix: 16))(): pass\n" }), ("short.js", { _ in "x = 1\n" }),
      ("functions.c", { "int f\($0)(int a) { return \($0); }\n" }), ("lines.txt", { _ in "x\n\n" }),
    ]
    for kind in kinds {
      var text = ""
      var number = 0
      while text.utf8.count < 4_000_000 {
        text += kind.line(number)
        number += 1
      }
      try cairn.write(FilePath("large/\(kind.name)"), text)
    }
    let result = try cairn.run("index", "--rebuild", "--json", "--profile=json", "--max-memory-mb", "64")
    let peak = try #require(result.objects().compactMap { $0.number("peak_own_bytes") }.first)
    #expect(peak <= 64 << 20, "the run held \(peak >> 20) MB")
  }
}
