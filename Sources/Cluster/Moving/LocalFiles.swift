import Chunking
import Corpus
package import Primitives
package import Segments

/// The live files of a local index, as a store takes them.
package struct LocalFiles: Sendable {
  /// Where a file lies, and what it is.
  package struct Entry: Hashable, Sendable {
    package var path: FilePath
    package var contentHash: ContentHash
    package var chunkCount: Int
    fileprivate var segment: Int
    fileprivate var number: Int
  }

  private let snapshot: IndexSnapshot
  /// In the order of paths.
  package let entries: [Entry]

  /// Reads the list of files of each segment.
  package init(_ snapshot: IndexSnapshot) {
    self.snapshot = snapshot
    var known: [FilePath: Entry] = [:]
    for (i, live) in snapshot.segments.enumerated() {
      for number in 0..<live.segment.fileCount {
        let file = live.segment.file(number)
        if let first = file.chunks.first, live.live.map({ !$0.contains(first) }) ?? false { continue }
        // Of a file without chunks nothing says whether it is live: one with chunks is newer.
        if file.chunks.isEmpty, known[file.path] != nil { continue }
        known[file.path] = Entry(
          path: file.path, contentHash: file.contentHash, chunkCount: file.chunks.count, segment: i, number: number)
      }
    }
    entries = known.values.sorted { $0.path < $1.path }
  }

  /// Chunks that are taken out of a segment at once: some 5 KB of memory each.
  static let chunksAtOnce = 8192

  /// Calls `body` with the files of `wanted` in lists of some thousand chunks, segment by segment.
  ///
  /// - Parameter texts: gives the bytes of a file that has this content; nil where they are not to be kept.
  package func forEachList(
    of wanted: [Entry], texts: (Entry) throws(Failure) -> [UInt8]?, _ cancellation: Cancellation,
    _ body: ([StoreFile]) throws(Failure) -> Void
  ) throws(Failure) {
    for segment in snapshot.segments.indices {
      let ofSegment = wanted.filter { $0.segment == segment }.sorted { $0.number < $1.number }
      var start = 0
      while start < ofSegment.count {
        var end = start
        var chunkCount = 0
        while end < ofSegment.count, end == start || chunkCount + ofSegment[end].chunkCount <= Self.chunksAtOnce {
          chunkCount += ofSegment[end].chunkCount
          end += 1
        }
        let list = ofSegment[start..<end]
        let contents = try snapshot.segments[segment].segment.contents(ofFiles: list.map(\.number), cancellation)
        var files: [StoreFile] = []
        for (entry, content) in zip(list, contents) { files.append(StoreFile(content, text: try texts(entry))) }
        try body(files)
        start = end
      }
    }
  }
}

extension StoreFile {
  init(_ content: FileContents, text: [UInt8]?) {
    let lengths = content.terms.lengthCodes
    self.init(
      path: content.path, language: content.language, contentHash: content.contentHash, text: text,
      chunks: content.chunks.indices.map {
        StoreChunk(
          chunk: content.chunks[$0].chunk, contentHash: content.chunks[$0].contentHash, lengthCode: lengths[$0],
          vector: content.vectors[$0])
      }, terms: content.terms)
  }
}
