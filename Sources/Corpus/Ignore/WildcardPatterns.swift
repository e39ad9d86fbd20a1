import Primitives

/// Patterns with wildcards, by what they begin with. Holds the text of each, and the first few thousand compiled, which
/// is more than people write: a file of a million is compiled again where it is tried, and takes no more memory than a
/// multiple of its size.
struct WildcardPatterns: Sendable {
  /// A pattern that is tried one by one.
  private struct Candidate: Sendable {
    /// Its place in the file.
    var number: Int32
    /// Where its text begins in `texts`: what must be there before the wildcards, then what the rest must match.
    var start: UInt32
    var byteCount: UInt32
    var prefixByteCount: UInt32
    /// The one before it in the file with the same beginning; -1 is none.
    var earlier: Int32
    var isForDirectories: Bool
  }

  private var table = ByteStringSet()
  private var texts: [UInt8] = []
  private var candidates: [Candidate] = []
  /// Of the first candidates.
  private var compiled: [GitGlob] = []
  /// The last candidate of each beginning, by the number of the key.
  private var lasts: [Int32] = []
  private var firstBytes = ByteSet()
  /// The last of those that begin with a wildcard.
  private var lastOther: Int32 = -1
  private(set) var otherCount = 0
  /// The lengths of the keys, ascending.
  private(set) var byteCounts: [Int] = []
  private var costs: [UInt32] = []
  private var costOfOthers = 0
  private let isForPaths: Bool
  private let foldsCase: Bool

  init(isForPaths: Bool, foldsCase: Bool) {
    self.isForPaths = isForPaths
    self.foldsCase = foldsCase
  }

  var isEmpty: Bool { candidates.isEmpty }

  /// How many elements of patterns may be tried on one name: those that begin with a wildcard, and those of the
  /// costliest beginning.
  var greatestCost: Int { costOfOthers + Int(costs.max() ?? 0) }

  /// Longer prefixes are found by their first bytes, so that no path is hashed at a great many lengths.
  private static let longestKey = 32
  private static let compiledCount = 4096

  /// Adds a pattern, which comes later in the file than those before. One that is malformed is left out: it matches
  /// nothing.
  ///
  /// - Parameters:
  ///   - number: its place in the file.
  ///   - prefix: what must be there before the wildcards, folded where case is.
  ///   - rest: what the rest must match.
  mutating func add(
    _ number: Int32, isForDirectories: Bool, prefix: [UInt8], rest: ArraySlice<UInt8>
  ) {
    guard let glob = GitGlob(Array(rest).span, isForPaths: isForPaths, foldsCase: foldsCase) else { return }
    var candidate = Candidate(
      number: number, start: UInt32(texts.count), byteCount: UInt32(prefix.count + rest.count),
      prefixByteCount: UInt32(prefix.count), earlier: -1, isForDirectories: isForDirectories)
    let index = Int32(candidates.count)
    let cost = 1 + glob.elements.count
    if let first = prefix.first {
      let key = Array(prefix.prefix(Self.longestKey))
      let list = table.insert(key)
      if list == lasts.count {
        lasts.append(-1)
        costs.append(0)
      }
      candidate.earlier = lasts[list]
      lasts[list] = index
      costs[list] += UInt32(cost)
      firstBytes.insert(first)
      if !byteCounts.contains(key.count) { byteCounts.append(key.count) }
    } else {
      candidate.earlier = lastOther
      lastOther = index
      otherCount += 1
      costOfOthers += cost
    }
    texts.append(contentsOf: prefix)
    texts.append(contentsOf: rest)
    if candidates.count < Self.compiledCount { compiled.append(glob) }
    candidates.append(candidate)
  }

  /// Ends the adding.
  mutating func finish() { byteCounts.sort() }

  /// Raises `best` to the last candidate that matches `bytes`, where that is later.
  @inline(__always) func find(_ bytes: Span<UInt8>, isDirectory: Bool, _ best: inout Int32) {
    if lastOther >= 0 { find(bytes, from: lastOther, isDirectory: isDirectory, &best) }
    guard firstBytes.contains(bytes[0]) else { return }
    for byteCount in byteCounts {
      if byteCount > bytes.count { return }
      guard let key = table.find(bytes.extracting(0..<byteCount)) else { continue }
      find(bytes, from: lasts[key], isDirectory: isDirectory, &best)
    }
  }

  private func find(_ bytes: Span<UInt8>, from last: Int32, isDirectory: Bool, _ best: inout Int32) {
    var index = Int(last)
    while index >= 0 {
      let candidate = candidates[index]
      // Those that follow are earlier in the file still.
      if candidate.number <= best { return }
      if !candidate.isForDirectories || isDirectory, matches(index, candidate, bytes) {
        best = candidate.number
        return
      }
      index = Int(candidate.earlier)
    }
  }

  private func matches(_ index: Int, _ candidate: Candidate, _ bytes: Span<UInt8>) -> Bool {
    let (start, prefixByteCount) = (Int(candidate.start), Int(candidate.prefixByteCount))
    if prefixByteCount > bytes.count { return false }
    for i in 0..<prefixByteCount where texts[start + i] != bytes[i] { return false }
    let rest = bytes.extracting(prefixByteCount..<bytes.count)
    if index < compiled.count { return compiled[index].matches(rest) }
    let pattern = texts.span.extracting((start + prefixByteCount)..<(start + Int(candidate.byteCount)))
    return GitGlob(pattern, isForPaths: isForPaths, foldsCase: foldsCase)?.matches(rest) == true
  }
}
