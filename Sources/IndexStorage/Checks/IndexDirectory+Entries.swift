import Catalog
import Disk
package import Primitives

// What is in the directory of an index, told apart by names and by what the entries are: Cairn's own, and others',
// which nothing here ever changes.

extension IndexDirectory {
  /// The files that a run is at; `UnderWay` in the write flow reads and writes it.
  package static let underWayName: FilePath = "underway"
  /// What it begins with, before the digit of its version.
  package static let underWayMagic = Array("CAIRNUW".utf8)
  /// The directory of the indexes of slower models.
  static let modelsName: FilePath = "models"
  /// The directory of the indexes of commits.
  static let revisionsName: FilePath = "revisions"
  /// The directory of the index of the history.
  package static let historyName: FilePath = "history"

  /// Names of files that Cairn makes in the directory itself.
  private static let fileNames = writtenNames.union(IndexCatalog.fileNames).union([
    lockName, underWayName, watchLockName,
  ])

  /// One entry of the directory, or of the one with its segments.
  struct Entry {
    enum Role {
      case file
      case segmentsDirectory
      case segmentFile
      /// Of the searches that wait for a watcher, and what they have made there.
      case requestsDirectory
      case request
      /// Of the indexes of slower models, or of those of commits, each with a directory of its own there.
      case indexesDirectory
      /// The index of the history.
      case historyDirectory
      /// Has a name of Cairn's, and is something else: a link, a pipe, a directory, a file of another user's or of
      /// several names.
      case obstacle
      /// Somebody else's.
      case foreign
    }
    /// Holds the entry.
    var directory: OpenDirectory
    var name: FilePath
    /// For messages alone.
    var path: FilePath
    var status: FileStatus
    var role: Role
  }

  /// Every entry, in the order of their paths' bytes; those of the directory of segments after it, where it is one.
  /// What is gone by the time that it is looked at is left out.
  func entries() throws(Failure) -> [Entry] {
    let owner = try held.status().owner
    var found = try Self.entries(of: held, path) { name, status in
      let directories: [FilePath: Entry.Role] = [
        Self.segmentsName: .segmentsDirectory, Self.modelsName: .indexesDirectory,
        Self.revisionsName: .indexesDirectory, Self.historyName: .historyDirectory,
        Self.requestsName: .requestsDirectory,
      ]
      if let role = directories[name] {
        return status.kind == .directory && status.owner == owner ? role : .obstacle
      }
      guard Self.fileNames.contains(name) || Self.isTemporary(name) else { return .foreign }
      return status.isOwnFile(of: owner) ? .file : .obstacle
    }
    if found.contains(where: { $0.role == .requestsDirectory }), let requests = try? held.directory(Self.requestsName) {
      found += try Self.entries(of: requests, path.appending(Self.requestsName)) { name, status in
        guard FreshnessRequest.isName(name) else { return .foreign }
        return status.isOwnFile(of: owner) ? .request : .obstacle
      }
    }
    guard found.contains(where: { $0.role == .segmentsDirectory }) else { return found }
    // One that its owner may not enter is told by its mode.
    guard let directory = try? segments(), (try? directory.entries()) != nil else { return found }
    found += try Self.entries(of: directory, path.appending(Self.segmentsName)) { name, status in
      guard Self.isSegmentEntry(name) else { return .foreign }
      // The indexes of several work trees share segments.
      return status.isOwnFile(of: owner, mayHaveOtherNames: true) ? .segmentFile : .obstacle
    }
    return found
  }

  private static func entries(
    of directory: OpenDirectory, _ path: FilePath, role: (FilePath, FileStatus) -> Entry.Role
  ) throws(Failure) -> [Entry] {
    var found: [Entry] = []
    for entry in try directory.entries().sorted(by: { $0.name < $1.name }) {
      let status: FileStatus
      do throws(Failure) { status = try directory.status(of: entry.name) } catch {
        if error.code == .notFound { continue }
        throw error
      }
      found.append(
        Entry(
          directory: directory, name: entry.name, path: path.appending(entry.name), status: status,
          role: role(entry.name, status)))
    }
    return found
  }

  /// Whether it is the temporary name of a file in the directory itself.
  static func isTemporary(_ name: FilePath) -> Bool {
    AtomicFile.temporaryTarget(name).map { writtenNames.contains($0) } == true
  }

  /// Whether `name` is one that Cairn gives in the directory of segments.
  static func isSegmentEntry(_ name: FilePath) -> Bool {
    func isOwn(_ name: FilePath) -> Bool { isSegmentName(name) || isDamageMarkName(name) }
    return isOwn(name) || AtomicFile.temporaryTarget(name).map(isOwn) == true
  }
}
