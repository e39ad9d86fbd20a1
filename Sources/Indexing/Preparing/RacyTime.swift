package import Corpus

extension Fingerprint {
  /// The fingerprint to store for a file read at `readAt`. A racy one is stored with `changed` 0, which no file has, so
  /// that the next run reads the file again.
  package func stored(readAt: Int64) -> Fingerprint {
    var stored = self
    if isRacy(readAt: readAt) { stored.changed = 0 }
    return stored
  }
}
