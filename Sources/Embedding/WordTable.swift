import Kernels
import Primitives

/// The distinct words of a text with their numbers of occurrences, in order of first occurrence, and the rows of each.
///
/// One table serves all pieces of many files: a word's rows are looked up when it is met first, and only the counts
/// begin anew with each piece. Nothing is allocated for a word. The order in which words come out never depends on the
/// hash, so neither does a vector.
struct WordTable {
  private struct Entry {
    let word: Word
    /// Its rows: the range of `rows` and `scales`.
    let rowsBegin: UInt32
    let rowsEnd: UInt32
    /// The piece that `count` belongs to.
    var piece: UInt32
    var count: UInt32
  }

  /// Entry number + 1, or 0; linear probing; a power of two of them, at least twice as many as entries.
  private var slots: [UInt32]
  private var entries: [Entry] = []
  private var rows: [UInt32] = []
  private var scales: [Float] = []
  private var piece: UInt32 = 0
  /// The entries of the current piece in order of first occurrence.
  private var order: [UInt32] = []
  private let seed: UInt64
  /// Where the words of the current part of a text begin and end.
  private var starts = [UInt32](repeating: 0, count: partByteCount)
  private var ends = [UInt32](repeating: 0, count: partByteCount)
  private static let partByteCount = 2048
  /// Of pieces that are consecutive: the words of a part that were found and not yet counted, where the part begins,
  /// and where the next one does.
  private var ahead = 0..<0
  private var aheadBase = 0
  private var aheadEnd = 0

  /// What the words of the current piece add up to, after `weigh`: row numbers and their weights.
  private(set) var weighedRows: [UInt32] = []
  private(set) var weights: [Float] = []

  /// A table that holds more words than this forgets them before the next piece, so that memory follows the largest
  /// piece and not the file.
  private static let wordsKept = 1 << 14

  init(seed: UInt64) {
    self.seed = seed
    slots = Array(repeating: 0, count: 1024)
  }

  /// Begins another piece: nothing has been counted.
  mutating func beginPiece() {
    if entries.count > Self.wordsKept {
      slots = Array(repeating: 0, count: 1024)
      entries.removeAll(keepingCapacity: true)
      rows.removeAll(keepingCapacity: true)
      scales.removeAll(keepingCapacity: true)
    }
    piece &+= 1
    order.removeAll(keepingCapacity: true)
  }

  /// Frees the memory that a huge piece took, before the table is put aside.
  mutating func shrink() {
    if entries.capacity > 8 * Self.wordsKept { self = WordTable(seed: seed) }
  }

