import Catalog
import Chunking
import Embedding
import Segments

extension IndexIdentity {
  /// What an index built by this program with `model` and `chunker` is built with.
  ///
  /// The rules of the walk are not part of it: the comparison of each run finds the files that other rules add and
  /// leave out, and there is nothing to rebuild for the rest.
  init(model: ModelIdentity, chunker: Chunker) {
    self.init(
      modelName: model.name, modelHash: model.contentHash, dimensions: model.dimensions,
      chunkerVersion: Chunker.version, analyzerVersion: Analyzer.version,
      settings: "chunk-bytes=\(chunker.targetByteCount)")
  }

  /// Whether an index built with `other` may be rebuilt without being asked: its model is the same, or both are
  /// versions of the built-in one, which costs seconds, or of one embedder of a program, which says by its version that
  /// it has no use for the vectors of another.
  func mayReplace(_ other: IndexIdentity) -> Bool {
    if ModelIdentity.isBuiltIn(modelName), ModelIdentity.isBuiltIn(other.modelName) { return true }
    if ModelIdentity.isCustom(modelName) { return modelName == other.modelName }
    return modelName == other.modelName && modelHash == other.modelHash && dimensions == other.dimensions
  }

  /// In words, why an index built with `other` cannot be brought up to date with this; nil if it can.
  func difference(from other: IndexIdentity) -> String? {
    if self == other { return nil }
    if modelName != other.modelName { return "the model is now \(modelName), it was \(other.modelName)" }
    if modelHash != other.modelHash || dimensions != other.dimensions { return "the model \(modelName) has changed" }
    if settings != other.settings { return "the settings are now \(settings), they were \(other.settings)" }
    return "this version of Cairn cuts or reads files in another way"
  }
}
