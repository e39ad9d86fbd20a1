package import Primitives

/// Whether a store holds what a local index holds.
package struct StoreComparison: Hashable, Sendable {
  /// Files that the store lacks, that only the store has, and whose content differs; in the order of paths.
  package var missing: [FilePath] = []
  package var surplus: [FilePath] = []
  package var different: [FilePath] = []
  /// Files with the same content that differ in their chunks, terms or vectors, where these were compared.
  package var unequal: [FilePath] = []
  package var fileCount = 0
  package var chunkCount = 0

  package var isEqual: Bool { missing.isEmpty && surplus.isEmpty && different.isEmpty && unequal.isEmpty }

  /// Compares paths and contents.
  ///
  /// - Parameter deep: compares every chunk too: lines, symbols, terms with their frequencies, vectors. Reads all of
  ///   both.
  package init(
    of files: LocalFiles, with store: any SharedStore, _ collection: StoreCollection, deep: Bool,
    _ context: SearchContext
  ) throws(Failure) {
    var known: [FilePath: StoreFileEntry] = [:]
    for entry in try store.files(of: collection, context) { known[entry.path] = entry }
    var same: [LocalFiles.Entry] = []
    for entry in files.entries {
      fileCount += 1
      chunkCount += entry.chunkCount
      guard let other = known.removeValue(forKey: entry.path) else {
        missing.append(entry.path)
        continue
      }
      if other.contentHash != entry.contentHash {
        different.append(entry.path)
      } else if other.chunkCount != entry.chunkCount {
        unequal.append(entry.path)
      } else {
        same.append(entry)
      }
    }
    surplus = known.keys.sorted()
    guard deep else { return }
    var found: [FilePath] = []
    let noTexts: (LocalFiles.Entry) throws(Failure) -> [UInt8]? = { _ in nil }
    try files.forEachList(of: same, texts: noTexts, context.cancellation) { list throws(Failure) in
      var others: [FilePath: StoreFile] = [:]
      for file in try store.read(list.map(\.path), of: collection, context) { others[file.path] = file }
      for file in list where others[file.path].map({ !$0.isSame(as: file) }) ?? true { found.append(file.path) }
    }
    unequal = (unequal + found).sorted()
  }
}

extension StoreFile {
  /// Whether both are the same but for their texts and the order in which their terms are kept.
  package func isSame(as other: StoreFile) -> Bool {
    func sorted(_ file: StoreFile) -> [[StoreChunk.Posting]] {
      file.postings.map { $0.sorted { $0.term < $1.term } }
    }
    return path == other.path && language == other.language && contentHash == other.contentHash
      && chunks == other.chunks && sorted(self) == sorted(other)
  }
}
