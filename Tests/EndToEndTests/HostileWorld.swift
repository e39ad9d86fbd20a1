import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// A hostile tree: what is done to a good one, in shell.
struct HostileCase: Sendable, CustomTestStringConvertible {
  /// Before the deed: nothing, or an index of the user's own, sound and up to date.
  enum Start: Sendable {
    case fresh
    case indexed
  }
  /// What a search for the landmark must come to.
  enum Duty: Sendable {
    /// The landmark is found.
    case answers
    /// It is found, or somebody is told why it is not.
    case mayRefuse
  }

  var name: String
  var start = Start.fresh
  var duty = Duty.answers
  /// Of the program's commands those that are run, in this order.
  var commands = HostileWorld.commands
  var needsRoot = false
  /// Run by `/bin/sh` in the tree; `$CANARY` is a directory outside with files that nobody may touch, `$STRANGER` an
  /// empty one that anything may be done to.
  var deed: String

  init(
    _ name: String, start: Start = .fresh, duty: Duty = .answers, commands: [[String]] = HostileWorld.commands,
    needsRoot: Bool = false, _ deed: String
  ) {
    self.name = name
    self.start = start
    self.duty = duty
    self.commands = commands
    self.needsRoot = needsRoot
    self.deed = deed
  }

  var testDescription: String { name }
}

/// A tree in which something lies in wait, and everything around it that must stay as it is.
final class HostileWorld {
  /// Everything that a user may do in a repository of which they know nothing.
  static let commands: [[String]] = [
    search, ["status"], ["related", "src/known.py:1"], ["index"], search, ["verify"], ["index", "--rebuild"], search,
    ["search", "--json", "--no-update", "canary_landmark"], ["status", "--json"],
  ]
  /// For what has many forms: the commands that go furthest.
  static let fewCommands: [[String]] = [search, ["index", "--rebuild"], search]
  static let search = ["search", "--color", "never", "-n", "5", "canary_landmark"]
  static let isRoot = geteuid() == 0
  /// How long any command may take in a small tree.
  static let patience: Duration = .seconds(10)
  /// What a command may ask of memory (kB): a hostile tree must not get more than that, and a test's machine not die of
  /// it.
  static let memoryLimit = 8_000_000

  let cairn: CairnProgram
  private let canary: TemporaryTree
  private let stranger: TemporaryTree
  private let hostile: HostileCase
  private var problems: [String] = []

  init(_ hostile: HostileCase) throws {
    self.hostile = hostile
    var cairn = try CairnProgram(inMemory: true)
    canary = try TemporaryTree(inMemory: true)
    stranger = try TemporaryTree(inMemory: true)
    cairn.environment["CANARY"] = canary.root.description
    cairn.environment["STRANGER"] = stranger.root.description
    cairn.environment["TERM"] = "xterm"
    self.cairn = cairn
    for (name, content) in [
      ("precious.txt", "what nobody may touch\n"), ("thesis.tmp", "years of work\n"), ("empty.txt", ""),
      ("000001.segment", "no segment\n"), ("segments/000001.segment", "none either\n"),
      ("segments/000002.segment-1-1.tmp", "nor a temporary file of one\n"), ("segments/data.csv", "1,2\n"),
      ("catalog.sqlite", "no catalog\n"), ("source.py", "def outside_the_tree():\n    return 'canary_landmark'\n"),
    ] { try canary.write(FilePath(name), content) }
    try cairn.write("src/known.py", "def canary_landmark():\n    return 'found'\n")
    try cairn.write("src/other.py", "def something_else():\n    return canary_landmark()\n")
    try cairn.write("notes.md", "# Notes\n\nAbout this project.\n")
  }

