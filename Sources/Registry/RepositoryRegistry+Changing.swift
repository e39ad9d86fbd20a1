package import Cairn
import Disk
import Primitives

/// What became of a repository that was to be added.
package struct AddedRepository: Sendable {
  package var entry: RepositoryEntry
  /// What it was called before; nil where it had that name already, or was not in the list.
  package var oldName: String?
  /// Whether it was in the list before.
  package var wasKnown = false
  /// What is worth knowing, such as a list that was damaged.
  package var notes: [CairnError] = []
}

extension RepositoryRegistry {
  /// Adds the tree at `root`, absolute, to the list, or what is said of it here to the entry that it has.
  ///
  /// Throws `.notFound` where there is no such directory, `.invalidArgument` for a name that cannot be, or that another
  /// repository has.
  ///
  /// - Parameters:
  ///   - name: nil for the one that it has, or that of its directory.
  ///   - address: where it was cloned from.
  package func add(
    _ root: Path, as name: String? = nil, groups: [String] = [], address: GitAddress? = nil
  ) throws(CairnError) -> AddedRepository {
    if let problem = name.flatMap({ RepositoryName.problem(with: $0) }) {
      throw CairnError(.invalidArgument, "the name \(problem)")
    }
    if let problem = groups.compactMap({ RepositoryName.problem(with: $0) }).first {
      throw CairnError(.invalidArgument, "the name of a group \(problem)")
    }
    let root = try root.resolved()
    guard (try? asCairnError { () throws(Failure) in try FileStatus(of: root.filePath).kind }) == .directory else {
      throw CairnError(.invalidArgument, "it is not a directory; name the top of a tree", path: root)
    }
    var added = AddedRepository(entry: RepositoryEntry(name: "", root: root))
    let change = try list.change { entries throws(CairnError) in
      if let index = entries.firstIndex(where: { $0.root == root }) {
        added.wasKnown = true
        if let name, name != entries[index].name {
          added.oldName = entries[index].name
          entries[index].name = name
        }
        entries[index].groups = Set(entries[index].groups + groups).sorted()
        added.entry = entries[index]
        return
      }
      let component = address?.lastComponent ?? root.filePath.lastComponent.bytes
      guard let chosen = name ?? RepositoryName.derived(from: component) else {
        throw CairnError(.invalidArgument, "no name can be made of this; give it one", path: root)
      }
      added.entry = RepositoryEntry(name: chosen, root: root, address: address?.text, groups: groups)
      entries.append(added.entry)
    }
    added.notes = change.notes
    return added
  }

  /// Takes the repository `name` from the list, or only out of `groups` where there are some; gives it as it was.
  /// Nothing else is removed. Throws `.notFound` with the nearest name where the list has none of it.
  package func remove(
    _ name: String, from groups: [String] = []
  ) throws(CairnError) -> (entry: RepositoryEntry, notes: [CairnError]) {
    let change = try list.change { entries throws(CairnError) -> RepositoryEntry in
      guard let index = entries.firstIndex(where: { RepositoryName.areSame($0.name, name) }) else {
        throw Self.unknown(name, "repository", among: entries.map(\.name))
      }
      let entry = entries[index]
      if groups.isEmpty {
        entries.remove(at: index)
        return entry
      }
      for group in groups where !entry.groups.contains(where: { RepositoryName.areSame($0, group) }) {
        let known = entry.groups.isEmpty ? "none" : entry.groups.joined(separator: ", ")
        throw CairnError(.notFound, "\(entry.name) is not in that group; it is in \(known)")
      }
      entries[index].groups.removeAll { old in groups.contains { RepositoryName.areSame($0, old) } }
      return entry
    }
    return (change.result, change.notes)
  }

  /// Clones the repository at `address`, or brings its clone up to date, and gives the clone's root. Ends with the
  /// task.
  @concurrent package func clone(_ address: GitAddress) async throws(CairnError) -> Path {
    let outcome = await onBlockingThread(timeLimit: nil) { [clones] context throws(Failure) in
      Result { () throws(CairnError) in try clones.make(address, context) }
    }
    switch outcome {
    case .success(let result): return try result.get()
    case .failure(let failure): throw CairnError(failure)
    }
  }
}
