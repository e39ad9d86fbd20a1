import Primitives

/// Patterns of one kind that have no wildcards to try: names, suffixes or whole paths, found by hash.
struct LiteralPatterns: Sendable {
  /// The last pattern for a literal, counted from 0 in the order of the file; -1 is none.
  struct Last {
    /// Among the patterns for anything.
    var anything: Int32 = -1
    /// Among all, those for directories alone included.
    var directory: Int32 = -1
  }

  private var table = ByteStringSet()
  private var last: [Last] = []
  private var firstBytes = ByteSet()
  /// The bytes that the literals end with.
  private(set) var lastBytes = ByteSet()
  /// The lengths of the literals, ascending.
  private(set) var byteCounts: [Int] = []

  mutating func add(_ bytes: [UInt8], _ number: Int32, _ isForDirectories: Bool) {
    let key = table.insert(bytes)
    if key == last.count { last.append(Last()) }
    if !isForDirectories { last[key].anything = number }
    last[key].directory = number
    if let first = bytes.first { firstBytes.insert(first) }
    if let final = bytes.last { lastBytes.insert(final) }
    let index = byteCounts.firstIndex { $0 >= bytes.count } ?? byteCounts.count
    if index == byteCounts.count || byteCounts[index] != bytes.count { byteCounts.insert(bytes.count, at: index) }
  }

  var count: Int { last.count }

  /// A literal, its hash (`checksum`) and the last patterns for it; they are numbered from 0.
  func literal(_ number: Int) -> (bytes: ArraySlice<UInt8>, hash: UInt64, last: Last) {
    let (bytes, hash) = table.key(number)
    return (bytes, hash, last[number])
  }

  /// Raises `best` to the last pattern for `bytes`, where that is later.
  @inline(__always) func find(_ bytes: Span<UInt8>, isDirectory: Bool, _ best: inout Int32) {
    guard bytes.count > 0, firstBytes.contains(bytes[0]), let key = table.find(bytes) else { return }
    best = max(best, isDirectory ? last[key].directory : last[key].anything)
  }
}
