import Primitives

/// Reads what `git diff-tree --stdin --always -r --cc --raw -p -U0 -z` prints, piece by piece, and finds what each
/// commit removed.
///
/// Of each commit come its name and a NUL, an entry for each file (`:MODE MODE NAME NAME STATUS`, NUL, path, NUL; one
/// colon for each parent), a NUL, and the patches. The paths and names are taken from the entries: paths in patches are
/// quoted. A patch is its entry's by the names of its blobs; two files with the same names have the same patch.
///
/// Of a merge git's combined diff (`--cc`) has what differs from every parent: what the merge itself took away, and
/// not what one side had removed before.
///
/// Whatever the bytes are, it ends, and holds no more than one commit's lines.
struct RemovalParser {
  private enum State {
    /// A commit's name, or an entry, or the NUL before the patches.
    case entries
    /// What stands before the first hunk of a patch and between hunks.
    case patch
    /// Lines of a hunk.
    case hunk
  }

  /// One file of the commit, with what is known of each parent's version.
  private struct Entry {
    var path: FilePath
    /// The names of the old blobs and of the new one, as the patch has them.
    var names: [ArraySlice<UInt8>]
    /// Whether the parent's version is a regular file.
    var isFile: [Bool]
    /// Of each parent the lines that are not in the new version.
    var deleted: [[(number: Int, mark: LineMark)]]
    var hasPatch = false
  }

  /// Commits that removed something, in git's order, and were not taken yet.
  private var commits: [RemovingCommit] = []
  private var state = State.entries
  private(set) var commit: GitObjectID?
  private var entries: [Entry] = []
  /// Positions in `entries` by the names of their blobs.
  private var positions: [[ArraySlice<UInt8>]: [Int]] = [:]
  /// The lines that the commit added anywhere.
  private var added: Set<UInt64> = []
  private var deletedCount = 0
  private var isCut = false
  /// The entry whose patch is read.
  private var current: Int?
  /// Of a hunk: the next line of each parent's version, and how many are to come of each and of the new one.
  private var numbers: [Int] = []
  private var oldCounts: [Int] = []
  private var newCount = 0
  /// What has come and is not whole yet.
  private var rest: [UInt8] = []

  /// Of a commit that removes more lines the rest is not kept, nor are more of those that it adds told from those that
  /// it moves.
  private static let lineLimit = 2_000_000

  /// The commits whose end was read since this was asked last.
  mutating func takeCommits() -> [RemovingCommit] {
    defer { commits = [] }
    return commits
  }

  /// Takes what git printed next. Throws `.gitFailed` where it is not what was asked for.
  mutating func feed(_ bytes: [UInt8]) throws(Failure) {
    rest += bytes
    // All that is read whole ends with one of these: without them there is no more of it than before.
    if bytes.contains(where: { $0 == 0 || $0 == .newline }) {
      var start = 0
      while let end = try step(from: start) { start = end }
      rest.removeSubrange(..<start)
    }
    if rest.count > Self.byteLimit {
      throw Failure(
        .gitFailed, "git writes a line that is longer than a file may be: see whether git can read the repository")
    }
  }

  /// A line, or an entry, of more bytes is none: what git takes for text is smaller (`core.bigFileThreshold`).
  private static let byteLimit = 256 << 20

  /// To be called when git has printed all.
  mutating func finish() throws(Failure) {
    if state == .hunk || state == .patch, !rest.isEmpty { try feed([.newline]) }
    endCommit()
  }

  /// Reads the next thing that is whole, and gives where it ends; nil if more must come.
  private mutating func step(from start: Int) throws(Failure) -> Int? {
    guard start < rest.count else { return nil }
    switch state {
    case .entries: return try entryStep(from: start)
    case .patch: return patchStep(from: start)
    case .hunk: return hunkStep(from: start)
    }
  }

  // MARK: Commits and their files

