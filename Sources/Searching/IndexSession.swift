package import Corpus
import Disk
package import IndexStorage
package import ModelOpening
package import Primitives
package import QueryLanguage
package import Retrieval
package import Settings

/// One tree and its index, with everything that a run and a search of it need. Shared by all copies is what is open, so
/// that a process that searches often opens the index once. Every function blocks; none may run in the shared pool.
package struct IndexSession: Sendable {
  /// The top of the tree, absolute, with no link in it.
  package let root: FilePath
  /// What holds for the tree, with what was kept with the index.
  package let settings: SettingValues
  package let environment: EnvironmentVariables
  /// The embedder that the program brings; it goes before the model that the settings name.
  package let embedder: CustomEmbedder?
  package let place: IndexPlace
  package let index: StoredIndex
  /// The index of what the commits of the tree's repository removed, whether or not there is one.
  package let history: StoredIndex
  /// The index that a slower model fills; nil if nobody asked for one, or what keeps it from being known.
  package let secondary: Result<SecondaryIndex?, Failure>
  /// What the user should know about the session, such as an index that had to go elsewhere.
  package let notes: [Failure]
  /// The commit that `index` is of; nil where it is of the files in the directory.
  package let revision: SessionRevision?
  let openRevisions: OpenRevisions
  /// The index in a shared store that answers searches in place of the tree's; nil for the tree's.
  package var shared: (any SharedIndex)?

  /// Checks what is at the index's path; writes nothing. Throws as `IndexPlace` does.
  ///
  /// - Parameter root: absolute, with no link in it.
  package init(
    root: FilePath, settings: SettingValues, environment: EnvironmentVariables, embedder: CustomEmbedder? = nil
  ) throws(Failure) {
    let place = try IndexPlace(IndexPlacement(root: root, settings, environment))
    var held = settings
    var notes = place.notes
    do throws(Failure) { try held.recall(from: place.site) } catch { notes.append(error) }
    self.root = root
    self.settings = held
    self.environment = environment
    self.embedder = embedder
    self.place = place
    self.notes = notes
    revision = nil
    openRevisions = OpenRevisions()
    index = StoredIndex(place.site)
    history = StoredIndex(place.site.inner([IndexDirectory.historyName]))
    secondary = Result { [held] () throws(Failure) in
      try SecondaryIndex(held, environment, embedder, beside: place.site)
    }
  }

  /// The session `other` with a commit in place of the files in the directory.
  ///
  /// - Parameter index: that of the commit.
  init(_ other: IndexSession, at revision: SessionRevision, _ index: StoredIndex) {
    (root, settings, environment, embedder) = (other.root, other.settings, other.environment, other.embedder)
    (place, notes, openRevisions) = (other.place, other.notes, other.openRevisions)
    self.revision = revision
    self.index = index
    history = other.history
    secondary = .success(nil)
    shared = other.shared
  }

  /// The same for who works for long on the tree that `root` holds: nothing is made where that is gone, and what lies
  /// in the tree is reached from the held directory. With an open index of its own.
  init(_ session: IndexSession, in root: HeldRoot) {
    (self.root, settings, environment, embedder) =
      (session.root, session.settings, session.environment, session.embedder)
    let place = session.place.held(in: root)
    self.place = place
    notes = session.notes
    revision = nil
    openRevisions = OpenRevisions()
    index = StoredIndex(place.site)
    history = StoredIndex(place.site.inner([IndexDirectory.historyName]))
    secondary = Result { () throws(Failure) in
      try SecondaryIndex(session.settings, session.environment, session.embedder, beside: place.site)
    }
  }

  /// The directory at `path`, absolute, with no link in it. Throws `invalidArgument` where that is something else.
  package static func top(at path: FilePath) throws(Failure) -> FilePath {
    let resolved = try resolvedPath(path)
    guard try FileStatus(of: resolved).kind == .directory else {
      throw Failure(.invalidArgument, "it is not a directory; name the directory that holds it", path: resolved)
    }
    return resolved
  }

  /// Opens models as the settings say.
  package var models: ModelOpener { ModelOpener(settings: settings, environment: environment, custom: embedder) }

  /// The settings as plain values, for this machine.
  var resolvedSettings: ResolvedSettings { ResolvedSettings(settings, machine: .current, corpus: nil) }

  /// The paths in the tree of what a person names.
  package var paths: CorpusPaths { CorpusPaths(root: root, followsLinks: settings.boolean(.followsLinks)) }

  /// The files as they are now, as far as they are read.
  package var tree: SourceTree {
    SourceTree(
      root: root, byteCountLimit: settings.integer(.maximumFileByteCount),
      followsLinks: settings.boolean(.followsLinks), revision: revision?.files)
  }

  /// Throws where the place that the user named holds the index of another tree: neither answers for the other, and
  /// none is replaced unasked.
  package func checkTree() throws(Failure) {
    guard place.isNamed, let other = index.otherRoot(than: root) else { return }
    throw Failure(
      .invalidArgument, "this is the index of \(other), not of \(root)", path: place.directory,
      remedy: Remedy(.set, "index_dir", or: .rebuild))
  }

  /// From where paths in a query are meant that is asked in `directory`, absolute; nil for the root.
  package func origin(from directory: FilePath?) -> PathOrigin {
    var origin = PathOrigin(roots: [root])
    guard let directory, let inside = paths.path(ofDirectory: directory) else { return origin }
    origin.directory = inside
    // What leads to the directory through links is another name of the root.
    let suffix = inside.isEmpty ? [] : [UInt8(ascii: "/")] + inside.bytes
    let named = FilePath(bytes: Array(directory.bytes.dropLast(suffix.count)))
    if named != root, !named.isEmpty, directory.bytes.suffix(suffix.count).elementsEqual(suffix) {
      origin.roots.insert(named, at: 0)
    }
    return origin
  }
}

extension SettingValues {
  /// Sets what was kept with the index in `site`, but for what this command line or a program says itself. Throws
  /// `damaged` where that cannot be read.
  fileprivate mutating func recall(from site: IndexSite) throws(Failure) {
    let directory: IndexDirectory
    do throws(Failure) { directory = try site.open() } catch { return }
    recall(try directory.options())
  }
}

extension Failure.Code {
  /// There is no index to answer from.
  package static let noIndex = Self(rawValue: "no-index")
  /// The model that the index was built with cannot be opened, so the ranking is BM25-only.
  package static let modelAbsent = Self(rawValue: "model-absent")
  /// An update failed, so that the answer is from the index as it was, and lacks what has changed since.
  package static let outdated = Self(rawValue: "outdated")
  /// The index of the chosen model is not complete, so another one answered.
  package static let modelBehind = Self(rawValue: "model-behind")
}
