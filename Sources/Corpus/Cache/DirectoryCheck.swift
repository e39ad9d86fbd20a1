import Disk
import Primitives

/// Whether a directory lists what it did when it was last visited. It is where
///
/// - its status is the same, down to the times of it, on a file system of which it is known that it gives a directory
///   other times whenever an entry comes, goes or is exchanged: so its entries are the same;
/// - the ignore files and tags in it have the fingerprints that they had, and what a repository in it hangs on too;
/// - each file in it has the fingerprint that it had: writing into a file leaves the times of its directory alone.
///
/// Costs one descriptor and one status call for each file, and allocates nothing for a file.
struct DirectoryCheck {
  enum Outcome {
    case same
    /// The same names, and files in it that are others, or to be told of once more: their positions among the entries,
    /// and their fingerprints now.
    case edited([Int: Fingerprint])
    /// Only a visit can tell.
    case suspect
  }

  let root: OpenDirectory
  let maximumFileByteCount: Int
  /// The file systems that were met, and whether the times of their directories are trusted.
  private var devices: [UInt64: Bool] = [:]

  init(root: OpenDirectory, maximumFileByteCount: Int) {
    self.root = root
    self.maximumFileByteCount = maximumFileByteCount
  }

  mutating func outcome(of known: CachedDirectory) -> Outcome {
    guard known.isTrusted, known.path.bytes.count < Self.pathByteLimit,
      let directory = try? root.directory(known.path), let status = try? directory.status(), known.isSame(as: status),
      isTrusted(directory, status.device)
    else { return .suspect }
    var reader = CacheReader(known.body)
    if reader.byte() != 0, !ConsultedFiles(&reader).isUnchanged(distrustsTimes: true) { return .suspect }
    var deciding = CachedEntryReader(reader, base: known.base)
    while let entry = deciding.next() {
      guard directory.status(ofTerminated: deciding.name.span).map(Fingerprint.init) == entry.fingerprint else {
        return .suspect
      }
    }
    var entries = CachedEntryReader(deciding.reader, base: known.base)
    var edited: [Int: Fingerprint] = [:]
    var position = -1
    while let entry = entries.next() {
      position += 1
      switch entry.kind {
      case .leftOut, .directoryLeftOut: continue
      case .file, .examined: break
      }
      guard let status = directory.status(ofTerminated: entries.name.span), status.kind == .file else {
        return .suspect
      }
      let fingerprint = Fingerprint(status)
      if fingerprint == entry.fingerprint, !entry.isRacy { continue }
      // By its size it may be left out now, or not any more.
      guard entry.kind == .file, fingerprint.byteCount <= maximumFileByteCount else { return .suspect }
      edited[position] = fingerprint
    }
    if entries.reader.isDamaged || entries.remaining > 0 { return .suspect }
    return edited.isEmpty ? .same : .edited(edited)
  }

  private mutating func isTrusted(_ directory: OpenDirectory, _ device: UInt64) -> Bool {
    if let known = devices[device] { return known }
    let isTrusted = directory.timesTellOfEntries
    devices[device] = isTrusted
    return isTrusted
  }

  /// Far below what the system takes at once; deeper directories are visited from one above them.
  private static let pathByteLimit = 2_000
}
