import Disk
import Inspection
import Primitives

/// What a walk listed, with the times of each directory and the identity of each file that decided about it, as bytes
/// that another process reads: `CorpusWalker.list(from:)` then looks only at what may have changed.
///
/// It is a cache. It serves one program, one tree and one choice of options (`subject`), it may be lost at any time,
/// and whatever of it makes no sense is no cache at all. It takes 20 to 30 bytes a file.
///
///     magic            8 bytes, "CAIRNTRE"
///     version          4 bytes
///     checksum         8 bytes: XXH3 of all that follows
///     subject          16 bytes
///     note             length, bytes: what the owner of the cache keeps with it
///     files            number of the files of the whole corpus
///     left out         count, and for each reason its number (`SkipReason`) and how many entries it leaves out
///     consulted        `ConsultedFiles` of the tree
///     directories      count, and of each in the order of their paths:
///       path           bytes that it shares with the one before; length, the rest
///       trusted        1 byte: 1 if equal times mean equal entries
///       status         device, inode: numbers; modified, changed: 8 bytes each
///       judgement      16 bytes
///       body           length, bytes:
///         consulted    1 byte, 1 if there is `.git`; then `ConsultedFiles`
///         deciding     count, entries: the files in it that decide about it
///         entries      count, entries: files, then what is left out
///
/// An entry: a byte of flags (`EntryFlags`); its name, as a path above; where it is left out, the reason's number;
/// where its status was looked at, the size, and how inode, time of modification and time of change (unless both times
/// are one) differ from those of the entry before. Numbers are LEB128 where nothing else is said, words little-endian.
package struct ListingCache: Sendable {
  /// For what it holds: the tree, the options, the surroundings and the program.
  let subject: ContentHash
  /// What the owner keeps with it.
  package var note: [UInt8]
  var fileCount: Int
  var leftOut: [SkipReason: Int]
  /// On what it hangs which repository the root lies in and what holds there.
  var consulted: ConsultedFiles
  /// The root first, in the order of their paths.
  var directories: [CachedDirectory]

  package static let magic = Array("CAIRNTRE".utf8)
  private static let version: UInt32 = 1
  private static let headByteCount = 20
  /// A tree of ten million files.
  package static let byteLimit = 1 << 28

  init(
    subject: ContentHash, fileCount: Int, leftOut: [SkipReason: Int], consulted: ConsultedFiles,
    directories: [CachedDirectory]
  ) {
    self.subject = subject
    note = []
    self.fileCount = fileCount
    self.leftOut = leftOut
    self.consulted = consulted
    self.directories = directories
  }

  /// Reads what `bytes` gives; nil if that is damaged, or of another version. Some milliseconds for 100,000 files: what
  /// directories list is not yet read.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count > Self.headByteCount, bytes.count <= Self.byteLimit, bytes.starts(with: Self.magic) else {
      return nil
    }
    var head = CacheReader(bytes, in: Self.magic.count..<Self.headByteCount)
    var version: UInt32 = 0
    for i in 0..<4 { version |= UInt32(head.byte()) << UInt32(8 * i) }
    guard version == Self.version, head.word() == checksum(bytes.span.extracting(Self.headByteCount..<bytes.count))
    else { return nil }
    var reader = CacheReader(bytes, in: Self.headByteCount..<bytes.count)
    subject = reader.hash()
    note = Array(reader.run())
    fileCount = reader.count()
    leftOut = [:]
    for _ in 0..<reader.count() {
      let reason = Int(reader.byte())
      guard reason < EntryFlags.reasons.count else { return nil }
      leftOut[EntryFlags.reasons[reason]] = reader.count()
    }
    consulted = ConsultedFiles(&reader)
    directories = []
    let count = reader.count()
    directories.reserveCapacity(count)
    var path: [UInt8] = []
    for _ in 0..<count {
      let shared = reader.number()
      guard shared <= UInt64(path.count) else { return nil }
      path.removeSubrange(Int(shared)...)
      path.append(contentsOf: reader.run())
      // In order, so that the root comes first and no directory twice; and none that leads out of the tree.
      guard Self.isPath(path), directories.last.map({ $0.path.bytes.lexicographicallyPrecedes(path) }) ?? path.isEmpty
      else { return nil }
      var directory = CachedDirectory(path: FilePath(bytes: path), judgement: ContentHash(high: 0, low: 0))
      directory.isTrusted = reader.byte() == 1
      directory.device = reader.number()
      directory.inode = reader.number()
      directory.modified = Int64(bitPattern: reader.word())
      directory.changed = Int64(bitPattern: reader.word())
      directory.judgement = reader.hash()
      directory.body = reader.run()
      if reader.isDamaged { return nil }
      directories.append(directory)
    }
    guard reader.isAtEnd, !reader.isDamaged, !directories.isEmpty else { return nil }
  }

  /// Whether it is empty or a relative path without dots and empty names in it.
  private static func isPath(_ path: [UInt8]) -> Bool {
    path.isEmpty || !path.contains(0) && FilePath(bytes: path).isOrdinary
  }

  /// What `init(_:)` reads. A few milliseconds for 100,000 files.
  package var bytes: [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(directories.reduce(1_000) { $0 + $1.body.count + 80 })
    body.append(hash: subject)
    body.append(run: note)
    body.append(varint: UInt64(fileCount))
    let counts = leftOut.filter { $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
    body.append(varint: UInt64(counts.count))
    for (reason, count) in counts {
      body.append(UInt8(EntryFlags.reasons.firstIndex(of: reason) ?? 0))
      body.append(varint: UInt64(count))
    }
    consulted.append(to: &body)
    body.append(varint: UInt64(directories.count))
    var path: [UInt8] = []
    for directory in directories {
      let shared = sharedCount(path[...], directory.path.bytes[...])
      path = directory.path.bytes
      body.append(varint: UInt64(shared))
      body.append(run: path[shared...])
      body.append(directory.isTrusted ? 1 : 0)
      body.append(varint: directory.device)
      body.append(varint: directory.inode)
      body.append(littleEndian: directory.modified)
      body.append(littleEndian: directory.changed)
      body.append(hash: directory.judgement)
      body.append(run: directory.body)
    }
    var bytes = Self.magic
    bytes.reserveCapacity(Self.headByteCount + body.count)
    bytes.append(littleEndian: Self.version)
    bytes.append(littleEndian: checksum(body.span))
    return bytes + body
  }

  /// Where the directory at `path` stands among the directories; nil if it is none of them.
  func position(of path: FilePath) -> Int? {
    var (low, high) = (0, directories.count)
    while low < high {
      let middle = low + (high - low) / 2
      if directories[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < directories.count && directories[low].path == path ? low : nil
  }

  /// Everything that it lists, but for what could not be read; nil if it makes no sense.
  package func listing() -> CorpusListing? {
    var listing = CorpusListing(files: [], skipped: [])
    listing.files.reserveCapacity(fileCount)
    for directory in directories {
      guard let content = directory.readBody() else { return nil }
      listing.files += content.files
      listing.skipped += content.skipped
    }
    listing.files.sort { $0.path < $1.path }
    listing.skipped.sort { $0.path < $1.path }
    return listing
  }

  /// What is left out, directory by directory; nil where the cache makes no sense.
  func skippedEntries() -> [SkippedEntry]? {
    var skipped: [SkippedEntry] = []
    for directory in directories {
      guard let content = directory.readBody() else { return nil }
      skipped += content.skipped
    }
    return skipped
  }
}
