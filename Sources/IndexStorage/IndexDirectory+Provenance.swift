import Catalog
import Corpus
import Disk
import Primitives

// A name alone does not say who wrote a file: people have files called `options` and `watch` too. What is removed with
// an index is held against what Cairn writes under the name; names that nobody else gives (`000042.segment`,
// `catalog.sqlite`) speak for themselves, also where the bytes are damaged.

extension IndexDirectory {
  /// Whether the entry, a file by its role, holds what Cairn writes under its name, or nothing: a crash leaves some
  /// empty, or full of zeros. Reads small files; one that cannot be read is not told to be Cairn's.
  func isWrittenByCairn(_ entry: Entry) -> Bool {
    if entry.status.byteCount == 0 { return true }
    if entry.role == .request || Self.emptyNames.contains(entry.name) { return false }
    if entry.role == .file, let magic = Self.magics[entry.name] {
      let bytes = (try? file(entry.name).beginning(magic.count)) ?? []
      return bytes == magic || !bytes.isEmpty && bytes.allSatisfy { $0 == 0 }
    }
    guard entry.role == .file, let isWritten = Self.contents[entry.name] else { return true }
    guard let bytes = content(of: entry.name, limit: Self.contentByteLimit) else { return false }
    return bytes.allSatisfy { $0 == 0 } || isWritten(bytes)
  }

  /// Files in which Cairn never writes anything.
  private static let emptyNames: Set<FilePath> = [lockName, watchLockName, usedName]

  /// No other file is larger.
  private static let contentByteLimit = 1 << 17

  /// What those begin with that may be of any size.
  private static let magics = [
    treeName: ListingCache.magic, unindexedName: UnindexedFiles.magic, commitLogName: CommitLog.magic,
  ]

  private static let contents: [FilePath: @Sendable ([UInt8]) -> Bool] = [
    optionsName: { isOptions($0) },
    rootName: { $0.first == UInt8(ascii: "/") && $0.last != UInt8(ascii: "\n") && !$0.contains(0) },
    watchRecordName: { WatchRecord($0) != nil },
    underWayName: { $0.starts(with: underWayMagic) },
    markName: { $0.last == UInt8(ascii: "\n") && $0.dropLast().allSatisfy(\.isASCIIDigit) },
    adoptedName: { $0.last == 0 && $0.first?.isASCIIDigit == true },
    subjectName: { $0.count == 32 && ContentHash(digits: String(decoding: $0, as: UTF8.self)) != nil },
    ignoreName: { $0 == ignoreContent },
    "CACHEDIR.TAG": { $0.starts(with: Array(cacheSignature.utf8)) },
  ]

  /// All that the directory and those in it hold, as far as Cairn makes it: how many files, of how many bytes, and
  /// what else there is, in the order of the paths' bytes.
  func provenance() throws(Failure) -> (fileCount: Int, byteCount: Int, foreign: [FilePath]) {
    var found = (fileCount: 0, byteCount: 0, foreign: [FilePath]())
    for entry in try entries() {
      switch entry.role {
      case .foreign, .obstacle: found.foreign.append(entry.path)
      case .file, .segmentFile, .request:
        if isWrittenByCairn(entry) {
          found.fileCount += 1
          found.byteCount += entry.status.byteCount
        } else if entry.role != .file || (try? held.status(of: entry.name)) != nil {
          // One that is not there any more is nobody's.
          found.foreign.append(entry.path)
        }
      case .segmentsDirectory, .requestsDirectory: continue
      case .historyDirectory:
        let inner = try held.directory(entry.name)
        let rest = try IndexDirectory(inner, path: entry.path, readsWholeUpTo: wholeByteCount).provenance()
        found.fileCount += rest.fileCount
        found.byteCount += rest.byteCount
        found.foreign += rest.foreign
      case .indexesDirectory:
        let models = try held.directory(entry.name)
        for name in try models.entries().map(\.name).sorted() {
          let path = entry.path.appending(name)
          guard let inner = try? models.directory(name), try inner.status().owner == held.status().owner else {
            found.foreign.append(path)
            continue
          }
          let rest = try IndexDirectory(inner, path: path, readsWholeUpTo: wholeByteCount).provenance()
          found.fileCount += rest.fileCount
          found.byteCount += rest.byteCount
          found.foreign += rest.foreign
        }
      }
    }
    return found
  }
}