  /// Counts each word of `source` in `range`, as a `WordScanner` finds them.
  mutating func countWords(
    of source: Span<UInt8>, in range: Range<Int>, _ model: borrowing PackedModel
  ) throws(Failure) {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let base = offset
      let found = findWords(of: source, from: &offset, to: range.upperBound)
      try countFound(0..<found, of: source, at: base, model)
    }
  }

  /// Begins pieces that are consecutive from the beginning of a text on.
  mutating func beginPieces() {
    ahead = 0..<0
    aheadEnd = 0
  }

  /// Counts each word of `source` behind those that were counted since `beginPieces`, up to `end`, where no word goes
  /// on. The words of several pieces are found at once.
  mutating func countWords(of source: Span<UInt8>, upTo end: Int, _ model: borrowing PackedModel) throws(Failure) {
    while true {
      var last = ahead.lowerBound
      while last < ahead.upperBound, aheadBase + Int(starts[last]) < end { last += 1 }
      if last > ahead.lowerBound { try countFound(ahead.lowerBound..<last, of: source, at: aheadBase, model) }
      ahead = last..<ahead.upperBound
      if !ahead.isEmpty || aheadEnd >= end { return }
      aheadBase = aheadEnd
      var offset = aheadEnd
      ahead = 0..<findWords(of: source, from: &offset, to: source.count)
      aheadEnd = offset
    }
  }

  /// Counts the found words of `numbers`, which are relative to `base`.
  private mutating func countFound(
    _ numbers: Range<Int>, of source: Span<UInt8>, at base: Int, _ model: borrowing PackedModel
  ) throws(Failure) {
    var next = numbers.lowerBound
    while true {
      let (known, slot) = countKnown(next..<numbers.upperBound, of: source, at: base)
      if known == numbers.upperBound { return }
      let word = base + Int(starts[known])..<base + Int(ends[known])
      try insert(Word(source, at: word), at: slot, model)
      next = known + 1
    }
  }

  /// Fills `starts` and `ends` with the words of the part of `source` that begins at `offset`, relative to it, and
  /// moves `offset` to its end. Returns how many there are. No word goes on beyond the part.
  private mutating func findWords(of source: Span<UInt8>, from offset: inout Int, to limit: Int) -> Int {
    let start = offset
    offset = min(limit, start + Self.partByteCount)
    // A part has at most as many words as bytes.
    var count = WordKernels.findModelWords(in: source.extracting(start..<offset), &starts, &ends)
    if offset < limit, count > 0, start + Int(ends[count - 1]) == offset {
      // The part may have cut its last word, which comes with the next one. One that fills it is scanned by itself.
      count -= 1
      offset = start + Int(starts[count])
      if offset == start {
        var scanner = WordScanner(source, in: start..<limit)
        let word = scanner.next()
        offset = scanner.position
        // After a run of digits, which is no word, it is the next one.
        if let word {
          starts[0] = UInt32(word.lowerBound - start)
          ends[0] = UInt32(word.upperBound - start)
          count = 1
        }
      }
    }
    return count
  }

  /// Counts the found words of `numbers`, which are relative to `base`, up to the first that is not in the table.
  /// Returns its number and the slot it belongs to, or the end of `numbers`.
  private mutating func countKnown(
    _ numbers: Range<Int>, of source: Span<UInt8>, at base: Int
  ) -> (number: Int, slot: Int) {
    // Spans of one value cannot be held while it changes: the entries leave it meanwhile.
    let (slotArray, startArray, endArray) = (slots, starts, ends)
    let slots = slotArray.span
    let starts = startArray.span
    let ends = endArray.span
    var entryArray: [Entry] = []
    swap(&entryArray, &self.entries)
    defer { swap(&entryArray, &self.entries) }
    var entries = entryArray.mutableSpan
    let mask = slots.count &- 1
    for number in numbers {
      let start = base &+ Int(starts[number])
      let end = base &+ Int(ends[number])
      // A long run of digits is no word.
      if end &- start > 4, source[start] &- UInt8(ascii: "0") < 10 { continue }
      let word = unsafe Word(source, at: Range(uncheckedBounds: (start, end)))
      var slot = Int(truncatingIfNeeded: word.hash(seed: seed)) & mask
      while true {
        let found = slots[slot]
        if found == 0 { return (number, slot) }
        let index = Int(found) &- 1
        if entries[index].word == word {
          if entries[index].piece == piece {
            entries[index].count &+= 1
          } else {
            entries[index].piece = piece
            entries[index].count = 1
            order.append(found &- 1)
          }
          break
        }
        slot = (slot &+ 1) & mask
      }
    }
    return (numbers.upperBound, 0)
  }

  /// Appends the rows of `word` and their document scales to `weighedRows` and `weights`, whatever was counted.
  mutating func append(_ word: Word, in model: borrowing PackedModel) throws(Failure) {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: word.hash(seed: seed)) & mask
    while slots[slot] != 0, entries[Int(slots[slot]) &- 1].word != word { slot = (slot &+ 1) & mask }
    var index = Int(slots[slot]) - 1
    if index < 0 {
      index = entries.count
      try insert(word, at: slot, model)
      // It was not met in the current piece.
      entries[index].piece = 0
      order.removeLast()
    }
    for i in Int(entries[index].rowsBegin)..<Int(entries[index].rowsEnd) {
      weighedRows.append(rows[i])
      weights.append(scales[i])
    }
  }

  /// Forgets the rows of the piece before.
  mutating func removeWeighed() {
    weighedRows.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
  }

  @inline(never)
  private mutating func insert(_ word: Word, at slot: Int, _ model: borrowing PackedModel) throws(Failure) {
    let begin = rows.count
    try model.forEachPiece(of: word) { row, _ in
      rows.append(UInt32(row))
      scales.append(model.documentScale(row))
    }
    order.append(UInt32(entries.count))
    entries.append(
      Entry(word: word, rowsBegin: UInt32(begin), rowsEnd: UInt32(rows.count), piece: piece, count: 1))
    slots[slot] = UInt32(entries.count)
    if 2 * entries.count > slots.count { grow() }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    let mask = slots.count - 1
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.word.hash(seed: seed)) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(index + 1)
    }
  }

  /// Fills `weighedRows` and `weights` for the words counted since `beginPiece`: each row of a word that occurs n times
  /// weighs sqrt(min(n, 255)) times its document scale.
  mutating func weigh() {
    weighedRows.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    for index in order {
      let entry = entries[Int(index)]
      let factor = Float(min(entry.count, 255)).squareRoot()
      for i in Int(entry.rowsBegin)..<Int(entry.rowsEnd) {
        weighedRows.append(rows[i])
        weights.append(factor * scales[i])
      }
    }
  }
}
