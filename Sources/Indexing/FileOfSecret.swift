import Catalog
import Corpus

// A file with a secret that is indexed because that was asked for is read again by each run, so that it leaves the index as soon as
// it is not asked for any more: by then nothing else tells it from other files.

extension Fingerprint {
  /// Stores that the file holds a secret, in a time of change that no file has.
  mutating func markAsSecret() { changed = -1 }

  /// Whether the file, which is indexed, holds a secret.
  var isOfSecret: Bool { changed == -1 }
}

extension FileRecord {
  /// Whether a file whose content is the same is to be treated as it was, as far as secrets go.
  func mayStay(as file: SourceFile) -> Bool {
    if state == .skipped(.secret) { return !file.includesSecrets }
    return !fingerprint.isOfSecret || file.includesSecrets
  }
}
