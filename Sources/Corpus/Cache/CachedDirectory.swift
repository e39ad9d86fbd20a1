import Disk
import Inspection
import Primitives

/// A directory of a cached listing: by what it is known again, and what it was judged by. What it lists lies in `body`,
/// which is only read where it is looked at.
struct CachedDirectory: Equatable, Sendable {
  /// In the corpus; empty for the root.
  var path: FilePath
  var device: UInt64 = 0
  var inode: UInt64 = 0
  var modified: Int64 = 0
  var changed: Int64 = 0
  /// Whether equal times mean that its entries and the files that decide about them are those that were listed. False
  /// where it could not be read, or was changed so shortly before that its times cannot tell of one more change.
  var isTrusted = false
  /// Of what its surroundings said of it: `Subtree.judgement`.
  var judgement: ContentHash
  /// `DirectoryContent`, as `CachedEntryReader` and its neighbours read it.
  var body: ArraySlice<UInt8> = []

  init(path: FilePath, judgement: ContentHash) {
    self.path = path
    self.judgement = judgement
  }

  var base: EntryBase { EntryBase(inode: inode, modified: modified, changed: changed) }

  /// Whether `status` is that of the directory as it was listed.
  func isSame(as status: FileStatus) -> Bool {
    status.kind == .directory && status.device == device && status.inode == inode && status.modified == modified
      && status.changed == changed
  }
}

/// What a directory listed, taken out of a cached listing or about to be put into one.
struct DirectoryContent {
  /// On what it hangs whether a repository begins there; nil where there is no `.git`.
  var consulted: ConsultedFiles?
  /// The files in it that decide what of it is listed, as they were just before they were read.
  var deciding: [DecidingEntry] = []
  var files: [SourceFile] = []
  var skipped: [SkippedEntry] = []
  /// Files that are to be told of once more.
  var racy: Set<FilePath> = []
}

extension CachedDirectory {
  /// What a visit has shown.
  ///
  /// - Parameters:
  ///   - path: in the corpus.
  ///   - readAt: when the visit began, or earlier, in nanoseconds since 1970.
  init(_ visit: VisitedDirectory, at path: FilePath, judgement: ContentHash, readAt: Int64) {
    self.init(path: path, judgement: judgement)
    let status = visit.mark?.status
    if let status {
      (device, inode) = (status.device, status.inode)
      (modified, changed) = (status.modified, status.changed)
    }
    let hasOldTimes =
      status.map { !Fingerprint($0).isRacy(readAt: readAt) } == true
      && !visit.deciding.contains { $0.fingerprint.isRacy(readAt: readAt) }
    isTrusted = hasOldTimes && visit.isWhollyKnown && visit.unread.isEmpty
    let content = DirectoryContent(
      consulted: visit.rules.consulted, deciding: visit.deciding, files: visit.files, skipped: visit.skipped)
    setBody(content, readAt: readAt)
  }

  /// - Parameter readAt: by which it is judged whether the times of a file can tell of a later change.
  mutating func setBody(_ content: DirectoryContent, readAt: Int64) {
    var bytes: [UInt8] = [content.consulted == nil ? 0 : 1]
    content.consulted?.append(to: &bytes)
    bytes.append(varint: UInt64(content.deciding.count))
    var writer = CachedEntryWriter(base: base)
    for entry in content.deciding {
      writer.add(CachedEntry(kind: .file, fingerprint: entry.fingerprint), entry.name.bytes[...])
    }
    bytes += writer.bytes
    bytes.append(varint: UInt64(content.files.count + content.skipped.count))
    writer = CachedEntryWriter(base: base)
    for file in content.files {
      var entry = CachedEntry(kind: .file, fingerprint: file.fingerprint)
      entry.includesSecrets = file.includesSecrets
      entry.includesGenerated = file.includesGenerated
      entry.isRacy = file.fingerprint.isRacy(readAt: readAt)
      writer.add(entry, name(of: file.path))
    }
    for skipped in content.skipped {
      var entry = CachedEntry(kind: skipped.isDirectory ? .directoryLeftOut : .leftOut, reason: skipped.reason)
      if !skipped.isDirectory, let fingerprint = skipped.fingerprint {
        entry.kind = .examined
        entry.fingerprint = fingerprint
      }
      writer.add(entry, name(of: skipped.path))
    }
    body = (bytes + writer.bytes)[...]
  }

  private func name(of path: FilePath) -> ArraySlice<UInt8> {
    path.bytes.dropFirst(self.path.isEmpty ? 0 : self.path.bytes.count + 1)
  }

  /// What the directory lists; nil where the body makes no sense.
  func readBody() -> DirectoryContent? {
    var content = DirectoryContent()
    var reader = CacheReader(body)
    if reader.byte() != 0 { content.consulted = ConsultedFiles(&reader) }
    var deciding = CachedEntryReader(reader, base: base)
    while let entry = deciding.next() {
      content.deciding.append(
        DecidingEntry(name: FilePath(bytes: deciding.name.dropLast()), fingerprint: entry.fingerprint))
    }
    var entries = CachedEntryReader(deciding.reader, base: base)
    while let entry = entries.next() {
      let path = self.path.appending(FilePath(bytes: entries.name.dropLast()))
      guard entry.kind == .file else {
        var skipped = SkippedEntry(path: path, reason: entry.reason, isDirectory: entry.kind == .directoryLeftOut)
        if entry.kind == .examined { skipped.fingerprint = entry.fingerprint }
        content.skipped.append(skipped)
        continue
      }
      var file = SourceFile(path: path, fingerprint: entry.fingerprint)
      file.includesSecrets = entry.includesSecrets
      file.includesGenerated = entry.includesGenerated
      content.files.append(file)
      if entry.isRacy { content.racy.insert(path) }
    }
    return deciding.remaining == 0 && entries.remaining == 0 && entries.reader.isAtEnd && !entries.reader.isDamaged
      ? content : nil
  }
}
