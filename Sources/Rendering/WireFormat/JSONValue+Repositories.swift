package import Cairn
package import JSON
package import Registry

// The objects of `Docs/JSON.md` about the user's list of repositories.

extension JSONValue {
  /// A repository of the list.
  package static func repository(_ state: RepositoryState) -> JSONValue {
    .object(
      [("type", .string("repository"))] + members(of: state.entry) + [
        ("state", .string(state.condition.rawValue)), ("files", .integer(state.fileCount)),
        ("chunks", .integer(state.chunkCount)), ("as_of", asOf(commit: state.commit, time: state.time)),
      ] + (state.failure.map { [("error", failure($0))] } ?? []))
  }

  /// What became of a repository: `added`, `updated`, `removed` or `failed`.
  package static func repositoryChange(_ action: String, _ entry: RepositoryEntry, error: CairnError? = nil)
    -> JSONValue
  {
    .object(
      [("type", .string("repository-change")), ("action", .string(action))] + members(of: entry)
        + (error.map { [("error", failure($0))] } ?? []))
  }

  private static func members(of entry: RepositoryEntry) -> [(name: String, value: JSONValue)] {
    [("name", .string(entry.name))] + members("root", entry.root) + [
      ("address", entry.address.map { .string($0) } ?? .null),
      ("groups", .array(entry.groups.map { .string($0) })),
    ]
  }

  /// What an answer has of one of several repositories.
  static func searchedRepository(_ part: SearchResponse.Repository) -> JSONValue {
    .object(
      [("name", .string(part.name))] + members("root", part.root) + [
        ("searched", .integer(part.fileCount)), ("complete", .boolean(part.isComplete)),
        ("as_of", asOf(commit: part.commit, time: part.freshness.time)), ("freshness", freshness(part.freshness)),
      ] + (part.failure.map { [("error", failure($0))] } ?? []))
  }

  private static func asOf(commit: String?, time: Double?) -> JSONValue {
    .object([
      ("commit", commit.map { .string($0) } ?? .null), ("time", time.map { .number($0) } ?? .null),
    ])
  }
}

extension Freshness {
  /// Since when changes may be missing, in seconds since 1970; nil where that is not known.
  package var time: Double? {
    switch self {
    case .watched(let time, _), .updated(let time): time
    case .asCommitted(let time): time
    }
  }
}
