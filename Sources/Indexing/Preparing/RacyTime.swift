package import Corpus

extension Fingerprint {
  /// Whether a change made after the file was read at `readAt` (nanoseconds since 1970, taken just before) could leave
  /// this fingerprint as it is, because the file's times are no older than its file system's clock can tell. The rule
  /// of git's index for "racily clean" entries, with the clock's step guessed from the times: one with a fraction of a
  /// second comes from a clock that ticks at least every 10 ms (the slowest kernel tick), one without may tick every 2
  /// s (FAT).
  package func isRacy(readAt: Int64) -> Bool {
    let newest = max(modified, changed)
    let tick: Int64 = newest % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
    return newest >= readAt - tick
  }

  /// The fingerprint to store for a file read at `readAt`. A racy one is stored with `changed` 0, which no file has, so
  /// that the next run reads the file again.
  package func stored(readAt: Int64) -> Fingerprint {
    var stored = self
    if isRacy(readAt: readAt) { stored.changed = 0 }
    return stored
  }
}
