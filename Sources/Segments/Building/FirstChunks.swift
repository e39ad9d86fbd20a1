/// Tells of the chunks of a segment, asked for in ascending order, whether they are the first of their file: in one walk over the
/// files, where looking each up would be a search.
struct FirstChunks {
  private var file = 0
  init() {}

  mutating func isFirstOfFile(_ chunk: Int, _ segment: Segment) -> Bool {
    let table = segment.fileTable
    while file < segment.fileCount {
      let chunks = table.chunks(of: file, chunkCount: segment.chunkCount)
      if chunks.upperBound > chunk { return chunks.lowerBound == chunk }
      file += 1
    }
    return false
  }
}
