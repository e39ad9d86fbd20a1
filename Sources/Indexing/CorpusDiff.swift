package import Catalog
package import Corpus

/// What must be done to bring an index up to date with a listing of its corpus.
package struct CorpusDiff: Sendable {
  package struct FileToRead: Hashable, Sendable {
    package var file: SourceFile
    /// What the index has of it.
    package var known: FileRecord?
    package init(file: SourceFile, known: FileRecord?) {
      self.file = file
      self.known = known
    }
  }
  /// New files and those whose fingerprint is not the stored one, in the order of their paths.
  package var filesToRead: [FileToRead] = []
  /// Files that the index knows and the listing does not have.
  package var gone: [FileRecord] = []
  /// Files with the stored fingerprint that are indexed, and those that were skipped after being read.
  package var unchangedCount = 0
  package var unchangedSkipped: [SkipReason: Int] = [:]

  private let files: [SourceFile]
  private var position = 0

  /// Begins a comparison with `files`, in the order of their paths. Then `add` every known file in that order, then
  /// `finish`: one pass over two sorted lists.
  package init(of files: [SourceFile]) { self.files = files }

  package mutating func add(_ known: FileRecord) {
    while position < files.count, files[position].path < known.path {
      filesToRead.append(FileToRead(file: files[position], known: nil))
      position += 1
    }
    guard position < files.count, files[position].path == known.path else {
      gone.append(known)
      return
    }
    let file = files[position]
    position += 1
    if file.fingerprint != known.fingerprint {
      filesToRead.append(FileToRead(file: file, known: known))
    } else if case .skipped(let reason) = known.state {
      unchangedSkipped[reason, default: 0] += 1
    } else {
      unchangedCount += 1
    }
  }

  package mutating func finish() {
    filesToRead += files[position...].map { FileToRead(file: $0, known: nil) }
    position = files.count
  }
}
