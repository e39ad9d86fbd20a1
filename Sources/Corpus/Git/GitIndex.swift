import Primitives

/// The paths that git tracks, from the file `index` of a repository (format versions 2 to 4), for questions by path.
///
/// Source of the format: git's `Documentation/gitformat-index.txt`. An index that cannot be read (a newer version, a
/// damaged file, a split index whose shared part is gone) tracks nothing, and says so.
package struct GitIndex: Sendable {
  /// Every path, one after the other, in the order of their bytes.
  private var bytes: [UInt8] = []
  /// Where each path begins, and the end of the last.
  private var starts: [Int] = [0]
  /// Whether the path is that of another repository (a submodule).
  private var isRepository: [Bool] = []
  private let foldsCase: Bool
  /// Whether the content was an index that we know how to read.
  package private(set) var isReadable = true

  /// An index that tracks nothing.
  static let empty = GitIndex(paths: [], foldsCase: false)

  /// - Parameter sharedIndex: reads the file that holds most of a split index, by its name.
  package init(
    _ content: [UInt8], objectIDByteCount: Int, foldsCase: Bool, sharedIndex: (String) -> [UInt8]? = { _ in nil }
  ) {
    var parser = GitIndexParser(content, objectIDByteCount: objectIDByteCount)
    var paths: [GitIndexParser.Path] = []
    var isReadable = false
    if let own = parser.parse() {
      if let link = own.link {
        var shared = sharedIndex("sharedindex." + link.name).map {
          GitIndexParser($0, objectIDByteCount: objectIDByteCount)
        }
        if let base = shared?.parse(), base.link == nil {
          // Replaced entries keep their names in the shared part and have none here.
          paths = base.paths.indices.filter { !link.deleted.contains($0) }.map { base.paths[$0] }
          paths += own.paths.filter { !$0.bytes.isEmpty }
          isReadable = true
        }
      } else {
        paths = own.paths
        isReadable = true
      }
    }
    self.init(paths: paths, foldsCase: foldsCase)
    self.isReadable = isReadable
  }

  private init(paths: [GitIndexParser.Path], foldsCase: Bool) {
    self.foldsCase = foldsCase
    var paths = paths
    if foldsCase { for i in paths.indices { paths[i].bytes = paths[i].bytes.asciiLowercased } }
    let isSorted = zip(paths, paths.dropFirst()).allSatisfy { !$1.bytes.lexicographicallyPrecedes($0.bytes) }
    if !isSorted { paths.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) } }
    for path in paths {
      bytes.append(contentsOf: path.bytes)
      starts.append(bytes.count)
      isRepository.append(path.isRepository)
    }
  }

  /// The number of paths.
  package var count: Int { isRepository.count }

  /// Whether the file at `path` is tracked. With case folding, a path that differs in case alone counts as the same.
  package func tracksFile(_ path: Span<UInt8>) -> Bool {
    let i = firstPath(notBefore: path, withSlash: false)
    return i < count && !isRepository[i] && compare(i, path, withSlash: false, isPrefix: false) == 0
  }

  /// Whether `path` is the place of another repository (a submodule).
  package func tracksRepository(_ path: Span<UInt8>) -> Bool {
    let i = firstPath(notBefore: path, withSlash: false)
    return i < count && isRepository[i] && compare(i, path, withSlash: false, isPrefix: false) == 0
  }

  /// Whether something below the directory at `path` is tracked.
  package func tracksAnything(below path: Span<UInt8>) -> Bool {
    if path.count == 0 { return count > 0 }
    let i = firstPath(notBefore: path, withSlash: true)
    return i < count && compare(i, path, withSlash: true, isPrefix: true) == 0
  }

  private func firstPath(notBefore path: Span<UInt8>, withSlash: Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if compare(middle, path, withSlash: withSlash, isPrefix: false) < 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The order of path `i` against `path` (followed by a slash if wished): negative, 0 or positive. As a prefix, what
  /// follows in path `i` does not count.
  private func compare(_ i: Int, _ path: Span<UInt8>, withSlash: Bool, isPrefix: Bool) -> Int {
    let start = starts[i]
    let ownCount = starts[i + 1] - start
    let otherCount = path.count + (withSlash ? 1 : 0)
    for k in 0..<min(ownCount, otherCount) {
      var other = k < path.count ? path[k] : UInt8.slash
      if foldsCase { other = other.asciiLowercased }
      let own = bytes[start + k]
      if own != other { return own < other ? -1 : 1 }
    }
    if isPrefix && ownCount >= otherCount { return 0 }
    return ownCount - otherCount
  }
}
