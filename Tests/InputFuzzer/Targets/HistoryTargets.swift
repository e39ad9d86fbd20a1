import Corpus
import IndexStorage
import Primitives

extension InputTarget {
  /// What git prints of commits and of what they changed: a byte that says where the rest is cut into two pieces, and
  /// whether it is a list or patches.
  static let gitHistory = InputTarget("git-history", byteLimit: 8192) { input in
    guard input.count > 1 else { return }
    let bytes = input.extracting(1...).array
    let cut = bytes.count * Int(input[0] >> 1) / 128
    let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
    if input[0] & 1 == 0 {
      guard let commits = try? GitHistory.commits(inList: pieces) else { return }
      expect(commits.count <= bytes.count / 46, "\(commits.count) commits in \(bytes.count) bytes")
      return
    }
    let whole = try? GitHistory.removals(inPatches: [bytes])
    expect(whole == (try? GitHistory.removals(inPatches: pieces)), "two pieces are read otherwise than one")
    for removal in (whole ?? []).flatMap(\.removals) {
      expect(!removal.lines.isEmpty && removal.parent < Removal.parentLimit, "a removal of nothing")
    }
  }

  /// The list of commits of a history's index.
  static let commitLog = InputTarget("commit-log", byteLimit: 8192) { input in
    guard let log = try? CommitLog(input.array) else { return }
    expect((try? CommitLog(log.bytes)) == log, "a list of commits is not read as it was written")
    for entry in log.entries { expect(log[number: entry.number] == entry, "a commit is not found by its number") }
  }
}
