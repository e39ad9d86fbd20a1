/// Patterns with wildcards, by what they begin with.
struct WildcardPatterns: Sendable {
  /// A pattern that is tried one by one.
  struct Candidate: Sendable {
    /// Its place in the file.
    var number: Int32
    var isForDirectories: Bool
    /// What must be there before the wildcards.
    var prefix: [UInt8]
    /// What the rest must match.
    var glob: Glob

    var cost: Int { 1 + glob.elements.count }
  }

  private var table = ByteStringTable()
  private var lists: [[Candidate]] = []
  private var firstBytes = ByteSet()
  /// Those that begin with a wildcard, last of the file first.
  private(set) var others: [Candidate] = []
  /// The lengths of the keys, ascending.
  private(set) var byteCounts: [Int] = []
  private var costs: [Int] = []
  private var costOfOthers = 0

  /// How many elements of patterns may be tried on one name: those that begin with a wildcard, and those of the costliest
  /// beginning.
  var greatestCost: Int { costOfOthers + (costs.max() ?? 0) }

  /// Longer prefixes are found by their first bytes, so that no path is hashed at a great many lengths.
  private static var longestKey: Int { 32 }

  mutating func add(_ candidate: Candidate) {
    guard let first = candidate.prefix.first else {
      others.append(candidate)
      costOfOthers += candidate.cost
      return
    }
    let key = Array(candidate.prefix.prefix(Self.longestKey))
    let number = table.insert(key)
    if number == lists.count {
      lists.append([])
      costs.append(0)
    }
    lists[number].append(candidate)
    costs[number] += candidate.cost
    firstBytes.insert(first)
    if !byteCounts.contains(key.count) { byteCounts.append(key.count) }
  }

  /// Puts the last of the file first in every list.
  mutating func finish() {
    byteCounts.sort()
    others.reverse()
    for i in lists.indices { lists[i].reverse() }
  }

  /// Raises `best` to the last candidate that matches `bytes`, where that is later.
  @inline(__always) func find(_ bytes: Span<UInt8>, isDirectory: Bool, _ best: inout Int32) {
    if !others.isEmpty { Self.find(bytes, among: others, isDirectory: isDirectory, &best) }
    guard firstBytes.contains(bytes[0]) else { return }
    for byteCount in byteCounts {
      if byteCount > bytes.count { return }
      guard let key = table.find(bytes.extracting(0..<byteCount)) else { continue }
      Self.find(bytes, among: lists[key], isDirectory: isDirectory, &best)
    }
  }

  private static func find(
    _ bytes: Span<UInt8>, among candidates: [Candidate], isDirectory: Bool, _ best: inout Int32
  ) {
    for candidate in candidates {
      // The list falls: what follows is earlier in the file still.
      if candidate.number <= best { return }
      if candidate.isForDirectories && !isDirectory { continue }
      let prefix = candidate.prefix
      if prefix.count > bytes.count { continue }
      var isPrefix = true
      for i in prefix.indices where prefix[i] != bytes[i] {
        isPrefix = false
        break
      }
      if isPrefix, candidate.glob.matches(bytes.extracting(prefix.count..<bytes.count)) {
        best = candidate.number
        return
      }
    }
  }
}
