package import Primitives

/// What an index was built with. A catalog whose identity differs is rebuilt, never mixed.
package struct IndexIdentity: Hashable, Sendable {
  package var modelName: String
  package var modelHash: ContentHash
  package var dimensions: Int
  package var chunkerVersion: Int
  package var analyzerVersion: Int
  /// Configuration that decides which files and chunks there are, as one text.
  package var settings: String

  package init(
    modelName: String, modelHash: ContentHash, dimensions: Int, chunkerVersion: Int, analyzerVersion: Int,
    settings: String
  ) {
    self.modelName = modelName
    self.modelHash = modelHash
    self.dimensions = dimensions
    self.chunkerVersion = chunkerVersion
    self.analyzerVersion = analyzerVersion
    self.settings = settings
  }
}
