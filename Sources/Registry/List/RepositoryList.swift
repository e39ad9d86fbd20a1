package import Cairn
import Disk
import JSON
package import Primitives
import Settings

/// The list of the user's repositories, in a file of its own (`repositories.json` in the user's state directory). Every
/// change is one replacement of the file under a lock, so that two commands at once lose nothing and a reader sees one
/// list or the other. Every function blocks.
package struct RepositoryList: Sendable {
  /// The version of the file; what a later program wrote is neither read nor replaced.
  private static let version = 1
  private static let fileName: FilePath = "repositories.json"
  private static let lockName: FilePath = "repositories.lock"
  private static let byteLimit = 16 << 20

  /// The directory that the file is in.
  private let directory: FilePath
  /// The file, for messages and documents.
  package var path: FilePath { directory.appending(Self.fileName) }

  /// The list of the user whose variables these are. Opens nothing. Throws where no variable says where the user's
  /// files are.
  package init(_ environment: Environment) throws(CairnError) {
    guard let state = environment.variables.stateDirectory else {
      throw CairnError(
        .notFound, "neither HOME nor XDG_STATE_HOME is set, so there is no place for a list of repositories; set HOME")
    }
    directory = state.appending("cairn")
  }

  // MARK: Reading

  /// The repositories by name; none where there is no list yet. Throws `.damaged` where the file is not a list,
  /// `.unsupportedVersion` where a later program wrote it.
  package func entries() throws(CairnError) -> [RepositoryEntry] {
    try asCairnError { () throws(Failure) in
      let held: OpenDirectory
      do throws(Failure) { held = try OpenDirectory(directory) } catch {
        if error.code == .notFound { return [] }
        throw error
      }
      let reading = try read(in: held)
      if let problem = reading.problem { throw damage(problem) }
      return reading.entries
    }
  }

  private func damage(_ problem: String) -> Failure {
    Failure(
      .damaged,
      "the list of repositories cannot be read: \(problem); mend it, or add a repository: then this file is kept under "
        + "another name, with what can be read of it in the new list", path: path)
  }

  private struct Reading {
    var entries: [RepositoryEntry] = []
    /// Why the file is not wholly a list.
    var problem: String?
  }

  private func file(in held: OpenDirectory) -> HeldName { HeldName(Self.fileName, in: held, path: path) }

  /// Throws for what says nothing of what is in the file.
  private func read(in held: OpenDirectory) throws(Failure) -> Reading {
    let document: JSONValue
    do throws(Failure) {
      document = try JSONValue(parsing: try file(in: held).read(limit: Self.byteLimit).bytes)
    } catch {
      switch error.code {
      case .notFound: return Reading()
      case .wrongFormat: return Reading(problem: error.message + (error.cause.map { " (\($0))" } ?? ""))
      case .damaged: return Reading(problem: "it is no regular file of yours")
      default: throw error
      }
    }
    guard let version = document["version"]?.integer, let repositories = document["repositories"]?.array else {
      return Reading(problem: "it has no version or no repositories")
    }
    guard version == Self.version else {
      throw Failure(
        .unsupportedVersion,
        "the list of repositories is of version \(version), which this program does not know: use the newer one",
        path: path)
    }
    var reading = Reading()
    for (index, json) in repositories.enumerated() {
      guard let entry = RepositoryEntry(json), Self.clash(of: entry, with: reading.entries) == nil else {
        reading.problem = reading.problem ?? "repository \(index + 1) in it is none, or has the name of another"
        continue
      }
      reading.entries.append(entry)
    }
    reading.entries.sort { $0.name < $1.name }
    return reading
  }

  // MARK: Changing

  /// Has `body` change the list and writes it, where it is another then; both under the list's lock. A file that is no
  /// list is kept under another name, and a note says so: nothing of it is lost.
  ///
  /// Throws what `body` throws, `.invalidArgument` where two repositories would have one name, and then nothing is
  /// written.
  @discardableResult
  package func change<Result>(
    _ body: (inout [RepositoryEntry]) throws(CairnError) -> Result
  ) throws(CairnError) -> (result: Result, notes: [CairnError]) {
    let held: OpenDirectory
    do throws(Failure) {
      try makeDirectory(directory.parent, mode: 0o700)
      held = try OpenDirectory(directory.parent).makeDirectory(directory.lastComponent)
    } catch {
      throw CairnError(
        CairnError.Code(rawValue: error.code.rawValue),
        "there is no place for the list of repositories: "
          + error.message, path: Path(directory), cause: error.cause)
    }
    let lock = try takeLock(in: held)
    defer { withExtendedLifetime(lock) {} }
    let reading = try asCairnError { () throws(Failure) in try read(in: held) }
    var entries = reading.entries
    let result = try body(&entries)
    for (index, entry) in entries.enumerated() {
      if let clash = Self.clash(of: entry, with: entries[..<index]) { throw CairnError(.invalidArgument, clash) }
    }
    entries.sort { $0.name < $1.name }
    var notes: [CairnError] = []
    try asCairnError { () throws(Failure) in
      if let problem = reading.problem {
        let kept = try keepAside(in: held)
        notes.append(
          CairnError(
            .damaged,
            "the list of repositories could not be read (\(problem)): a new one has what was readable of it, "
              + "and the old file is kept here", path: Path(kept)))
      }
      if reading.problem == nil, entries == reading.entries { return }
      var file = try AtomicFile(file(in: held))
      let list: JSONValue = [
        "version": .integer(Self.version), "repositories": .array(entries.map(\.json)),
      ]
      try file.write(list.bytes + [UInt8(ascii: "\n")])
      try file.commit()
    }
    return (result, notes)
  }

  private func takeLock(in held: OpenDirectory) throws(CairnError) -> FileLock? {
    do throws(Failure) {
      return try FileLock(HeldName(Self.lockName, in: held, path: directory.appending(Self.lockName)), waits: true)
    } catch { throw CairnError(error) }
  }

  /// Gives the file a name that nothing has.
  private func keepAside(in held: OpenDirectory) throws(Failure) -> FilePath {
    var number = 1
    while true {
      let name = FilePath("\(Self.fileName).damaged-\(number)")
      do throws(Failure) { _ = try held.status(of: name) } catch {
        guard error.code == .notFound else { throw error }
        try held.rename(Self.fileName, to: name)
        return directory.appending(name)
      }
      number += 1
    }
  }

  /// Why `entry` cannot stand beside `others`; nil where it can. Names and groups are of one kind, since a user names
  /// either.
  private static func clash(of entry: RepositoryEntry, with others: some Sequence<RepositoryEntry>) -> String? {
    if let group = entry.groups.first(where: { RepositoryName.areSame($0, entry.name) }) {
      return "\(group) cannot be both a repository and a group: take another name"
    }
    for other in others {
      if RepositoryName.areSame(other.name, entry.name) {
        return "there is a repository \(other.name) already, at \(other.root): take another name"
      }
      if other.groups.contains(where: { RepositoryName.areSame($0, entry.name) })
        || entry.groups.contains(where: { RepositoryName.areSame($0, other.name) })
      {
        let name = entry.groups.contains { RepositoryName.areSame($0, other.name) } ? other.name : entry.name
        return "\(name) cannot be both a repository and a group: take another name"
      }
    }
    return nil
  }
}
