package import Primitives

/// A static embedding: the vector of a text is a weighted sum of rows of a table. `Models/README.md` has the rules.
package final class StaticModel: Embedder {
  package let identity: ModelIdentity
  /// The model that is part of the program.
  package static func builtIn() throws(Failure) -> StaticModel { try StaticModel(opening: "built-in") }
  /// A model in a file of its own.
  package init(opening path: FilePath) throws(Failure) { throw Failure(.notFound, "not written yet") }
  package func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] { [] }
  package func embed(query: String) throws(Failure) -> [Float] { [] }
}
