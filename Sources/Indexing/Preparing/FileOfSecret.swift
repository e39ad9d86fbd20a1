import Catalog
import Corpus
import Inspection

// A file with a secret that is indexed because that was asked for is read again by each run, so that it leaves the
// index as soon as it is not asked for any more: by then nothing else tells it from other files.

extension Fingerprint {
  /// Stores that the file holds a secret, in a time of change that no file has.
  mutating func markAsSecret() { changed = -1 }

  /// Whether the file, which is indexed, holds a secret.
  var isOfSecret: Bool { changed == -1 }
}

extension FileRecord {
  /// Whether a file whose content is the same is to be treated as it was, as far as secrets and bulk go.
  func mayStay(as file: SourceFile) -> Bool {
    if state == .skipped(.secret) { return !file.includesSecrets }
    if case .skipped(let reason) = state, reason.isOfBulk { return !file.includesGenerated }
    if fingerprint.isOfBulk, !file.includesGenerated { return false }
    return !fingerprint.isOfSecret || file.includesSecrets
  }
}

// Bulk that a program made (see `ContentInspector`) and that is indexed because that was asked for is told by its time
// of change as well, so that it leaves the index when it is not asked for any more, and is read only then.

extension Fingerprint {
  /// Stores that the file is only there because it was asked for: its time of change is kept with the other sign; that
  /// of a racy one, which is read again in any case, is none.
  mutating func markAsBulk() { changed = changed > 2 ? -changed : -2 }

  /// Whether the file, which is indexed, is such.
  var isOfBulk: Bool { changed < -1 }

  /// As it was before it was marked.
  var withoutBulkMark: Fingerprint {
    var fingerprint = self
    if isOfBulk { fingerprint.changed = -changed }
    return fingerprint
  }
}

extension SkipReason {
  /// Whether it keeps out what comes in when bulk is asked for.
  var isOfBulk: Bool { self == .generated || self == .minified }
}
