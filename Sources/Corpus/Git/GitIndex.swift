import Primitives

/// The paths that git tracks, from the file `index` of a repository (format versions 2 to 4), for lookups by path.
///
/// Of each path, and of each directory that it lies in, 8 bytes are kept: a hash. One of four million files, as large
/// as is read, takes some 40 MB, whatever its paths are. That two paths have one hash, and a file that git does not
/// track counts as tracked, happens in such a repository once in a million million lookups. One who makes it happen on
/// purpose could have had git track the file.
///
/// Source of the format: git's `Documentation/gitformat-index.txt`. An index that cannot be read (a newer version, a
/// damaged file, a split index whose shared part is gone) tracks nothing, and says so.
///
/// Two are equal where they track the same paths, whatever else git keeps of these.
package struct GitIndex: Sendable, Equatable {
  private var paths = Paths()
  /// Of the paths that are tracked.
  private(set) var contentHash = Paths().contentHash
  private let foldsCase: Bool
  /// Whether the content was an index that we know how to read.
  package private(set) var isReadable = true

  /// An index that tracks nothing.
  static let empty = GitIndex()

  private init() { foldsCase = false }

  /// - Parameter sharedIndex: reads the file that holds most of a split index, by its name, and hands its content on.
  package init(
    _ content: Span<UInt8>, objectIDByteCount: Int, foldsCase: Bool,
    sharedIndex: (_ name: String, _ read: (Span<UInt8>) -> Void) -> Void = { _, _ in }
  ) {
    self.foldsCase = foldsCase
    var parser = GitIndexParser(content, objectIDByteCount: objectIDByteCount, foldsCase: foldsCase)
    var gathered = Paths()
    gathered.files.reserveCapacity(parser.greatestEntryCount)
    var link = parser.parse { _, entry in gathered.add(entry, isThere: true) }
    if case .some(.some(let shared)) = link {
      link = nil
      gathered.unnotedFrom = 0
      // Replaced entries keep their names in the shared part and have none here.
      sharedIndex("sharedindex." + shared.name) { content in
        var base = GitIndexParser(content, objectIDByteCount: objectIDByteCount, foldsCase: foldsCase)
        let rest = base.parse { index, entry in gathered.add(entry, isThere: !shared.deleted.contains(index)) }
        if case .some(.none) = rest { link = .some(nil) }
      }
    }
    guard case .some(.none) = link else {
      isReadable = false
      return
    }
    gathered.sort()
    paths = gathered
    contentHash = gathered.contentHash
  }

  /// Hashes of paths, in order at the end.
  private struct Paths: Sendable, Equatable {
    var files: [UInt64] = []
    var repositories: [UInt64] = []
    var directories: [UInt64] = []
    /// Bytes of the entry before whose directories are noted down; nil if all are.
    var unnotedFrom: Int?

    /// Notes an entry down with the directories that the one before is not in; false if there are too many of these.
    mutating func add(_ entry: GitIndexParser.Entry, isThere: Bool) -> Bool {
      let path = entry.path.span
      let noted = min(entry.sharedByteCount, unnotedFrom ?? .max)
      // A directory that a sparse index leaves unexpanded ends with a slash: nothing of it is on the disk.
      guard isThere, path.count > 0, path[path.count - 1] != .slash, path.count <= Self.pathByteLimit else {
        unnotedFrom = noted
        return true
      }
      unnotedFrom = nil
      if entry.isRepository { repositories.append(checksum(path)) } else { files.append(checksum(path)) }
      for i in noted..<path.count where path[i] == .slash { directories.append(checksum(path.extracting(0..<i))) }
      if directories.count <= Self.directoryLimit { return true }
      directories = Self.withoutTwins(directories)
      return directories.count <= Self.directoryLimit / 2
    }

    mutating func sort() {
      files.sort()
      repositories.sort()
      directories = Self.withoutTwins(directories)
    }

    /// Two sums over what are hashes already, each stirred (SplitMix64's finaliser) with its place in the order.
    var contentHash: ContentHash {
      var (high, low) = (UInt64(files.count), UInt64(repositories.count))
      for hash in files + [0] + repositories + [0] + directories {
        var word = (hash ^ high) &* 0xBF58_476D_1CE4_E5B9
        word ^= word >> 27
        high = high &+ word
        low = (low ^ hash) &* 0x94D0_49BB_1331_11EB
        low ^= low >> 31
      }
      return ContentHash(high: high, low: low)
    }

    private static func withoutTwins(_ hashes: [UInt64]) -> [UInt64] {
      var hashes = hashes
      hashes.sort()
      var count = 0
      for hash in hashes where count == 0 || hash != hashes[count - 1] {
        hashes[count] = hash
        count += 1
      }
      hashes.removeLast(hashes.count - count)
      return hashes
    }

    /// More than any repository has that was made to be worked in: 32 MB.
    private static let directoryLimit = 1 << 22
    /// No file of a walk has a longer one, whatever the repository around it: it cannot be asked for.
    private static let pathByteLimit = 8_192
  }

  /// The number of paths.
  package var count: Int { paths.files.count + paths.repositories.count }

  /// Whether the file at `path` is tracked. With case folding, a path that differs in case alone counts as the same.
  package func tracksFile(_ path: Span<UInt8>) -> Bool { holds(path, paths.files) }

  /// Whether `path` is the place of another repository (a submodule).
  package func tracksRepository(_ path: Span<UInt8>) -> Bool { holds(path, paths.repositories) }

  /// Whether something below the directory at `path` is tracked.
  package func tracksAnything(below path: Span<UInt8>) -> Bool {
    path.count == 0 ? count > 0 : holds(path, paths.directories)
  }

  private func holds(_ path: Span<UInt8>, _ hashes: [UInt64]) -> Bool {
    if hashes.isEmpty { return false }
    var wanted = checksum(path)
    if foldsCase {
      var folded: [UInt8] = []
      folded.reserveCapacity(path.count)
      for i in path.indices { folded.append(path[i].asciiLowercased) }
      wanted = checksum(folded.span)
    }
    var low = 0
    var high = hashes.count
    while low < high {
      let middle = low + (high - low) / 2
      if hashes[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < hashes.count && hashes[low] == wanted
  }
}
