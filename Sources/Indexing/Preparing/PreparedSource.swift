import Chunking
import Corpus
package import Embedding
import Inspection
package import Primitives
package import Segments

/// Files that were cut, analysed and embedded elsewhere, and need not be here. Thread-safe.
package protocol PreparedSource: Sendable {
  /// What their vectors were made with.
  var model: ModelIdentity { get }

  /// What was made of the file at `path` with this content; nil where that is not known.
  func file(at path: FilePath, _ content: ContentHash) -> PreparedFile?

  /// Is told that the run has taken what `file` gave.
  func noteUse(of file: PreparedFile)
}

extension FilePreparer {
  /// The file as it was prepared elsewhere, where it can be believed: it is of this model and language, and its chunks
  /// are parts of these bytes.
  func preparedElsewhere(
    _ work: CorpusDiff.FileToRead, _ language: Language, _ source: Span<UInt8>, _ content: ContentHash
  ) -> PreparedFile? {
    guard let elsewhere, elsewhere.model == embedder.identity, !work.isReread, !work.retriesSyntax,
      var file = elsewhere.file(at: work.file.path, content), file.language == language
    else { return nil }
    for i in file.chunks.indices {
      let bytes = file.chunks[i].chunk.bytes
      guard bytes.upperBound <= source.count else { return nil }
      let hash = ContentHash(of: source.extracting(bytes))
      guard ChunkHash(hash) == ChunkHash(file.chunks[i].contentHash) else { return nil }
      file.chunks[i].contentHash = hash
    }
    elsewhere.noteUse(of: file)
    return file
  }
}
