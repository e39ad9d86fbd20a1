import Kernels

/// Finds where words begin and end, as `WordSplitter` sees them before it looks closer: runs of letters, digits and
/// `_`, and of any bytes beyond ASCII. With the splitter it is the working memory of an analysis.
struct WordFinder {
  /// Where words begin and end, in turn, in the current part of a text.
  private(set) var bounds = [UInt32](repeating: 0, count: partByteCount + 1)
  var splitter = WordSplitter()
  /// For runs with bytes beyond ASCII; made when the first is met.
  lazy var scripts = ScriptSplitter()
  private static let partByteCount = 4096

  init() {}

  /// Fills `bounds` with the words of the part of `text` that begins at `offset`, relative to it, and moves `offset` to
  /// its end. Returns how many numbers these are. No word goes on beyond the part.
  mutating func findWords(in text: Span<UInt8>, from offset: inout Int) -> Int {
    let start = offset
    var end = min(text.count, start + Self.partByteCount)
    let part = text.extracting(start..<end)
    // A part has at most one bound more than bytes.
    var count = WordKernels.findBounds(in: part, &bounds)
    if end < text.count, count > 0, Int(bounds[count - 1]) == end - start {
      if bounds[count - 2] > 0 {
        // The part ends before a word that it may have cut.
        end = start + Int(bounds[count - 2])
        count -= 2
      } else {
        // One that fills the part, which ends with it.
        while end < text.count, WordSplitter.isOfWord(text[end]) { end += 1 }
        bounds[1] = UInt32(end - start)
      }
    }
    offset = end
    return count
  }
}
