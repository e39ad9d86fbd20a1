/// The grams of the files of a builder: kept file by file as they came, which takes least memory, and turned into lists
/// of files when they are written.
struct GramLists {
  /// `FileGrams.gaps` of each file.
  private var files: [[UInt8]] = []
  /// Files of which no grams are known, or whose grams say nothing.
  private var unbounded: [UInt32] = []
  private var gapByteCount = 0
  /// Whether any file came with grams; if not, nothing is written.
  private(set) var isPresent = false

  init() {}

  /// A function of what was added alone.
  var memoryByteCount: Int {
    // Each array has a head, and there is an address of it.
    isPresent ? gapByteCount + 40 * files.count : 0
  }

  /// Adds the next file.
  mutating func add(_ grams: FileGrams?) {
    if grams?.isUnbounded ?? true { unbounded.append(UInt32(files.count)) }
    if grams != nil { isPresent = true }
    files.append(grams?.gaps ?? [])
    gapByteCount += files[files.count - 1].count
  }

  /// Files that are turned into lists by sorting all there is: what the other way begins with would take longer.
  private static let smallByteCount = 1 << 15
  /// Numbers of files in lists at a time; 4 bytes each.
  private static let windowSize = 1 << 18

  /// Gives each gram with its files to `body`, ascending both. Memory of some megabytes where there is much.
  consuming func forEachList<Failure: Error>(
    _ body: (Int, Span<UInt32>) throws(Failure) -> Void
  ) throws(Failure) -> [UInt32] {
    if gapByteCount <= Self.smallByteCount { try forEachSmall(body) } else { try forEachInWindows(body) }
    return unbounded
  }

  private func forEachSmall<Failure: Error>(_ body: (Int, Span<UInt32>) throws(Failure) -> Void) throws(Failure) {
    var pairs: [UInt64] = []
    for (number, gaps) in files.enumerated() {
      var cursor = GapCursor()
      cursor.forEach(below: .max, in: gaps.span) { pairs.append(UInt64($0) << 32 | UInt64(number)) }
    }
    pairs.sort()
    var list: [UInt32] = []
    var start = 0
    while start < pairs.count {
      let gram = pairs[start] >> 32
      list.removeAll(keepingCapacity: true)
      while start < pairs.count, pairs[start] >> 32 == gram {
        list.append(UInt32(truncatingIfNeeded: pairs[start]))
        start += 1
      }
      try body(Int(gram), list.span)
    }
  }

  /// A counting sort, a window of grams after the other: each file is read on from where the window before ended.
  private func forEachInWindows<Failure: Error>(
    _ body: (Int, Span<UInt32>) throws(Failure) -> Void
  ) throws(Failure) {
    var counts = [UInt32](repeating: 0, count: GramAlphabet.gramCount)
    for gaps in files {
      var cursor = GapCursor()
      cursor.forEach(below: .max, in: gaps.span) { counts[Int($0)] &+= 1 }
    }
    var cursors = [GapCursor](repeating: GapCursor(), count: files.count)
    var window = [UInt32](repeating: 0, count: Self.windowSize)
    var first = 0
    while first < counts.count {
      // Where the list of each gram of the window ends so far.
      var end = first
      var total = 0
      while end < counts.count, end == first || total + Int(counts[end]) <= Self.windowSize {
        let count = Int(counts[end])
        counts[end] = UInt32(total)
        total += count
        end += 1
      }
      if total > window.count { window += [UInt32](repeating: 0, count: total - window.count) }
      for number in files.indices {
        let gaps = files[number]
        cursors[number].forEach(below: UInt32(end), in: gaps.span) {
          window[Int(counts[Int($0)])] = UInt32(truncatingIfNeeded: number)
          counts[Int($0)] &+= 1
        }
      }
      var start = 0
      for gram in first..<end where Int(counts[gram]) > start {
        try body(gram, window.span.extracting(start..<Int(counts[gram])))
        start = Int(counts[gram])
      }
      first = end
    }
  }
}

/// Reads the grams of a file from its gaps, as far as is wanted.
private struct GapCursor {
  private var offset = 0
  /// The gram at `offset` is this one and the gap there.
  private var next: UInt32 = 0

  init() {}

  @inline(__always)
  mutating func forEach(below end: UInt32, in gaps: Span<UInt8>, _ body: (UInt32) -> Void) {
    var offset = offset
    var next = next
    while offset < gaps.count {
      var at = offset
      var gap = UInt32(gaps[at] & 0x7F)
      var shift: UInt32 = 7
      while gaps[at] >= 0x80 {
        at += 1
        gap |= UInt32(gaps[at] & 0x7F) &<< shift
        shift &+= 7
      }
      if next &+ gap >= end { break }
      body(next &+ gap)
      next = next &+ gap &+ 1
      offset = at + 1
    }
    self.offset = offset
    self.next = next
  }
}
