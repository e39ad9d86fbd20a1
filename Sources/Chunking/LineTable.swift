import Primitives

/// The lines of a file, as chunking sees them: one entry for each line that is not blank. Blank lines belong to the
/// line before them (to the first one, at the start of a file), so that no chunk begins with one.
struct LineTable {
  /// Half of what it would take with whole words: a file of short lines has as many entries as it has kilobytes by the
  /// hundred.
  struct Entry {
    private let packedStart: UInt32
    private let packedFirstInk: UInt32
    private let packedLastInk: UInt32
    private let packedLine: UInt32
    /// Where the entry begins: the start of its line, or of the file for the first entry.
    var start: Int { Int(packedStart) }
    /// The first byte of the line that is no blank.
    var firstInk: Int { Int(packedFirstInk) }
    /// One past the last byte of the line that is no blank.
    var lastInk: Int { Int(packedLastInk) }
    /// Number of the line that `firstInk` is on, from 1.
    var line: Int { Int(packedLine) }
    /// Columns before `firstInk`, a tab reaching to the next multiple of 4. Never above 255.
    var indentation: UInt8
    /// Whether a blank line stands before it.
    var followsBlank: Bool

    init(start: Int, firstInk: Int, lastInk: Int, line: Int, indentation: UInt8, followsBlank: Bool) {
      packedStart = UInt32(start)
      packedFirstInk = UInt32(firstInk)
      packedLastInk = UInt32(lastInk)
      packedLine = UInt32(line)
      self.indentation = indentation
      self.followsBlank = followsBlank
    }
  }

  /// The texts that a table can be made of are no longer than this.
  static let maximumByteCount = Int(UInt32.max) - 1

  private(set) var entries: [Entry] = []
  let byteCount: Int
  /// How many lines the file has; a last line without a newline counts.
  private(set) var lineCount = 0

  init(_ source: Span<UInt8>) {
    byteCount = source.count
    entries.reserveCapacity(source.count / 32)
    var position = 0
    var followsBlank = false
    while position < source.count {
      lineCount += 1
      let lineStart = position
      var columns = 0
      // The blanks in front, which give the indentation.
      while position < source.count {
        let byte = source[position]
        if byte == .space {
          columns += 1
        } else if byte == .tab {
          columns = (columns | 3) + 1
        } else if byte != .carriageReturn && byte != 0x0B && byte != .formFeed {
          break
        }
        position += 1
      }
      let firstInk = position
      var lastInk = position
      while position < source.count, source[position] != .newline {
        if source[position] > .space { lastInk = position + 1 }
        position += 1
      }
      // Bytes below the space that are no blanks are ink too, where they stand first.
      if lastInk == firstInk, position > firstInk { lastInk = position }
      if position < source.count { position += 1 }
      if lastInk > firstInk {
        entries.append(
          Entry(
            start: entries.isEmpty ? 0 : lineStart, firstInk: firstInk, lastInk: lastInk, line: lineCount,
            indentation: UInt8(min(columns, 255)), followsBlank: followsBlank))
        followsBlank = false
      } else {
        followsBlank = true
      }
    }
    // A file of blank lines only is one entry.
    if entries.isEmpty, byteCount > 0 {
      entries.append(Entry(start: 0, firstInk: 0, lastInk: 0, line: 1, indentation: 0, followsBlank: false))
    }
  }

  /// The number of the line that entry `index` begins with: its own, but 1 for the first, which has the blank lines
  /// before it too.
  func firstLine(of index: Int) -> Int { index == 0 ? 1 : entries[index].line }

  /// The last entry that begins at or before `byte`; `hint` is an entry known to begin at or before it.
  func index(containing byte: Int, from hint: Int = 0) -> Int {
    // Gallop, then halve: most answers lie a few entries after the hint.
    var low = hint
    var step = 1
    while low + step < entries.count, entries[low + step].start <= byte {
      low += step
      step *= 2
    }
    var high = min(low + step, entries.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if entries[middle].start <= byte { low = middle } else { high = middle }
    }
    return low
  }
}
