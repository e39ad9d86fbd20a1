package import Disk

/// How large a corpus is, as far as an index knows it.
package struct CorpusSize: Hashable, Sendable {
  package var fileCount: Int
  /// Bytes of the source files.
  package var byteCount: Int

  package init(fileCount: Int, byteCount: Int) {
    self.fileCount = fileCount
    self.byteCount = byteCount
  }
}

/// The sizes that hold where nobody has set any: a pure function of the machine and the corpus.
///
///     let sizes = DerivedSizes(machine: .current, corpus: nil)
package struct DerivedSizes: Hashable, Sendable {
  /// One thread for each core.
  package var threadCount: Int
  /// A quarter of the memory, at least 16 and at most 256 MiB: a run must not be felt by what else the machine does.
  package var maximumMemoryMegabytes: Int
  /// Enough for two states of the corpus (two branches, say): less would throw each embedding away before it is needed
  /// again.
  package var embeddingCacheMegabytes: Int

  /// - Parameter corpus: nil if there is no index yet; then the sizes are those of a large one.
  package init(machine: Machine, corpus: CorpusSize?) {
    threadCount = machine.coreCount
    maximumMemoryMegabytes = min(256, max(16, machine.memoryByteCount >> 22))
    embeddingCacheMegabytes = 1024
    guard let corpus else { return }
    // A chunk of about a kilobyte of source becomes 384 numbers of 4 bytes, or twice as many in larger models.
    embeddingCacheMegabytes = min(16_384, max(256, (corpus.byteCount >> 20) * 2 * 3))
  }
}

extension SettingValues {
  /// What holds in place of a value that asks for more than itself: a size that nobody has set, a share of the memory,
  /// threads where there is to be one. In the setting's own unit, with what it comes from; nil if the value stands
  /// for itself.
  ///
  /// The one derivation: `ResolvedSettings` and what `cairn config` shows are both made of it.
  func derived(
    _ setting: Setting, machine: Machine, corpus: CorpusSize?
  ) -> (value: Int, reason: String)? {
    let sizes = DerivedSizes(machine: machine, corpus: corpus)
    let entry = self[setting]
    let memory = "\(machine.memoryByteCount >> 20) MB of memory"
    switch (setting, entry.value) {
    case (.threadCount, let value) where !boolean(.isParallel) && value != .integer(1): return (1, "parallel = false")
    case (.threadCount, .integer(0)):
      return (sizes.threadCount, machine.coreCount == 1 ? "1 core" : "\(machine.coreCount) cores")
    case (.maximumMemoryMegabytes, .integer(0)): return (sizes.maximumMemoryMegabytes, memory)
    case (.maximumMemoryMegabytes, .text(let share)):
      let megabytes = max(1, (machine.memoryByteCount >> 20) * (Int(share.dropLast()) ?? 25) / 100)
      return (megabytes, "\(share) of \(memory), \(entry.origin)")
    case (.embeddingCacheMegabytes, .integer(0)):
      return (
        sizes.embeddingCacheMegabytes,
        corpus.map { "a corpus of \($0.byteCount >> 20) MB" } ?? "a corpus not seen yet"
      )
    default: return nil
    }
  }

  /// `entries`, with what is derived in place of each value that asks for it.
  ///
  /// - Parameter corpus: what an index knows of it, or nil.
  package func effectiveEntries(machine: Machine = .current, corpus: CorpusSize? = nil) -> [Entry] {
    entries.map { entry in
      guard let derived = derived(entry.setting, machine: machine, corpus: corpus) else { return entry }
      return Entry(setting: entry.setting, value: .integer(derived.value), origin: .derived(from: derived.reason))
    }
  }
}
