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
  /// A quarter of the memory, at least 16 and at most 256 MB: a run must not be felt by what else the machine does.
  package var maximumMemoryMegabytes: Int
  /// Room for two states of the corpus (two branches, say): less would throw each embedding away before it is needed
  /// again.
  package var embeddingCacheMegabytes: Int

  /// - Parameter corpus: nothing where there is no index yet; then the sizes are those of a large one.
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
  /// `entries`, with what is derived in place of each value that asks for it.
  ///
  /// - Parameter corpus: what an index knows of it, or nothing.
  package func effectiveEntries(machine: Machine = .current, corpus: CorpusSize? = nil) -> [Entry] {
    let sizes = DerivedSizes(machine: machine, corpus: corpus)
    let cores = machine.coreCount == 1 ? "1 core" : "\(machine.coreCount) cores"
    let memory = "\(machine.memoryByteCount >> 20) MB of memory"
    let ofCorpus = corpus.map { "a corpus of \($0.byteCount >> 20) MB" } ?? "a corpus not seen yet"
    return entries.map { entry in
      guard entry.value == .integer(0) else { return entry }
      let derived: (value: Int, reason: String)? =
        switch entry.setting {
        case .threadCount: (sizes.threadCount, cores)
        case .maximumMemoryMegabytes: (sizes.maximumMemoryMegabytes, memory)
        case .embeddingCacheMegabytes: (sizes.embeddingCacheMegabytes, ofCorpus)
        default: nil
        }
      guard let derived else { return entry }
      return Entry(setting: entry.setting, value: .integer(derived.value), origin: .derived(from: derived.reason))
    }
  }
}
