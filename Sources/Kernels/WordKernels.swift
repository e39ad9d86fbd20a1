import CKernels

/// Where words begin and end in a text.
package enum WordKernels {
  /// Writes where runs of letters, digits, `_` and bytes beyond ASCII begin and end, in turn, to the beginning of `bounds`, which has
  /// one element more than `text` bytes; returns how many numbers these are. `text` is shorter than 4 GiB.
  package static func findBounds(in text: Span<UInt8>, _ bounds: inout [UInt32]) -> Int {
    precondition(bounds.count > text.count)
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe bounds.withUnsafeMutableBufferPointer { bounds in
        unsafe ck_word_bounds(text.baseAddress, text.count, bounds.baseAddress)
      }
    }
  }

  /// Writes where the words of the static model (`ck_embed_words`) begin and end to the beginnings of `starts` and `ends`, which have
  /// as many elements as `text` bytes at least; returns how many words these are. `text` is shorter than 4 GiB.
  package static func findModelWords(in text: Span<UInt8>, _ starts: inout [UInt32], _ ends: inout [UInt32]) -> Int {
    precondition(starts.count >= text.count && ends.count >= text.count)
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe ck_embed_words(text.baseAddress, text.count, &starts, &ends)
    }
  }
}
