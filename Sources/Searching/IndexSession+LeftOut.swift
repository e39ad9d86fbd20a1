import Catalog
package import Corpus
import Disk
import IndexStorage
import Indexing
import Inspection
import ModelOpening
package import Primitives
import QueryLanguage
import ResultNotes
import Retrieval
import Settings

extension IndexSession {
  /// Calls `body` with each file and each directory that is left out, in the order of their paths' bytes; with `wanted`
  /// (relative to the root) only with what lies there, is it, or is a directory left out whole around it. Gives how
  /// many there were by the raw values of `SkipReason`. Takes the time and the memory of a walk.
  ///
  /// - Parameter keptAbove: with more files than that, what the newest run's walk has listed is taken in place of a
  ///   walk; nil for a walk in any case.
  package func leftOutEntries(
    in wanted: FilePath?, keptAbove: Int? = nil, _ body: (SkippedEntry) -> Void
  ) throws(Failure) -> [String: Int] {
    let options = indexingOptions(rebuild: false, for: try chosenModel() ?? .builtIn)
    let leftOut =
      if let revision {
        LeftOut(try revision.files.list(options.walk, cancellation: Cancellation()))
      } else if let keptAbove, let kept = keptListing, kept.files.count > keptAbove {
        LeftOut(kept)
      } else {
        try LeftOut(root: root, indexDirectory: place.directory, options: options)
      }
    var counts: [String: Int] = [:]
    try leftOut.forEach(index) { (entry) throws(Failure) in
      if let wanted, !wanted.bytes.isEmpty, entry.path != wanted, entry.path.relative(to: wanted) == nil,
        !(entry.isDirectory && wanted.relative(to: entry.path) != nil)
      {
        return
      }
      counts[entry.reason.rawValue, default: 0] += 1
      body(entry)
    }
    return counts
  }

  /// What the walk of the newest run has listed, if that is kept.
  private var keptListing: CorpusListing? {
    ((try? index.site.open())?.cachedListing()).flatMap { ListingCache($0) }?.listing()
  }

  /// What keeps the file or the directory at `path` (relative to the root) out of the index, itself or a directory
  /// around it; nil where nothing does. Looks at the directories on the way to it alone.
  func leftOutEntry(at path: FilePath) throws(Failure) -> SkippedEntry? {
    func isAround(_ entry: SkippedEntry) -> Bool {
      entry.path == path || entry.isDirectory && path.relative(to: entry.path) != nil
    }
    var found: SkippedEntry?
    // What lies behind a link, or in a commit, is known by a list of everything.
    if revision != nil || settings.boolean(.followsLinks) {
      _ = try leftOutEntries(in: path) { if isAround($0) { found = $0 } }
    } else {
      try LeftOut(listing(only: path).listing).forEach(index) { (entry) throws(Failure) in
        if isAround(entry) { found = entry }
      }
    }
    return found
  }

  /// What a run would see of the path, looking at the directories on the way to it alone (`CorpusWalker.list(only:)`).
  func listing(only path: FilePath) throws(Failure) -> (listing: CorpusListing, directories: [FilePath]) {
    let options = indexingOptions(rebuild: false, for: try chosenModel() ?? .builtIn)
    var (listing, directories) = try CorpusWalker(root: root, options: options.walk).list(only: path)
    if fileExists(place.directory) { try listing.leaveOut(place.directory, below: root) }
    directories.removeAll { root.appending($0) == place.directory }
    return (listing, directories)
  }

  /// What is true of `wanted` (relative to the root) where `leftOutEntries` has nothing there: that it is indexed, not
  /// in the index yet, or not in the tree. Reads the whole list of files.
  package func nothingLeftOut(at wanted: FilePath) throws(Failure) -> Failure {
    guard wanted.isEmpty || fileExists(root.appending(wanted)) else {
      return Failure(.notFound, "this is not in the tree \(root)", path: wanted)
    }
    if wanted.isNeverIndexed {
      return Failure(.leftOut, "this is git's or Cairn's own, which is never indexed and not listed", path: wanted)
    }
    var files: [FilePath] = []
    do throws(Failure) {
      files = try index.indexedFiles { $0 == wanted || $0.relative(to: wanted) != nil }
    } catch {
      guard error.code == .notFound else { throw error }
    }
    let count = files.count
    let message =
      if files.contains(wanted) { "this file is indexed" } else if count > 0 {
        "nothing is left out here; \(count == 1 ? "1 file is" : "\(count) files are") indexed"
      } else { "nothing is left out here, and nothing of it is in the index" }
    return Failure(.leftOut, message, path: wanted.isEmpty ? root : wanted)
  }

  /// Which files the filters of a query name, each by itself and without a wildcard: what somebody asks for so is
  /// answered from, whether or not a program made it. Nil where there is no such filter.
  func filesNamed(by query: SearchQuery) -> (@Sendable (FilePath) -> Bool)? {
    let named = QueryParser().parse(query).filters.paths
      .filter { !$0.pattern.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "{")].contains($0) } }
      .map { (name: Self.lowercasedName($0.pattern.utf8), glob: $0) }
    if named.isEmpty { return nil }
    return { path in
      let name = Self.lowercasedName(path.bytes)
      return named.contains { $0.name == name && $0.glob.matches(path) }
    }
  }

  private static func lowercasedName(_ path: some Sequence<UInt8>) -> [UInt8] {
    let lowercased = path.asciiLowercased
    return Array(lowercased[(lowercased.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
  }
}