  /// Does the deed, runs the commands, and fails the test for everything that went wrong.
  /// - Parameter kind: the row of the table of figures (`CAIRN_HOSTILE_TABLE`) that this belongs to.
  func run(_ kind: String) throws {
    if hostile.start == .indexed {
      let result = try cairn.run("index")
      try #require(result.code == 0, "\(result.errorText)")
    }
    let deed = try cairn.shell("set -e\n" + hostile.deed)
    defer { _ = try? cairn.shell("chmod -R u+rwX . 2>/dev/null; rm -rf ./* ./.[!.]*; rm -rf $STRANGER/*") }
    try #require(deed.code == 0, "the deed itself failed: \(deed.errorText)")

    let outside = record()
    for command in hostile.commands where command != ["verify"] || Self.canVerify {
      check(try run(command), of: command)
    }
    problems += outside.0.differences(to: record().0).map { "outside: \($0)" }
    problems += outside.1.differences(to: record().1).map { "in the tree: \($0)" }
    problems += strangersAtHome()
    try report(kind)
  }

  private func report(_ kind: String) throws {
    var lines: [String] = []
    for problem in problems where !lines.contains(problem) { lines.append(problem) }
    if !lines.isEmpty { Issue.record("\(hostile.name):\n  \(lines.joined(separator: "\n  "))") }
    let marks: [(String) -> Bool] = [
      { $0.hasPrefix("outside: ") || $0.hasPrefix("in the ") }, { $0.contains("it crashed") },
      { $0.contains("it hung") },
    ]
    var counts = marks.map { mark in lines.filter(mark).count }
    counts.append(lines.count - counts.reduce(0, +))
    try appendToTable("CAIRN_HOSTILE_TABLE", ["\(kind)\t" + counts.map(String.init).joined(separator: "\t")])
  }

  /// The same commands on a terminal: nothing that comes from the tree may drive it.
  func runOnTerminal(_ kind: String) throws {
    let deed = try cairn.shell("set -e\n" + hostile.deed)
    try #require(deed.code == 0, "the deed itself failed: \(deed.errorText)")
    let lines = [
      "$CAIRN search -n 20 -C all canary_landmark", "$CAIRN search -l -n 20 canary_landmark", "$CAIRN index",
      "$CAIRN index --rebuild", "$CAIRN status", "$CAIRN related src/known.py:1",
      "$CAIRN search --json canary_landmark",
      "$CAIRN config",
    ]
    for line in lines {
      var variables = cairn.environment
      variables["CAIRN"] = try CairnProgram.binary().description
      let script = "script -qec 'stty cols 120; \(line)' /dev/null"
      let result = try Program(
        "/bin/sh", [Array("-c".utf8), Array(script.utf8)], in: cairn.tree.root, environment: variables
      ).wait(limit: Self.patience)
      if result.code == 137 { problems.append("\(line): it hung") }
      if result.code > 2 && result.code != 137 { problems.append("\(line): it crashed with \(result.code)") }
      let found = Self.controls(in: Self.withoutOwnSequences(result.output))
      if !found.isEmpty { problems.append("\(line): raw control characters on a terminal: \(found)") }
    }
    try report(kind)
  }

  private func run(_ command: [String]) throws -> ProgramResult {
    let program = try CairnProgram.binary()
    let words = ["-c", "ulimit -v \(Self.memoryLimit); exec \"$@\"", "sh", program.description] + command
    return try Program(
      "/bin/sh", words.map { Array($0.utf8) }, in: cairn.tree.root, environment: cairn.environment
    ).wait(limit: Self.patience)
  }

