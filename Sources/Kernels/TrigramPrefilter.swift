import CKernels

/// Finds the offsets in a text at which one of some words may begin, by their first three bytes: nearly all of a text
/// is rejected, many bytes at a time, before anything is tokenised. False positives happen, false negatives do not.
///
/// What `WordSplitter` would find is found, be it a whole word or a part of one, whatever the case of its letters.
/// Letters beyond ASCII have too many spellings for it: a caller that meets such bytes examines the text without this
/// filter.
package struct TrigramPrefilter: Sendable {
  /// As `ck_word_beginnings` takes them.
  private var tables = InlineArray<96, UInt8>(repeating: 0)
  /// Whether there is nothing to find.
  package private(set) var isEmpty = true

  package init() {}

  /// Adds a word of small letters. A letter beyond ASCII may be written as a capital that is other bytes: nothing
  /// is rejected for it.
  package mutating func insert(_ word: Span<UInt8>) {
    if word.isEmpty { return }
    insert(word[0], word.count > 1 ? word[1] : nil, word.count > 2 ? word[2] : nil)
  }

  package mutating func insert(_ word: String) {
    var bytes = word.utf8.makeIterator()
    guard let first = bytes.next() else { return }
    let second = bytes.next()
    insert(first, second, bytes.next())
  }

  private mutating func insert(_ first: UInt8, _ second: UInt8?, _ third: UInt8?) {
    isEmpty = false
    // Words that begin alike share a bit, so that they let little more through than one of them.
    let bit = UInt8(1) << ((first &* 5 &+ (second ?? 0)) & 7)
    add(first, bit, at: 0)
    add(second, bit, at: 1)
    add(third, bit, at: 2)
  }

  private mutating func add(_ byte: UInt8?, _ bit: UInt8, at index: Int) {
    guard let byte, byte < 0x80 else {
      for entry in 0..<32 { tables[32 * index + entry] |= bit }
      return
    }
    tables[32 * index + Int(byte & 15)] |= bit
    tables[32 * index + 16 + Int(byte >> 4)] |= bit
    // The bit 0x20 makes a letter small.
    if byte &- UInt8(ascii: "a") < 26 { tables[32 * index + 16 + Int((byte ^ 0x20) >> 4)] |= bit }
  }

  /// The offsets in all of `text`; they replace what was in `found`.
  package func find(in text: Span<UInt8>, _ found: inout ByteBitmap) {
    found.prepare(for: text.count)
    unsafe tables.span.withUnsafeBufferPointer { tables in
      unsafe text.withUnsafeBufferPointer { text in
        guard let bytes = text.baseAddress, let tables = tables.baseAddress else { return }
        unsafe found.withUnsafeMutableWords { unsafe ck_word_beginnings(tables, bytes, text.count, $0) }
      }
    }
  }

  /// The offsets at which whole words of `text` begin, be they among the words or not, and those at which one of the
  /// words may begin; a letter after a backslash, as in `\n`, is of no word. Returns whether all of the text is ASCII;
  /// where it is not, the bitmaps mean nothing.
  package func findWhole(in text: Span<UInt8>, starts: inout ByteBitmap, _ found: inout ByteBitmap) -> Bool {
    starts.prepare(for: text.count)
    found.prepare(for: text.count)
    return unsafe tables.span.withUnsafeBufferPointer { tables in
      unsafe text.withUnsafeBufferPointer { text in
        guard let bytes = text.baseAddress, let tables = tables.baseAddress else { return true }
        return unsafe starts.withUnsafeMutableWords { starts in
          unsafe found.withUnsafeMutableWords { found in
            unsafe ck_whole_words(tables, bytes, text.count, starts, found) != 0
          }
        }
      }
    }
  }

  /// Whether a word may begin at `offset` of `text`, whatever precedes it.
  package func mayBegin(at offset: Int, in text: Span<UInt8>) -> Bool {
    kinds(of: text[offset], at: 0) != 0 && kinds(at: offset, in: text) != 0
  }

  /// Whether a word may begin somewhere in `name`: for short ones, for which `find` would take longer to begin than to
  /// end.
  package func mayBegin(in name: Span<UInt8>) -> Bool {
    for i in name.indices where kinds(of: name[i], at: 0) != 0 && kinds(at: i, in: name) != 0 {
      if i == 0 || name[i] &- UInt8(ascii: "a") >= 26 || (name[i - 1] | 0x20) &- UInt8(ascii: "a") >= 26 {
        return true
      }
    }
    return false
  }

  @inline(__always)
  private func kinds(at offset: Int, in text: Span<UInt8>) -> UInt8 {
    let ofTwo = kinds(of: text[offset], at: 0) & kinds(of: offset + 1 < text.count ? text[offset + 1] : 0, at: 1)
    return ofTwo & kinds(of: offset + 2 < text.count ? text[offset + 2] : 0, at: 2)
  }

  @inline(__always)
  private func kinds(of byte: UInt8, at index: Int) -> UInt8 {
    tables[32 * index + Int(byte & 15)] & tables[32 * index + 16 + Int(byte >> 4)]
  }
}
