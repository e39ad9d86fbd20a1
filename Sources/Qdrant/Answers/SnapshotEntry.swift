import JSON

/// A snapshot of a collection that the server keeps.
package struct SnapshotEntry: Hashable, Sendable {
  package var name: String
  package var byteCount: Int
  /// As the server writes it; nil where it does not say.
  package var creationTime: String?
  /// SHA-256 in hexadecimal digits; nil where the server does not say.
  package var checksum: String?

  init?(_ document: JSONValue) {
    guard let name = document["name"]?.string, !name.isEmpty, let size = document["size"]?.integer else { return nil }
    self.name = name
    byteCount = size
    creationTime = document["creation_time"]?.string
    checksum = document["checksum"]?.string
  }
}
