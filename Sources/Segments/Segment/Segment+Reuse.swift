import Chunking
package import Primitives

// What a run takes from a segment in place of making it again: which contents it holds, and their chunks as they were
// cut.

extension Segment {
  /// Calls `body` with the number and the content hash of every file, in order: some nanoseconds each.
  package func forEachContentHash(_ body: (Int, ContentHash) -> Void) {
    let table = fileTable
    guard table.bytes.count >= FileTable.fixedByteCount(of: fileCount) else { return }
    for number in 0..<fileCount { body(number, table.contentHash(of: number)) }
  }

  /// The content hash of a file, without reading the rest of what is stored of it.
  package func contentHash(ofFile number: Int) -> ContentHash {
    guard number >= 0, number < fileCount else { return ContentHash(high: 0, low: 0) }
    return fileTable.contentHash(of: number)
  }

  /// The chunks of a file with all that was said of them when it was cut; nil where the segment may have kept less
  /// (`StoredLimits`), or is damaged. About a microsecond for each chunk.
  package func wholeChunks(ofFile number: Int) -> [StoredChunk]? {
    let numbers = chunks(ofFile: number)
    var list = ChunkList()
    read(Array(numbers), into: &list)
    guard damage == nil, list.entries.count == numbers.count else { return nil }
    let chunks = list.entries.indices.map { list.chunk($0) }
    return chunks.allSatisfy { Self.isWhole($0.chunk) } ? chunks : nil
  }

  /// Whether nothing of the chunk can have been beyond the limits: names that come near one may have been cut at it.
  private static func isWhole(_ chunk: Chunk) -> Bool {
    guard chunk.symbols.count < StoredLimits.symbolsOfChunk else { return false }
    var byteCount = 0
    for symbol in chunk.symbols + (chunk.context.map { [$0] } ?? []) {
      // The last bytes of a name that was cut may have been a part of a character.
      let nameLimit = StoredLimits.nameByteCount - 4
      guard symbol.name.utf8.count < nameLimit, symbol.enclosing.count < StoredLimits.enclosingCount else {
        return false
      }
      var enclosing = 0
      for name in symbol.enclosing {
        guard name.utf8.count < nameLimit else { return false }
        enclosing += name.utf8.count
      }
      guard enclosing < StoredLimits.enclosingByteCount - StoredLimits.nameByteCount else { return false }
      byteCount += symbol.name.utf8.count + enclosing
    }
    return byteCount < StoredLimits.textByteCountOfChunk - StoredLimits.enclosingByteCount - StoredLimits.nameByteCount
  }
}
