import Chunking
import Inspection
import Primitives
package import Segments

/// Finds a chunk in its file as the file is now.
package enum ChunkLocator {
  /// Where the chunk lies: where the index has it if its bytes are still there, else the nearest place to that which
  /// holds the same bytes on whole lines, else the nearest with the same lines that only end otherwise; nil if there
  /// is none.
  ///
  /// Only a run of as many lines that has as many bytes is hashed, so that a file of n lines costs n subtractions and a
  /// few hashes.
  package static func locate(_ stored: StoredChunk, in text: SourceText) -> (lines: ClosedRange<Int>, hasMoved: Bool)? {
    locate(stored.chunk.bytes, lines: stored.chunk.lines, contentHash: stored.contentHash, in: text)
  }

  /// The same for a chunk that the index has at `range` on `lines`.
  ///
  /// - Parameter isTaken: whether the place from a line on is another chunk's with the same bytes.
  package static func locate(
    _ range: Range<Int>, lines: ClosedRange<Int>, contentHash: ChunkHash, in text: SourceText,
    isTaken: (Int) -> Bool = { _ in false }
  ) -> (lines: ClosedRange<Int>, hasMoved: Bool)? {
    guard range.lowerBound >= 0, !range.isEmpty else { return nil }
    let first = lines.lowerBound
    let count = lines.count
    if range.upperBound <= text.bytes.count, hash(of: range, in: text) == contentHash {
      // The same bytes at the same offset can stand on other lines, if what is above was cut differently.
      if first >= 1, first <= text.lineCount, text.start(ofLine: first) == range.lowerBound, !isTaken(first) {
        return (lines, false)
      }
    }
    guard count <= text.lineCount else { return nil }
    let last = text.lineCount - count
    let old = min(max(first - 1, 0), last)
    let found =
      nearest(to: old, upTo: last) { start in
        let from = text.start(ofLine: start + 1)
        guard text.start(ofLine: start + count + 1) - from == range.count, !isTaken(start + 1) else { return false }
        return hash(of: from..<(from + range.count), in: text) == contentHash
      } ?? lineWithOtherEnds(of: range.count, lineCount: count, contentHash, near: old, in: text, isTaken)
    return found.map { (($0 + 1)...($0 + count), $0 + 1 != first) }
  }

  /// The place from 0 to `last` nearest to `old` for which `holds` is true: from the old one outwards, above before
  /// below.
  private static func nearest(to old: Int, upTo last: Int, where holds: (Int) -> Bool) -> Int? {
    for distance in 0...max(old, last - old) {
      for start in distance == 0 ? [old] : [old - distance, old + distance] where start >= 0 && start <= last {
        if holds(start) { return start }
      }
    }
    return nil
  }

  /// The number of lines above the place of a chunk of `byteCount` bytes whose lines are all there but for how they
  /// end: with `\n` or `\r\n` in place of each other, or the last with or without. Costs a read of every line, and a
  /// copy and a hash for each of the nearest runs of lines that would have as many bytes, at most `mostHashes`.
  private static func lineWithOtherEnds(
    of byteCount: Int, lineCount count: Int, _ contentHash: ChunkHash, near old: Int, in text: SourceText,
    _ isTaken: (Int) -> Bool
  ) -> Int? {
    // How many bytes the lines above each have without their ends.
    var above = [0]
    above.reserveCapacity(text.lineCount + 1)
    for line in 0..<text.lineCount { above.append(above[line] + text.range(ofLine: line + 1).count) }
    var hashCount = 0
    return nearest(to: old, upTo: text.lineCount - count) { start in
      let endsCount = byteCount - (above[start + count] - above[start])
      guard endsCount >= 0, endsCount <= 2 * count, !isTaken(start + 1) else { return false }
      for end in [[UInt8(ascii: "\n")], [UInt8(ascii: "\r"), UInt8(ascii: "\n")]] {
        for endsLast in [true, false] where endsCount == end.count * (endsLast ? count : count - 1) {
          hashCount += 1
          if hashCount > mostHashes { return false }
          var bytes: [UInt8] = []
          bytes.reserveCapacity(byteCount)
          for line in 1...count {
            bytes += text.bytes[text.range(ofLine: start + line)]
            if endsLast || line < count { bytes += end }
          }
          if ChunkHash(of: bytes.span) == contentHash { return true }
        }
      }
      return false
    }
  }

  /// The same together with the text: no more of it than the chunk and `context` lines around it where the chunk is
  /// still in its place, which is nearly always; what comes before them is then only counted through, and what lies
  /// behind them not even read.
  ///
  /// - Parameter avoidsShown: whether a place at which the reader noted a result is another chunk's.
  static func text(
    of entry: ChunkList.Entry, at path: SourcePath, context: Int, reader: inout SourceReader, avoidsShown: Bool = true
  ) -> (text: SourceText, lines: ClosedRange<Int>, hasMoved: Bool)? {
    let range = entry.bytes
    let taken = avoidsShown ? reader.shownLines(of: path) : []
    if context <= mostContext, !taken.contains(entry.lines.lowerBound),
      let text = textInPlace(of: entry, at: path, context: context, reader: &reader)
    {
      return (text, entry.lines, false)
    }
    guard let text = reader.text(of: path),
      let found = locate(
        range, lines: entry.lines, contentHash: entry.contentHash, in: text, isTaken: taken.contains)
    else { return nil }
    return (text, found.lines, found.hasMoved)
  }

  /// Nil if the chunk is not in its place, or more of the file has to be read to tell.
  private static func textInPlace(
    of entry: ChunkList.Entry, at path: SourcePath, context: Int, reader: inout SourceReader
  ) -> SourceText? {
    let range = entry.bytes
    let around = (context + 1) * bytesOfLine
    // The text of a notebook is made of the whole of it.
    guard range.lowerBound >= 0, !range.isEmpty, !NotebookText.isNotebook(path.path),
      let part = reader.part(max(0, range.lowerBound - around)..<(range.upperBound + around), of: path)
    else { return nil }
    let chunk = (range.lowerBound - part.start)..<(range.upperBound - part.start)
    // Bytes with the chunk's hash are its text in whatever encoding the file may be; those around it are where they are
    // UTF-8.
    guard chunk.upperBound <= part.bytes.count,
      ChunkHash(of: part.bytes.span.extracting(chunk)) == entry.contentHash,
      SourceBytes.isText(part.bytes.span.extracting(part.firstCharacter..<part.bytes.count)),
      let text = SourceText(
        part.bytes, around: chunk, firstLine: entry.lines.lowerBound, context: context,
        before: (part.start, part.lineBreakCount)),
      part.endsFile || text.start(ofLine: text.lineCount + 1) < part.bytes.count
    else { return nil }
    return text
  }

  /// More context than this is searched for in all lines of the file.
  private static let mostContext = 100
  /// In which as many lines above and below a chunk as are shown nearly always lie.
  private static let bytesOfLine = 512

  /// In a table whose lines all have one length every run of lines would have as many bytes as the chunk.
  private static let mostHashes = 1000

  private static func hash(of range: Range<Int>, in text: SourceText) -> ChunkHash {
    ChunkHash(of: text.bytes.span.extracting(range))
  }
}
