import Disk
import Primitives

/// A directory of a tree that is kept known: what its last visit has shown, and what the next one needs. For one thread
/// at a time.
final class KnownDirectory {
  /// What its surroundings say of it.
  var subtree: Subtree
  /// What it lists itself, each in the order of the paths.
  var files: [SourceFile] = []
  var skipped: [SkippedEntry] = []
  var unread: [UnreadEntry] = []
  /// Its files with other names.
  var linked: [LinkedFile] = []
  /// The directories in it that are visited, in the order of their paths.
  var children: [KnownDirectory] = []
  /// The rules that it brings itself.
  var rules = OwnRules()
  /// Nil if it could not be opened, or was seen to go.
  var mark: DirectoryMark?
  /// The watches of the directories in which `rules.consulted` shows changes.
  var placeWatches: [FileEvents.Watch] = []
  /// Whether these are to be found anew.
  var mustFindPlaces = false
  /// When the last visit began, or earlier, in nanoseconds since 1970.
  var visitedAt: Int64 = 0
  /// The files in it that something has happened to since, by their names.
  var touched: Set<FilePath> = []
  /// Whether it is to be visited again.
  var isDirty = false
  /// Whether it is no part of the tree any more.
  var isDropped = false

  init(_ subtree: Subtree) { self.subtree = subtree }

  var isUnwatched: Bool { mark != nil && mark?.watch == nil }

  /// The directory `name` in this one, if that is visited.
  func child(_ name: FilePath) -> KnownDirectory? {
    // Siblings have all but their names in common, so that the order is that of the names.
    var low = 0
    var high = children.count
    while low < high {
      let middle = low + (high - low) / 2
      let other = children[middle].name
      if other.lexicographicallyPrecedes(name.bytes) { low = middle + 1 } else { high = middle }
    }
    guard low < children.count, children[low].name.elementsEqual(name.bytes) else { return nil }
    return children[low]
  }

  private var name: ArraySlice<UInt8> {
    let slash = subtree.path.lastIndex(of: .slash)
    return subtree.path[(slash.map { $0 + 1 } ?? 0)...]
  }
}