  private mutating func entryStep(from start: Int) throws(Failure) -> Int? {
    if rest[start] == 0 {
      state = .patch
      return start + 1
    }
    guard let end = rest[start...].firstIndex(of: 0) else { return nil }
    if rest[start] != UInt8(ascii: ":") {
      guard let id = GitObjectID(hex: rest[start..<end]) else {
        throw Failure(
          .gitFailed, "git tells of what is no commit: see whether git can read the repository (git's fsck says)",
          cause: visibleName(String(decoding: rest[start..<end].prefix(80), as: UTF8.self)))
      }
      endCommit()
      commit = id
      return end + 1
    }
    guard let pathEnd = rest[(end + 1)...].firstIndex(of: 0) else { return nil }
    add(entry: rest[start..<end], path: FilePath(bytes: Array(rest[(end + 1)..<pathEnd])))
    return pathEnd + 1
  }

  private mutating func add(entry: ArraySlice<UInt8>, path: FilePath) {
    let parentCount = entry.prefix { $0 == UInt8(ascii: ":") }.count
    let words = entry.dropFirst(parentCount).split(separator: UInt8(ascii: " "))
    guard words.count == 2 * (parentCount + 1) + 1 else { return }
    let names = words[(parentCount + 1)..<(2 * parentCount + 2)].map { Array($0)[...] }
    positions[names, default: []].append(entries.count)
    // Of what became something else, such as a link, git prints the end of the file by itself.
    if words.last?.contains(UInt8(ascii: "T")) == true, let new = names.last {
      positions[names.dropLast() + [Array(repeating: UInt8(ascii: "0"), count: new.count)[...]], default: []]
        .append(entries.count)
    }
    entries.append(
      Entry(
        path: path, names: names, isFile: words.prefix(parentCount).map { $0.starts(with: "100".utf8) },
        deleted: Array(repeating: [], count: parentCount)))
  }

  /// Keeps what the commit removed.
  private mutating func endCommit() {
    var removals: [Removal] = []
    for entry in entries {
      for parent in entry.deleted.indices.prefix(Removal.parentLimit)
      where entry.isFile[parent] && !entry.deleted[parent].isEmpty {
        let lines = goneLines(of: entry.deleted[parent])
        guard !lines.isEmpty, let blob = GitObjectID(hex: entry.names[parent]) else { continue }
        removals.append(Removal(path: entry.path, parent: parent, blob: blob, lines: lines))
      }
    }
    if let commit, !removals.isEmpty || isCut {
      commits.append(RemovingCommit(commit: commit, removals: removals, isCut: isCut))
    }
    commit = nil
    entries = []
    positions = [:]
    added = []
    deletedCount = 0
    isCut = false
    current = nil
    state = .entries
  }

  /// The deleted lines that the commit did not put elsewhere. Of lines that went together and of which most are added
  /// somewhere, the rest alone is gone: code that was moved, or indented, and changed a little.
  private func goneLines(of deleted: [(number: Int, mark: LineMark)]) -> [ClosedRange<Int>] {
    var gone: [ClosedRange<Int>] = []
    var first = 0
    while first < deleted.count {
      var end = first + 1
      while end < deleted.count, deleted[end].number == deleted[end - 1].number + 1 { end += 1 }
      let run = deleted[first..<end]
      let telling = run.filter(\.mark.isTelling)
      let moved = telling.count { added.contains($0.mark.hash) }
      // Four of five.
      if 5 * moved < 4 * telling.count {
        gone.append(run[first].number...run[end - 1].number)
      } else {
        for line in telling where !added.contains(line.mark.hash) {
          if let last = gone.last, last.upperBound + 1 == line.number {
            gone[gone.count - 1] = last.lowerBound...line.number
          } else {
            gone.append(line.number...line.number)
          }
        }
      }
      first = end
    }
    return gone
  }

  // MARK: Patches

  private mutating func patchStep(from start: Int) -> Int? {
    // A commit's name is followed by a NUL, no line of a patch is.
    for count in [40, 64] where start + count < rest.count && rest[start + count] == 0 {
      if GitObjectID(hex: rest[start..<(start + count)]) != nil {
        state = .entries
        return start
      }
    }
    guard let end = rest[start...].firstIndex(of: .newline) else { return nil }
    let line = rest[start..<end]
    if line.starts(with: "diff ".utf8) {
      current = nil
    } else if line.starts(with: "index ".utf8) {
      current = entry(ofIndexLine: line.dropFirst(6))
    } else if line.starts(with: "@@".utf8) {
      beginHunk(line)
    }
    return end + 1
  }

