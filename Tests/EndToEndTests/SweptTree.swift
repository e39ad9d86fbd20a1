import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// A small tree with an index of what it was before, whose runs are made to fail; after each it is as it was.
final class SweptTree {
  /// What a fault came to.
  enum Outcome: String, CaseIterable {
    /// The call was not made this time: threads take turns.
    case missed
    /// The run did all it should have, and said nothing.
    case unharmed
    /// A message, and the exit code of success.
    case told
    /// A message, and the exit code of an error.
    case refused
    /// A test has failed.
    case wrong
  }

  /// Everything that the index holds.
  static let question = [
    "search", "--json", "--no-update", "-n", "100", "unchanged landmark before after added removed deep words notes",
  ]

  private struct Answer: Equatable {
    /// Of each place its path, its lines and what is defined there, best first.
    var places: [String]
    var scores: [Double]
    var isComplete: Bool
  }

  private let run: FaultSweepTests.Run
  private let cairn: CairnProgram
  private let library: FaultLibrary
  private let before: Answer?
  private let after: Answer
  /// The index and the user's files as they are before each run.
  private let index: [FilePath: [UInt8]]
  private let home: [FilePath: [UInt8]]
  private let record: TreeRecord

  private static let personal: Set<FilePath> = [".cache", ".local", ".config"]
  private var indexDirectory: FilePath { cairn.tree.root.appending(".cairn") }

  init(for run: FaultSweepTests.Run) throws {
    self.run = run
    library = try FaultLibrary()
    cairn = try CairnProgram(inMemory: true)
    try Self.writeBefore(cairn)
    if run != .firstIndex {
      #expect(try cairn.run("index").code == 0)
    }
    try Self.writeAfter(cairn)
    before = run == .firstIndex ? nil : try Self.answer(cairn.start(Self.question).wait())
    index = Self.files(below: cairn.tree.root.appending(".cairn"))
    home = Self.files(below: cairn.home.root)
    record = Self.record(cairn)

    let untouched = try CairnProgram(inMemory: true)
    try Self.writeBefore(untouched)
    try Self.writeAfter(untouched)
    #expect(try untouched.run("index").code == 0)
    after = try #require(try Self.answer(untouched.start(Self.question).wait()))
    #expect(after.places.count >= 6 && before != after)
  }

  private static func writeBefore(_ cairn: CairnProgram) throws {
    try cairn.write(".gitignore", "*.log\n")
    try cairn.write(".cairnignore", "ignored/\n")
    try cairn.write("cairn.toml", "context = 5\n")
    try cairn.write("src/steady.py", "def unchanged_landmark():\n    return 'words'\n")
    try cairn.write("src/edited.py", "def before_the_edit():\n    return 'words'\n")
    try cairn.write("src/removed.py", "def removed_later():\n    return 'words'\n")
    try cairn.write("lib/deep/er/below.c", "int deep_words(void) { return 7; }\n")
    try cairn.write("notes.md", "# Notes\n\nLandmark words.\n")
    try cairn.write("ignored/noise.py", "def landmark_noise():\n    return 0\n")
  }

  private static func writeAfter(_ cairn: CairnProgram) throws {
    try cairn.write("src/edited.py", "def after_the_edit():\n    return 'other words'\n")
    try cairn.write("lib/added.js", "function addedWords() { return 'landmark'; }\n")
    if fileExists(cairn.tree.root.appending("src/removed.py")) { try cairn.tree.remove("src/removed.py") }
  }

  private static func record(_ cairn: CairnProgram) -> TreeRecord {
    TreeRecord(cairn.tree.root, leavingOut: [".cairn"], withTimesOfDirectories: false)
  }

