import Corpus
import Disk
import IndexStorage
import Inspection
import Primitives
import Segments
import Synchronization

/// The n-grams of files that a search of lines reads beside the index, as a watcher learns them when nothing else is to
/// be done: what a tree has of them is often large, and seldom changes.
final class UnindexedGrams: Sendable {
  private struct Known {
    var fingerprint: Fingerprint
    var grams: [UInt8]?
  }
  private let known = Mutex<[FilePath: Known]>([:])

  /// Smaller files are as soon read as looked up, and of larger ones nobody waits for.
  private static let byteCounts = (16 << 10)...(256 << 20)
  /// Of more files than these, only the largest are learned.
  private static let fileLimit = 2_000

  /// `files` with what is known of them; what is known of others is forgotten.
  func filled(_ files: [UnindexedFiles.File]) -> [UnindexedFiles.File] {
    known.withLock { known in
      var kept: [FilePath: Known] = [:]
      let filled = files.map { file in
        guard let found = known[file.path], found.fingerprint == file.fingerprint else { return file }
        kept[file.path] = found
        return UnindexedFiles.File(path: file.path, fingerprint: file.fingerprint, grams: found.grams)
      }
      known = kept
      return filled
    }
  }

  /// Those of `files` that are to be learned. Those with secrets must not be among them: n-grams tell much of a text.
  func missing(of files: [UnindexedFiles.File]) -> [UnindexedFiles.File] {
    let known = known.withLock { $0 }
    let large = files.filter { Self.byteCounts.contains($0.fingerprint.byteCount) }
      .sorted { ($1.fingerprint.byteCount, $0.path) < ($0.fingerprint.byteCount, $1.path) }
    return large.prefix(Self.fileLimit).filter { known[$0.path]?.fingerprint != $0.fingerprint }
  }

  /// Reads `files`, and keeps what they hold, until it is cancelled. What cannot be read, or is not as it was, stays
  /// unknown.
  func learn(_ files: [UnindexedFiles.File], in root: FilePath, _ cancellation: Cancellation) {
    guard let tree = try? CorpusFiles(root: root, followsLinks: false) else { return }
    for file in files {
      if cancellation.isCancelled { return }
      let began = wallClockNanoseconds()
      if file.fingerprint.isRacy(readAt: began) { continue }
      guard let (bytes, status) = try? tree.readFile(file.path, limit: Self.byteCounts.upperBound),
        Fingerprint(status) == file.fingerprint
      else { continue }
      let grams = FileGrams(of: bytes.span).kept
      known.withLock { $0[file.path] = Known(fingerprint: file.fingerprint, grams: grams) }
    }
  }
}

extension SkippedEntry {
  /// Whether the index leaves it out by its name or its size, and a search of lines does not.
  var isReadByLineSearch: Bool {
    switch reason {
    case .tooLarge, .secret: !isDirectory
    case .vendored: isDirectory
    default: false
    }
  }
}
