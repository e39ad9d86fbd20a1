import Disk
package import Embedding
import JSON
package import Primitives

extension ModelStore {
  private var knownPath: FilePath { directory.appending(".known.json") }
  /// More is a sign that something is wrong; the oldest go.
  private static let knownLimit = 200

  /// Remembers that vectors of `identity` are made by the model that the user calls `choice`. An index says only the
  /// identity: what a repository brings along must not name files or servers to be used on this machine.
  package func remember(_ choice: String, for identity: ModelIdentity) throws(Failure) {
    guard try self.choice(for: identity) != choice else { return }
    try makeDirectory(directory)
    let lock = try FileLock(directory.appending(".known.lock"), waits: true)
    defer { withExtendedLifetime(lock) {} }
    var entries = known().filter { !Self.describes($0, identity) }
    entries.append(
      .object([
        .init("name", .string(identity.name)), .init("hash", .string(identity.contentHash.description)),
        .init("dimensions", .integer(identity.dimensions)), .init("model", .string(choice)),
      ]))
    try write(.array(Array(entries.suffix(Self.knownLimit))), to: knownPath)
  }

  /// What the user called the model of `identity` when it was last used, or nil if it never was.
  package func choice(for identity: ModelIdentity) throws(Failure) -> String? {
    known().last { Self.describes($0, identity) }?["model"]?.string
  }

  private static func describes(_ entry: JSONValue, _ identity: ModelIdentity) -> Bool {
    entry["name"]?.string == identity.name && entry["hash"]?.string == identity.contentHash.description
      && entry["dimensions"]?.integer == identity.dimensions
  }

  /// What cannot be read is as good as empty: it can be said again.
  private func known() -> [JSONValue] {
    guard let bytes = try? readFile(knownPath, limit: 1 << 20).bytes, let document = try? JSONValue(parsing: bytes)
    else {
      return []
    }
    return document.array ?? []
  }
}
