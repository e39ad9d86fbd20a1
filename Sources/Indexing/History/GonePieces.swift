import Chunking
import Primitives

/// Cuts the chunks of a file down to the lines that a commit took away, with what little stands between them: what
/// stayed is not found in a history.
struct GonePieces {
  /// Of the file, from 1, ascending and not touching.
  private let gone: [ClosedRange<Int>]
  /// The offset of each line's first byte, and where the last ends.
  private let lineStarts: [Int]

  /// Lines that went are shown as one where no more than so many between them stayed.
  private static let gapLineCount = 4

  init(of gone: [ClosedRange<Int>], in text: Span<UInt8>) {
    self.gone = gone
    var starts = [0]
    for i in text.indices where text[i] == .newline { starts.append(i + 1) }
    if starts[starts.count - 1] < text.count { starts.append(text.count) }
    lineStarts = starts
  }

  /// The pieces of `chunks`, in their order; lines of which none says anything make no piece.
  func pieces(of chunks: [Chunk]) -> [Chunk] {
    var pieces: [Chunk] = []
    var next = 0
    for chunk in chunks {
      while next < gone.count, gone[next].upperBound < chunk.lines.lowerBound { next += 1 }
      var run: ClosedRange<Int>?
      var i = next
      while i < gone.count, gone[i].lowerBound <= chunk.lines.upperBound {
        let lines = gone[i].clamped(to: chunk.lines)
        if let open = run, lines.lowerBound - open.upperBound - 1 <= Self.gapLineCount {
          run = open.lowerBound...lines.upperBound
        } else {
          if let run { append(run, of: chunk, to: &pieces) }
          run = lines
        }
        i += 1
      }
      if let run { append(run, of: chunk, to: &pieces) }
    }
    return pieces
  }

  private func append(_ lines: ClosedRange<Int>, of chunk: Chunk, to pieces: inout [Chunk]) {
    // What a patch says of lines that the file does not have.
    guard lines.lowerBound >= 1, lines.upperBound < lineStarts.count else { return }
    let start = lineStarts[lines.lowerBound - 1]
    let end = lineStarts[lines.upperBound]
    let bytes = max(start, chunk.bytes.lowerBound)..<max(start, min(end, chunk.bytes.upperBound))
    if bytes.isEmpty { return }
    let before = chunk.symbols.last { $0.line < lines.lowerBound }
    pieces.append(
      Chunk(
        bytes: bytes, lines: lines, symbols: chunk.symbols.filter { lines.contains($0.line) },
        context: before ?? chunk.context))
  }
}
