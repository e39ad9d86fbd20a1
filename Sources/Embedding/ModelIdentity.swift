package import Primitives

/// Which model made a vector. Vectors of different identities are never compared: an index knows its own.
package struct ModelIdentity: Hashable, Sendable {
  /// `cairn-static-v1`, `hashing`, `all-MiniLM-L6-v2`.
  package var name: String
  /// The hash of the model's weights.
  package var contentHash: ContentHash
  package var dimensions: Int

  package init(name: String, contentHash: ContentHash, dimensions: Int) {
    self.name = name
    self.contentHash = contentHash
    self.dimensions = dimensions
  }

  /// Whether vectors of that name are made by a version of the model that is part of the program.
  package static func isBuiltIn(_ name: String) -> Bool { name.hasPrefix("cairn-static-") }
}
