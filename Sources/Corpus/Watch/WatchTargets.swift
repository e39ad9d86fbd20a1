import Disk
import Primitives

/// What each watch is for: directories of the tree, and names outside of it on which it hangs what belongs to the tree.
struct WatchTargets {
  /// A directory in which some names matter.
  struct Place {
    var names: Set<FilePath>
    /// Whose repository they decide of; nil for what holds in the whole tree.
    var owner: KnownDirectory?
  }

  private var known: [FileEvents.Watch: [KnownDirectory]] = [:]
  private var places: [FileEvents.Watch: [Place]] = [:]

  /// More than one where a directory is mounted at two places, or was moved and one of both is not yet visited again.
  func knownDirectories(_ watch: FileEvents.Watch) -> [KnownDirectory] { known[watch] ?? [] }
  func places(_ watch: FileEvents.Watch) -> [Place] { places[watch] ?? [] }

  /// The watches that there are.
  var watches: Set<FileEvents.Watch> { Set(known.keys).union(places.keys) }

  mutating func add(_ directory: KnownDirectory, _ watch: FileEvents.Watch) {
    known[watch, default: []].append(directory)
  }
  mutating func add(_ place: Place, _ watch: FileEvents.Watch) { places[watch, default: []].append(place) }

  /// True if the watch is for nothing any more.
  mutating func remove(_ directory: KnownDirectory, _ watch: FileEvents.Watch) -> Bool {
    known[watch]?.removeAll { $0 === directory }
    if known[watch]?.isEmpty == true { known[watch] = nil }
    return known[watch] == nil && places[watch] == nil
  }

  /// The same for the places of `owner`.
  mutating func removePlaces(of owner: KnownDirectory?, _ watch: FileEvents.Watch) -> Bool {
    places[watch]?.removeAll { $0.owner === owner }
    if places[watch]?.isEmpty == true { places[watch] = nil }
    return known[watch] == nil && places[watch] == nil
  }

  /// Forgets a watch that is over.
  mutating func remove(_ watch: FileEvents.Watch) {
    known[watch] = nil
    places[watch] = nil
  }
}
