import CKernels

/// The offset of the first byte of each line of `text`, and its end; for an empty text 0 alone. A line ends with `\n`;
/// what follows the last one is a line if it is not empty. At most 4 GiB; 20 bytes a nanosecond.
package func lineStarts(of text: Span<UInt8>) -> [UInt32] {
  precondition(text.count < Int(UInt32.max))
  if text.isEmpty { return [0] }
  let newline = UInt8(ascii: "\n")
  return unsafe text.withUnsafeBufferPointer { bytes in
    let count = unsafe ck_count_byte(bytes.baseAddress, bytes.count, newline)
    return unsafe [UInt32](unsafeUninitializedCapacity: count + 2) { starts, filled in
      unsafe starts[0] = 0
      let found = unsafe ck_find_byte(bytes.baseAddress, bytes.count, newline, starts.baseAddress! + 1)
      for i in 1..<(found + 1) { unsafe starts[i] += 1 }
      filled = found + 1
      if unsafe starts[found] != UInt32(bytes.count) {
        unsafe starts[found + 1] = UInt32(bytes.count)
        filled += 1
      }
    }
  }
}

/// The number of `\n` in `text`: 50 bytes a nanosecond.
package func lineBreakCount(in text: Span<UInt8>) -> Int {
  unsafe text.withUnsafeBufferPointer { unsafe ck_count_byte($0.baseAddress, $0.count, UInt8(ascii: "\n")) }
}

/// Where words begin and end in a text.
package enum WordKernels {
  /// Writes where runs of letters, digits, `_` and bytes beyond ASCII begin and end, in turn, to the beginning of
  /// `bounds`, which has one element more than `text` bytes; returns how many numbers these are. `text` is shorter than
  /// 4 GiB.
  package static func findBounds(in text: Span<UInt8>, _ bounds: inout [UInt32]) -> Int {
    precondition(bounds.count > text.count)
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe bounds.withUnsafeMutableBufferPointer { bounds in
        unsafe ck_word_bounds(text.baseAddress, text.count, bounds.baseAddress)
      }
    }
  }

  /// Writes where the words of the static model (`ck_embed_words`) begin and end to the beginnings of `starts` and
  /// `ends`, which have as many elements as `text` bytes at least; returns how many words these are. `text` is shorter
  /// than 4 GiB.
  package static func findModelWords(in text: Span<UInt8>, _ starts: inout [UInt32], _ ends: inout [UInt32]) -> Int {
    precondition(starts.count >= text.count && ends.count >= text.count)
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe ck_embed_words(text.baseAddress, text.count, &starts, &ends)
    }
  }
}