  private func check(_ result: ProgramResult, of command: [String]) {
    let line = command.joined(separator: " ")
    func fail(_ problem: String) { problems.append("\(line): \(problem)") }
    if result.code == 137 { return fail("it hung") }
    if result.code > 2 { return fail("it crashed with \(result.code): \(result.errorText.suffix(300))") }
    if result.code == 2 && result.errors.isEmpty { fail("an error without a message") }
    for (stream, bytes) in [("output", result.output), ("errors", result.errors)] {
      // A tab is kept where no terminal reads it.
      let found = Self.controls(in: stream == "output" ? bytes.filter { $0 != 9 } : bytes)
      if !found.isEmpty { fail("raw control characters in its \(stream): \(found)") }
    }
    if result.outputText.contains("outside_the_tree") || result.outputText.contains("what nobody may touch") {
      fail("it shows what lies outside the tree")
    }
    let isTold = result.code == 2 || !result.errors.isEmpty
    switch (command.first, hostile.duty) {
    case ("search", _) where command.contains("--no-update") && isTold: break
    case ("search", .answers) where !isFound(result, isJSON: command.contains("--json")):
      fail("the landmark is not found (code \(result.code)): \(result.outputText.prefix(200)) \(result.errorText)")
    case ("search", .mayRefuse) where !isTold && !isFound(result, isJSON: command.contains("--json")):
      fail("the landmark is not found, and nobody is told: \(result.outputText.prefix(200)) \(result.errorText)")
    case ("index", .answers) where result.code != 0: fail("code \(result.code): \(result.errorText)")
    case ("verify", .answers) where result.code == 2: fail("code 2: \(result.errorText)")
    default: break
    }
  }

  private func isFound(_ result: ProgramResult, isJSON: Bool) -> Bool {
    guard result.code == 0 else { return false }
    if isJSON { return (try? result.paths().first) == "src/known.py" }
    return result.outputText.hasPrefix("src/known.py:")
  }

  /// The canaries, and the tree without what Cairn may make in it.
  private func record() -> (TreeRecord, TreeRecord) {
    (
      TreeRecord(canary.root),
      TreeRecord(cairn.tree.root, leavingOut: [".cairn"], withTimesOfDirectories: false)
    )
  }

  /// What lies in the home directory and is not in the directories of the user's own files.
  private func strangersAtHome() -> [String] {
    let allowed: Set<FilePath> = [".cache/cairn", ".local/state/cairn", ".local/share/cairn", ".config"]
    let entries = TreeRecord(cairn.home.root, leavingOut: allowed).entries.keys
    let between: Set<FilePath> = ["", ".cache", ".local", ".local/state", ".local/share"]
    return entries.filter { !between.contains($0) }.map { "in the home directory: \($0)" }
  }

  // MARK: Terminals

  /// Without what Cairn itself sends to a terminal: colours, lines that are drawn again.
  private static func withoutOwnSequences(_ bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      if byte == 0x0D { continue }
      if byte == 0x1B, rest.first == UInt8(ascii: "[") {
        let sequence = rest.dropFirst().prefix { (0x30...0x3F).contains($0) }
        let isOwn = !sequence.elementsEqual("666".utf8) && sequence.count < 8
        if let final = rest.dropFirst(1 + sequence.count).first,
          [UInt8(ascii: "m"), UInt8(ascii: "K")].contains(final),
          isOwn
        {
          rest = rest.dropFirst(2 + sequence.count)
          continue
        }
      }
      kept.append(byte)
    }
    return kept
  }

  /// Control characters, those that reorder what is seen among them, but for the ends of lines.
  static func controls(in bytes: [UInt8]) -> [String] {
    var found: Set<UInt32> = []
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where scalar != "\n" {
      switch scalar.value {
      case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C, 0x2028, 0x2029:
        found.insert(scalar.value)
      default: break
      }
    }
    return found.sorted().map { "U+" + String($0, radix: 16) }
  }

  /// Whether the program has the command that reads a whole index.
  static let canVerify: Bool = {
    guard let cairn = try? CairnProgram(), let help = try? cairn.run("help") else { return false }
    return help.outputText.contains("  verify ")
  }()
}

/// Adds lines to the file that the variable names, if it is set: for the scripts that print figures.
func appendToTable(_ variable: String, _ lines: [String]) throws {
  guard let table = processEnvironment()[variable], !table.isEmpty else { return }
  let descriptor = unsafe open(FilePath(bytes: table).terminated, O_WRONLY | O_CREAT | O_APPEND, 0o644)
  try #require(descriptor >= 0, "\(variable) names a file that cannot be written")
  let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  try handle.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
}
