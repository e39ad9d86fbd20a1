import Catalog
import Chunking
import Corpus
import Inspection
import Primitives
import Segments

extension FilePreparer {
  /// The outcome for a file that a segment holds as it is, tombstoned at the same path; nil if none does.
  ///
  /// What decides on that besides the bytes is the same: model, chunker and analyzer are the index', the language is
  /// compared. A file with a secret never comes back in this way, since what is left of it is to leave the disk.
  func revived(
    _ work: CorpusDiff.FileToRead, _ language: Language, holdsSecret: Bool, _ content: ContentHash
  ) -> PreparedOutcome.Content? {
    guard let stored, !holdsSecret, !work.isReread, !work.retriesSyntax,
      let found = stored.tombstoned(at: work.file.path, content, language)
    else { return nil }
    return .revived(segment: found.segment, number: found.number, chunkCount: found.chunkCount)
  }

  /// The chunks of a file with the same content and language; nil if no segment holds one. A vector and the terms
  /// depend on the path too, so that these are made anew.
  func storedChunks(
    _ work: CorpusDiff.FileToRead, _ language: Language, _ source: Span<UInt8>, _ content: ContentHash
  ) -> [Chunk]? {
    guard let stored, !work.isReread, !work.retriesSyntax else { return nil }
    return stored.chunks(of: content, language, in: source)
  }
}

extension IndexRun {
  /// What the run need not make again, from the segments of the build that it goes on with.
  func storedContents(
    _ snapshot: CatalogSnapshot, _ catalog: IndexCatalog, _ build: IndexBuild
  ) throws(Failure) -> StoredContents? {
    // Who wants everything made anew may doubt what there is.
    if options.rebuilds || snapshot.segments.isEmpty { return nil }
    return StoredContents(
      of: snapshot.segments, in: directory, gaps: Set(try catalog.recordedGaps(of: build).map(\.path)))
  }

  /// Counts a file of which at least the chunks were there.
  func countReused(_ outcome: PreparedOutcome) {
    switch outcome.content {
    case .revived(_, _, let chunkCount):
      report.reused.revivedFiles += 1
      report.reused.chunks += chunkCount
    case .indexed(let file) where outcome.reusesChunks:
      report.reused.copiedFiles += 1
      report.reused.chunks += file.chunks.count
    default: break
    }
  }
}
