import Catalog
import Chunking
import Corpus
import Disk
import Embedding
import Primitives
import Segments

extension Workspace {
  /// What the index holds, or nothing where there is none.
  ///
  ///     print(try workspace.status()?.chunkCount ?? 0, "chunks")
  public func status() throws(CairnError) -> Status? {
    do throws(Failure) { return try readStatus() } catch {
      if error.code == .notFound { return nil }
      throw CairnError(error)
    }
  }

  private func readStatus() throws(Failure) -> Status? {
    let catalog = try Catalog(directory: place.directory, mode: .reading)
    guard let identity = try catalog.identity() else { return nil }
    let snapshot = try catalog.snapshot()
    var sourceByteCount = 0
    var fileCount = 0
    var skipped: [String: Int] = [:]
    for file in try catalog.files() {
      switch file.state {
      case .indexed:
        fileCount += 1
        sourceByteCount += file.fingerprint.byteCount
      case .skipped(let reason): skipped[reason.rawValue, default: 0] += 1
      }
    }
    return Status(
      root: root, indexDirectory: indexDirectory, generation: snapshot.generation, isComplete: snapshot.isComplete,
      fileCount: fileCount, chunkCount: try chunkCount(of: snapshot), segmentCount: snapshot.segments.count,
      indexByteCount: byteCount(of: place.directory), sourceByteCount: sourceByteCount,
      modelName: identity.modelName, lastChange: lastChange(), skipped: skipped,
      isOutdated: !identity.describes(try model.get().identity))
  }

  /// Chunks of files that were retired since their segment was written do not count.
  private func chunkCount(of snapshot: CatalogSnapshot) throws(Failure) -> Int {
    var count = 0
    for record in snapshot.segments {
      count += record.chunkCount
      if record.retiredFiles.isEmpty { continue }
      let segment = try Segment(opening: place.directory.appending("segments").appending(record.fileName))
      for file in record.retiredFiles.members where file < segment.fileCount { count -= segment.file(file).chunks.count }
    }
    return count
  }

  private func byteCount(of directory: FilePath) -> Int {
    var count = 0
    for entry in (try? listDirectory(directory)) ?? [] {
      let path = directory.appending(entry.name)
      guard let status = try? FileStatus(of: path, followsLinks: false) else { continue }
      switch status.kind {
      case .file: count += status.byteCount
      // The index has one floor of directories; what a person put deeper is not ours to count.
      case .directory where directory == place.directory: count += byteCount(of: path)
      default: break
      }
    }
    return count
  }

  /// A commit writes the catalog or, until it is folded in, its log.
  private func lastChange() -> Double {
    let times = ["catalog.sqlite", "catalog.sqlite-wal"].compactMap {
      (try? FileStatus(of: place.directory.appending($0)))?.modified
    }
    return Double(times.max() ?? 0) / 1e9
  }
}

extension IndexIdentity {
  /// Whether an index so built can answer with `model` and this program's chunks and terms.
  func describes(_ model: ModelIdentity) -> Bool {
    modelName == model.name && modelHash == model.contentHash && dimensions == model.dimensions
      && chunkerVersion == Chunker.version && analyzerVersion == Analyzer.version
  }
}