  /// The entry that a patch is of, by its line `OLD,OLD..NEW MODE`.
  private mutating func entry(ofIndexLine line: ArraySlice<UInt8>) -> Int? {
    let names = line.prefix { $0 != UInt8(ascii: " ") }
    guard let dots = names.indices.first(where: { names[$0...].starts(with: "..".utf8) }) else { return nil }
    let key =
      names[..<dots].split(separator: UInt8(ascii: ",")).map { Array($0)[...] } + [Array(names[(dots + 2)...])[...]]
    guard let next = positions[key]?.first(where: { !entries[$0].hasPatch }) else { return nil }
    entries[next].hasPatch = true
    return next
  }

  /// `@@ -A,N +C,M @@`, with an `@` and a version more for each further parent.
  private mutating func beginHunk(_ line: ArraySlice<UInt8>) {
    let words = line.split(separator: UInt8(ascii: " "))
    var old: [(start: Int, count: Int)] = []
    var new: (start: Int, count: Int)?
    for word in words.dropFirst() {
      if word.first == UInt8(ascii: "-") {
        guard let range = Self.range(word.dropFirst()) else { return }
        old.append(range)
      } else if word.first == UInt8(ascii: "+") {
        new = Self.range(word.dropFirst())
        break
      } else {
        return
      }
    }
    guard !old.isEmpty, let new else { return }
    numbers = old.map(\.start)
    oldCounts = old.map(\.count)
    newCount = new.count
    if newCount > 0 || oldCounts.contains(where: { $0 > 0 }) { state = .hunk }
  }

  /// `START,COUNT`, or `START` for one line. Of a file that is gone some versions of git print a count below zero as
  /// one beyond all bounds.
  private static func range(_ word: ArraySlice<UInt8>) -> (start: Int, count: Int)? {
    let parts = word.split(separator: UInt8(ascii: ",")).map { UInt64(String(decoding: $0, as: UTF8.self)) }
    guard let first = parts.first, let start = first, start < 1 << 31 else { return nil }
    guard parts.count > 1 else { return (Int(start), 1) }
    guard let count = parts[1] else { return nil }
    return (Int(start), count < 1 << 31 ? Int(count) : 0)
  }

  private mutating func hunkStep(from start: Int) -> Int? {
    guard let end = rest[start...].firstIndex(of: .newline) else { return nil }
    let parentCount = oldCounts.count
    // "\ No newline at end of file"
    if rest[start] == UInt8(ascii: "\\") { return end + 1 }
    let content = min(start + parentCount, end)
    let isDeleted = rest[start..<content].contains(UInt8(ascii: "-"))
    let mark = LineMark(rest.span.extracting(content..<end))
    for parent in 0..<parentCount {
      let column = start + parent < content ? rest[start + parent] : UInt8(ascii: " ")
      let isThere = isDeleted ? column == UInt8(ascii: "-") : column != UInt8(ascii: "+")
      guard isThere else { continue }
      if isDeleted { note(numbers[parent], mark, ofParent: parent) }
      numbers[parent] += 1
      oldCounts[parent] -= 1
    }
    if !isDeleted {
      newCount -= 1
      if mark.isTelling, added.count < Self.lineLimit { added.insert(mark.hash) }
    }
    if newCount <= 0, oldCounts.allSatisfy({ $0 <= 0 }) { state = .patch }
    return end + 1
  }

  private mutating func note(_ number: Int, _ mark: LineMark, ofParent parent: Int) {
    guard let current, entries[current].deleted.indices.contains(parent) else { return }
    guard deletedCount < Self.lineLimit else {
      isCut = true
      return
    }
    deletedCount += 1
    entries[current].deleted[parent].append((number, mark))
  }
}