  /// How many calls of each kind an undisturbed run makes.
  func count() throws -> [String: Int] {
    var counted = cairn
    counted.environment.merge(try library.environment(nil)) { $1 }
    let result = try counted.start(run.arguments).wait(limit: .seconds(20))
    let counts = try library.callCounts()
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.errorText)")
    try restore()
    return counts
  }

  /// Runs with `fault`, holds what came of it against what was promised, and puts everything back.
  func tryOut(_ fault: Fault) throws -> Outcome {
    var faulty = cairn
    faulty.environment.merge(try library.environment(fault)) { $1 }
    let result = try faulty.start(run.arguments).wait(limit: .seconds(10))
    defer { #expect(throws: Never.self) { try restore() } }
    guard let call = try library.failedCall() else { return .missed }

    let summary = try? result.objects("summary").first
    let notes = (summary?["notes"] as? [Any]) ?? []
    // What could not be read for the answer, or for a search for a quoted text.
    let failures = (summary?["failures"] as? [Any]) ?? []
    let isTold = !result.errors.isEmpty || !notes.isEmpty || !failures.isEmpty
    var problems: [String] = []
    if result.code > 2 { problems.append(result.code == 137 ? "it hung" : "it ended with \(result.code)") }
    if result.code != 0 && result.errors.isEmpty { problems.append("code \(result.code) without a message") }
    if run.isQuestion, result.code < 2 {
      let wanted = run == .search ? after : before
      let answer = try Self.answer(result)
      if !isTold, answer?.places != wanted?.places { problems.append("another answer, and nobody is told") }
      if isTold, let answer { problems += Self.strangers(in: answer, before, after) }
    }
    problems += try afterwards(result, isTold: isTold)
    problems += try healed()
    problems += record.differences(to: Self.record(cairn)).map { "outside of the index: \($0)" }
    problems += Self.files(below: cairn.home.root).keys.filter { !Self.personal.contains($0.firstComponent) }.map {
      "in the home directory: \($0)"
    }
    guard problems.isEmpty else {
      let said = result.errorText.isEmpty ? "nothing" : result.errorText
      Issue.record(
        """
        \(run.rawValue): \(fault), call \(fault.number) (\(call)): \(problems.joined(separator: "; "))
        its code: \(result.code); it said: \(said)
        """)
      return .wrong
    }
    return result.code == 2 ? .refused : isTold ? .told : .unharmed
  }

  /// What a search without an update says after the fault: the old generation, the new one, or where somebody was told
  /// of what is missing, no less than what both hold.
  private func afterwards(_ run: ProgramResult, isTold: Bool) throws -> [String] {
    let result = try cairn.start(Self.question).wait(limit: .seconds(10))
    if result.code == 2, before == nil {
      let isKnown = ["no index", "holds no file yet"].contains { result.errorText.contains($0) }
      return isKnown ? [] : [result.errorText]
    }
    guard result.code < 2, let answer = try Self.answer(result) else {
      return ["afterwards nothing answers (\(result.code)): \(result.errorText)"]
    }
    if answer.places == after.places { return [] }
    let isOld = answer.places == before?.places
    if isOld, isTold || self.run == .answer { return [] }
    if isOld, self.run == .search, run.code == 0 { return ["the answer was new and the index is old: nobody is told"] }
    if !isTold { return ["the run said that all was well, and the index holds something else: \(answer.places)"] }
    if before == nil, answer.isComplete { return ["a part is called complete"] }
    // A rebuild has nothing but what it could read, and says that it is not all.
    if self.run == .rebuild, run.code == 0, !answer.isComplete { return Self.strangers(in: answer, before, after) }
    return Self.strangers(in: answer, before, after) + Self.losses(in: answer, before, after)
  }

  /// The next run without faults brings the index to where an untouched one is, scores and all.
  private func healed() throws -> [String] {
    let result = try cairn.start(["index"]).wait(limit: .seconds(20))
    guard result.code == 0 else { return ["the next run does not heal (\(result.code)): \(result.errorText)"] }
    let answer = try Self.answer(cairn.start(Self.question).wait(limit: .seconds(10)))
    if answer == after { return [] }
    if answer?.places == after.places { return ["healed, but the scores are others: \(answer?.scores ?? [])"] }
    return ["the next run leaves another index: \(answer?.places ?? [])"]
  }

  /// Places that no generation holds.
  private static func strangers(in answer: Answer, _ before: Answer?, _ after: Answer) -> [String] {
    let known = Set(after.places).union(before?.places ?? [])
    return answer.places.filter { !known.contains($0) }.map { "a place that never was: \($0)" }
  }

  /// Places that both generations hold and the answer does not.
  private static func losses(in answer: Answer, _ before: Answer?, _ after: Answer) -> [String] {
    guard let before else { return [] }
    let lost = Set(after.places).intersection(before.places).subtracting(answer.places)
    return lost.sorted().map { "lost: \($0)" }
  }

  private static func answer(_ result: ProgramResult) throws -> Answer? {
    guard result.code < 2 else { return nil }
    let hits = try result.objects("result")
    guard let summary = try result.objects("summary").first else { return nil }
    return Answer(
      places: hits.map { hit in
        let symbols = (hit["symbols"] as? [[String: Any]] ?? []).compactMap { $0.text("name") }
        return "\(hit.text("path") ?? "?"):\(hit.number("start_line") ?? 0)-\(hit.number("end_line") ?? 0) \(symbols)"
      },
      scores: hits.map { ($0["score"] as? NSNumber)?.doubleValue ?? -1 },
      isComplete: summary["complete"] as? Bool ?? false)
  }

  // MARK: Putting back

  private func restore() throws {
    try Self.restore(index, below: indexDirectory)
    try Self.restore(home, below: cairn.home.root)
    if index.isEmpty { removeTree(indexDirectory) }
  }

  /// Every file and directory below `root`, if there is one; a directory ends in `/`.
  private static func files(below root: FilePath) -> [FilePath: [UInt8]] {
    var found: [FilePath: [UInt8]] = [:]
    func add(_ path: FilePath) {
      for entry in (try? listDirectory(root.appending(path))) ?? [] {
        let inner = path.appending(entry.name)
        if entry.kind == .directory {
          found[FilePath(bytes: inner.bytes + Array("/".utf8))] = []
          add(inner)
        } else {
          found[inner] = (try? readFileBytes(root.appending(inner))) ?? []
        }
      }
    }
    add("")
    return found
  }

  /// Makes the files below `root` what they were. Directories and files that are still there stay the same ones.
  private static func restore(_ wanted: [FilePath: [UInt8]], below root: FilePath) throws {
    let present = files(below: root)
    for path in present.keys.sorted().reversed() where wanted[path] == nil { removeTree(root.appending(path.trimmed)) }
    for (path, content) in wanted.sorted(by: { $0.key < $1.key }) where present[path] != content {
      let target = root.appending(path.trimmed)
      if path.trimmed != path {
        _ = unsafe mkdir(target.terminated, 0o700)
        continue
      }
      let descriptor = unsafe open(target.terminated, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try handle.write(contentsOf: Data(content))
    }
  }
}

extension FilePath {
  fileprivate var trimmed: FilePath { bytes.last == UInt8(ascii: "/") ? FilePath(bytes: bytes.dropLast()) : self }
  fileprivate var firstComponent: FilePath { FilePath(bytes: Array(bytes.prefix { $0 != UInt8(ascii: "/") })) }
}
