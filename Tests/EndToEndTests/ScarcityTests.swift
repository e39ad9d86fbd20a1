import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// The real program with too little of what it needs: it works, or it says so and ends with 2; it is never ended by a
/// signal, and the last generation answers afterwards.
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

  private static let closingOthers = (3...9).map { "exec \($0)>&-" }.joined(separator: "; ")

  @Test func `without descriptors there is a line and no trap`() throws {
    for limit in [4, 5, 6, 8, 12, 16, 20, 24, 32] {
      for command in ["index --rebuild --quiet", "search -l parse"] {
        // What this process inherited must not count, or the loader finds no room for the libraries.
        let result = try cairn.shell("\(Self.closingOthers); ulimit -n \(limit); exec $CAIRN \(command)")
        expectEnd(result, "ulimit -n \(limit), \(command)")
      }
    }
    #expect(try cairn.run("search", "--no-update", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"])
  }

  @Test func `a soft limit of descriptors is raised`() throws {
    #expect(try cairn.shell("ulimit -Sn 8; exec $CAIRN search -l -n1 leap_year").code == 0)
  }

  @Test func `without memory a file or the run ends with a line`() throws {
    // The least in which the program starts at all, to 2 MB; what follows goes from there, whatever the size of the
    // program.
    var (refused, enough) = (16, 1024)
    while enough - refused > 2 {
      let middle = (refused + enough) / 2
      if try limited(middle, "--version").code == 0 { enough = middle } else { refused = middle }
    }
    for megabytes in [refused / 2, refused - 16, refused] + [0, 2, 6, 14, 30, 80, 400].map({ enough + $0 }) {
      for command in ["index --rebuild --quiet", "search -l parse"] {
        let result = try limited(megabytes, command)
        // Where the system puts what it loads is chosen by chance: at the least it may not fit the next time.
        if megabytes <= enough, try !isLoaded(result, megabytes) { continue }
        expectEnd(result, "ulimit -v \(megabytes) MB, \(command)")
      }
      // A rebuild may have ended before its first commit; what there is answers or is made anew.
      #expect(
        try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"], "after \(megabytes) MB")
    }
  }

  @Test func `the program itself is hardly any data`() throws {
    // Its tables are mapped read-only: a limit on data leaves them out.
    let result = try cairn.shell("ulimit -d 50000; exec $CAIRN search --no-update -l -n1 leap_year")
    #expect(result.code == 0 && result.outputLines == ["src/dates.py"], "\(result.code) \(result.errorText)")
  }

  @Test func `what is said of too little memory names the limit that is too tight`() throws {
    // The other limits are set as well, far off.
    var told = ["v": 0, "d": 0]
    for (tight, other, values) in [
      ("v", "d", stride(from: 120_000, through: 190_000, by: 2_000)),
      ("d", "v", stride(from: 4_000, through: 40_000, by: 1_000)),
    ] {
      for value in values {
        let result = try cairn.shell(
          "ulimit -\(other) 4000000; ulimit -\(tight) \(value); exec $CAIRN index --rebuild -q --threads 16")
        guard result.code == 2, result.errorText.hasPrefix("cairn: ") else { continue }
        #expect(!result.errorText.contains("ulimit -\(other)"), "\(tight) \(value): \(result.errorText)")
        #expect(!result.errorText.contains("ulimit -u"), "\(tight) \(value): \(result.errorText)")
        if result.errorText.contains("ulimit -\(tight)") { told[tight, default: 0] += 1 }
      }
    }
    #expect(told.values.allSatisfy { $0 > 0 }, "\(told)")
  }

  private func ownPeak(_ result: ProgramResult) throws -> Int {
    try #require(try result.objects("run_profile").first).number("peak_own_bytes") ?? .max
  }

  @Test(arguments: ["/q/%d/*.o", "q%d[a-z][b-c]", "*%d", "%d", "/d/%d"])
  func `an ignore file of hundreds of thousands of rules stays under the ceiling`(_ pattern: String) throws {
    let text = (0..<400_000).map { pattern.replacingOccurrences(of: "%d", with: String($0, radix: 36)) + "\n" }
    for name in [".gitignore", ".cairnignore"] as [FilePath] {
      try cairn.write(name, text.joined())
      let result = try cairn.run("index", "--json", "--profile=json", "--max-memory-mb", "64")
      let peak = try ownPeak(result)
      #expect(result.code == 0 && peak <= 64 << 20, "\(result.errorText)")
      try cairn.tree.remove(name)
    }
  }

  @Test func `an index of git's that was made huge takes no memory to look at`() throws {
    _ = try cairn.shell(
      "git init -q . && printf 'DIRC\\0\\0\\0\\2\\0\\377\\377\\377' >.git/index && truncate -s 1000M .git/index")
    let result = try cairn.shell("ulimit -v $((600 << 10)); exec $CAIRN index")
    #expect(result.code == 2 && result.errorText.contains(".git/index"), "\(result.code) \(result.errorText)")
  }

  @Test(arguments: [false, true])
  func `an index of git's with hundreds of thousands of files takes some bytes a file`(_ ignoresCase: Bool) throws {
    _ = try cairn.shell("git init -q . && git config core.ignorecase \(ignoresCase)")
    let count = 400_000
    var content = Array("DIRC".utf8) + [0, 0, 0, 2] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    content.reserveCapacity(count * 80)
    for number in 0..<count {
      let digits = String(1_000_000 + number)
      let path = Array(".hidden/\(digits.prefix(5))/\(digits)".utf8)
      content += [UInt8](repeating: 0, count: 24) + [0, 0, 0x81, 0xA4] + [UInt8](repeating: 0, count: 32)
      content += [0, UInt8(path.count)] + path
      content += [UInt8](repeating: 0, count: 8 - (62 + path.count) % 8)
    }
    try cairn.tree.write(".git/index", content + [UInt8](repeating: 0, count: 20))
    try cairn.write(".hidden/10000/1000007", "int hidden(void);\n")
    try cairn.write(".hidden/10000/x", "int untracked(void);\n")
    let result = try cairn.run("index", "--json", "--profile=json")
    let peak = try ownPeak(result)
    #expect(result.code == 0 && peak <= 64 << 20, "\(peak >> 20) MB; \(result.errorText)")
    #expect(try cairn.run("search", "--no-update", "-l", "int hidden").outputLines.contains(".hidden/10000/1000007"))
    #expect(try cairn.run("search", "--no-update", "-l", "untracked").outputLines.allSatisfy { !$0.hasSuffix("/x") })
  }

  @Test func `a ceiling that was not held is told with the file`() throws {
    let words = (0..<1_000_000).map { String($0 &* 7, radix: 36) }.joined(separator: " ").utf8.prefix(4_900_000)
    try cairn.write("words.txt", String(decoding: words, as: UTF8.self))
    let result = try cairn.run("index", "--json", "--profile=json", "--max-memory-mb", "64")
    let report = try #require(try result.objects("report").first)
    let failures = try #require(report["failures"] as? [[String: Any]])
    let told = failures.contains { $0.text("code") == "memory-ceiling" && $0.text("path") == "words.txt" }
    let peak = try ownPeak(result)
    #expect(result.code == 0 && told == (peak > 64 << 20), "\(result.errorText)")
  }

  private func limited(_ megabytes: Int, _ command: String) throws -> ProgramResult {
    try cairn.shell("ulimit -v \(megabytes << 10); exec $CAIRN \(command)")
  }

  /// Whether anything of the program ran: the kernel ends with SIGSEGV or SIGKILL what it cannot map whole, and the
  /// loader says what it could not map.
  private func isLoaded(_ result: ProgramResult, _ megabytes: Int) throws -> Bool {
    if result.code == 127 { return !result.errorText.contains("error while loading shared libraries") }
    // The loader itself, the stack and the kernel's own pages take some room beside the program.
    if result.code != 128 + SIGSEGV, result.code != 128 + SIGKILL { return true }
    let image = try imageByteCount() >> 20
    return megabytes > image + 1
  }

  /// What the kernel maps of the program: up to the end of its last segment (ELF, 64 bits, in the machine's order).
  private func imageByteCount() throws -> Int {
    let file = try #require(FileHandle(forReadingAtPath: CairnProgram.binary().description))
    let head = try #require(try file.read(upToCount: 4096))
    func number(_ offset: Int, _ count: Int) -> Int {
      head[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let (table, entry, count) = (number(32, 8), number(54, 2), number(56, 2))
    let loaded = (0..<count).map { table + $0 * entry }.filter { number($0, 4) == 1 }
    return try #require(loaded.map { number($0 + 16, 8) + number($0 + 40, 8) }.max())
  }

  /// Limits of processes do not hold for root: another user runs the program, one who has nothing else running.
  @Test(.enabled(if: geteuid() == 0 && fileExists("/usr/bin/setpriv")))
  func `without threads there is a line and no waiting`() throws {
    func run(_ limit: Int) throws -> ProgramResult {
      let user = "--reuid=54321 --regid=54321 --clear-groups"
      return try cairn.shell("cd /; ulimit -u \(limit); exec setpriv \(user) $CAIRN help")
    }
    // A checkout below a private directory is not for others.
    if try run(100).code == 126 { return }
    for limit in 1...10 { expectEnd(try run(limit), "ulimit -u \(limit)") }
    #expect(try run(100).code == 0)
  }

  @Test func `the arguments are those of the process, whether or not their file can be read`() throws {
    let library = try FaultLibrary()
    for error in ["EMFILE", "EIO", "EACCES"] {
      var faulty = cairn
      faulty.environment.merge(try library.environment(Fault("open", error, .stay, path: "/self/"))) { $1 }
      let result = try faulty.run("search", "--no-update", "-l", "-n1", "leap_year")
      #expect(result.code == 0 && result.outputLines == ["src/dates.py"], "\(error): \(result.outputText)")
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
