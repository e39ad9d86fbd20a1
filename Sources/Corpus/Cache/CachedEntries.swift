import Disk
import Inspection
import Primitives

/// One name of a directory in a cached listing.
struct CachedEntry {
  enum Kind: UInt8 {
    case file = 0
    /// Left out after its status was looked at: for its size, or its name.
    case examined = 1
    /// Left out by its name and what kind of thing it is.
    case leftOut = 2
    case directoryLeftOut = 3
  }

  var kind: Kind
  /// Of what is left out.
  var reason = SkipReason.ignored
  /// Of a file, and of what was examined.
  var fingerprint = Fingerprint(byteCount: 0, modified: 0, changed: 0, inode: 0)
  var includesSecrets = false
  var includesGenerated = false
  /// Whether the times of the file were too young to tell of a later change, so that it is to be told of once more.
  var isRacy = false
}

/// What entries are told by: the numbers of the entry before, of the directory itself for the first.
struct EntryBase {
  var inode: UInt64
  var modified: Int64
  var changed: Int64
}

/// Reads the entries of one directory, one after the other, in place.
struct CachedEntryReader {
  private(set) var reader: CacheReader
  private(set) var remaining: Int
  /// The name of the entry that was read last, with a zero behind it, as the system takes names. Empty but for the zero
  /// where the directory itself is meant.
  private(set) var name: [UInt8] = [0]
  private var base: EntryBase

  /// - Parameter reader: stands before the number of the entries.
  init(_ reader: CacheReader, base: EntryBase) {
    self.reader = reader
    self.base = base
    remaining = self.reader.count()
  }

  /// The next entry; nil at the end, and where the bytes make no sense.
  mutating func next() -> CachedEntry? {
    guard remaining > 0, !reader.isDamaged else { return nil }
    remaining -= 1
    let flags = reader.byte()
    guard let kind = CachedEntry.Kind(rawValue: flags & EntryFlags.kind), readName() else { return nil }
    var entry = CachedEntry(kind: kind)
    entry.includesSecrets = flags & EntryFlags.includesSecrets != 0
    entry.includesGenerated = flags & EntryFlags.includesGenerated != 0
    entry.isRacy = flags & EntryFlags.isRacy != 0
    if kind != .file {
      let number = Int(reader.byte())
      guard number < EntryFlags.reasons.count else {
        reader.refuse()
        return nil
      }
      entry.reason = EntryFlags.reasons[number]
    }
    if kind == .file || kind == .examined {
      let byteCount = Int(truncatingIfNeeded: reader.number())
      base.inode = base.inode &+ UInt64(bitPattern: reader.signedNumber())
      base.modified = base.modified &+ reader.signedNumber()
      base.changed = flags & EntryFlags.hasOneTime != 0 ? base.modified : base.changed &+ reader.signedNumber()
      entry.fingerprint = Fingerprint(
        byteCount: byteCount, modified: base.modified, changed: base.changed, inode: base.inode)
    }
    return reader.isDamaged ? nil : entry
  }

  /// False where it is no name of an entry.
  private mutating func readName() -> Bool {
    let shared = reader.number()
    let rest = reader.run()
    guard shared < UInt64(name.count), !rest.contains(0), !rest.contains(.slash) else {
      reader.refuse()
      return false
    }
    name.removeSubrange(Int(shared)...)
    name.append(contentsOf: rest)
    name.append(0)
    return !reader.isDamaged
  }
}

/// The bits of an entry's first byte.
enum EntryFlags {
  static let kind: UInt8 = 3
  static let includesSecrets: UInt8 = 4
  static let includesGenerated: UInt8 = 8
  /// The two times of the fingerprint are one.
  static let hasOneTime: UInt8 = 16
  static let isRacy: UInt8 = 32
  /// A cached listing has the positions of reasons in this list: it is never read by another program.
  static let reasons = SkipReason.allCases
}

/// How many bytes `a` and `b` have in common at their beginnings.
func sharedCount(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
  var (i, j) = (a.startIndex, b.startIndex)
  while i < a.endIndex, j < b.endIndex, a[i] == b[j] {
    i += 1
    j += 1
  }
  return i - a.startIndex
}

/// Writes what `CachedEntryReader` reads.
struct CachedEntryWriter {
  private(set) var bytes: [UInt8] = []
  private var name: ArraySlice<UInt8> = []
  private var base: EntryBase

  init(base: EntryBase) { self.base = base }

  /// - Parameter name: relative to the directory; empty for the directory itself.
  mutating func add(_ entry: CachedEntry, _ name: ArraySlice<UInt8>) {
    let print = entry.fingerprint
    let hasOneTime = print.modified == print.changed
    var flags = entry.kind.rawValue
    if entry.includesSecrets { flags |= EntryFlags.includesSecrets }
    if entry.includesGenerated { flags |= EntryFlags.includesGenerated }
    if entry.isRacy { flags |= EntryFlags.isRacy }
    if hasOneTime { flags |= EntryFlags.hasOneTime }
    bytes.append(flags)
    let shared = sharedCount(self.name, name)
    bytes.append(varint: UInt64(shared))
    bytes.append(run: name.dropFirst(shared))
    self.name = name
    if entry.kind != .file { bytes.append(UInt8(EntryFlags.reasons.firstIndex(of: entry.reason) ?? 0)) }
    guard entry.kind == .file || entry.kind == .examined else { return }
    bytes.append(varint: UInt64(bitPattern: Int64(print.byteCount)))
    bytes.append(signed: Int64(bitPattern: print.inode &- base.inode))
    bytes.append(signed: print.modified &- base.modified)
    if !hasOneTime { bytes.append(signed: print.changed &- base.changed) }
    base = EntryBase(inode: print.inode, modified: print.modified, changed: print.changed)
  }
}
