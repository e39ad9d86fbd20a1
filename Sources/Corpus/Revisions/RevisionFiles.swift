import Inspection
package import Primitives
import Synchronization

/// The files of one commit, as its tree objects have them: which of them are the corpus, and their content. Nothing is
/// checked out, so that a file's bytes are those of its blob, whatever line ends or filters a checkout would give it.
///
/// Safe to share by threads. Starts processes when it is first read; they end with the value.
package final class RevisionFiles: Sendable {
  package let revision: GitRevision
  private let objects: GitObjects
  /// Of the search that reads them.
  private let cancellation: Cancellation
  private var command: GitCommand { objects.command }
  /// The blobs of paths that git cannot be asked for in one line.
  private let unaskable = Mutex<[FilePath: GitObjectID]?>(nil)

  /// - Parameter cancellation: of the search that reads them; a run has its own.
  package init(
    _ revision: GitRevision, in command: GitCommand, cancellation: Cancellation = Cancellation()
  ) {
    self.revision = revision
    self.cancellation = cancellation
    objects = GitObjects(command)
  }

  /// The corpus: every file of the commit that no `.cairnignore` of the commit leaves out, less what the walk of a
  /// directory leaves out as well though git tracks it (vendored directories, large files, names of secrets, links,
  /// submodules). git's ignore files have no say, since all of it is tracked.
  ///
  /// Runs git once, and reads each `.cairnignore`. Throws what that throws.
  ///
  /// - Parameter progress: called now and then with the number of files seen so far.
  package func list(
    _ options: WalkOptions, cancellation: Cancellation, progress: (@Sendable (Int) -> Void)? = nil
  ) throws(Failure) -> CorpusListing {
    var entries: [GitTreeEntry] = []
    try command.forEachEntry(of: revision.tree, cancellation: cancellation) { entry in
      entries.append(entry)
      if entries.count % 1_000 == 0 { progress?(entries.count) }
    }
    var listing = RevisionListing(options, objects: objects, cancellation: cancellation)
    return try listing.list(&entries)
  }

  /// The content of a file of the listing, by the name of its blob. Throws as `GitObjects.readBlob` does, with the
  /// file's path.
  package func read(_ file: SourceFile, limit: Int, cancellation: Cancellation) throws(Failure) -> [UInt8] {
    guard let name = file.fingerprint.blobName else { return try read(file.path, limit: limit) }
    return try at(file.path) { () throws(Failure) in
      try objects.readBlob(nameBeginningWith: name, limit: limit, cancellation: cancellation)
    }
  }

  /// The content of the file at `path`, where the commit has one. Throws as `GitObjects.readBlob` does, with the path.
  package func read(_ path: FilePath, limit: Int) throws(Failure) -> [UInt8] {
    try at(path) { () throws(Failure) in
      guard RevisionListing.isPossible(path) else {
        throw Failure(.notFound, "the revision has no such file", path: path)
      }
      guard path.bytes.contains(.newline) else {
        return try objects.readBlob(at: path, of: revision.tree, limit: limit, cancellation: cancellation)
      }
      guard let id = try blobsOfUnaskable(cancellation)[path] else {
        throw Failure(.notFound, "the revision has no such file", path: path)
      }
      return try objects.readBlob(id, limit: limit, cancellation: cancellation)
    }
  }

  private func blobsOfUnaskable(_ cancellation: Cancellation) throws(Failure) -> [FilePath: GitObjectID] {
    if let known = unaskable.withLock({ $0 }) { return known }
    var found: [FilePath: GitObjectID] = [:]
    try command.forEachEntry(of: revision.tree, cancellation: cancellation) { entry in
      if entry.kind == .file, entry.path.bytes.contains(.newline) { found[entry.path] = entry.id }
    }
    let made = found
    unaskable.withLock { $0 = made }
    return made
  }

  private func at<Value>(_ path: FilePath, _ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    do throws(Failure) { return try body() } catch {
      throw Failure(error.code, error.message, path: path, cause: error.cause, remedy: error.remedy)
    }
  }
}
