import IndexStorage
package import Primitives

/// What a search does while somebody else brings the index up to date.
package enum UpdateWait {
  /// Who writes.
  package enum Writer { case thisProcess, anotherProcess }

  /// What there is to answer from meanwhile.
  package enum Sight: Equatable {
    case nothing
    /// A first run is in flight.
    case partial
    case complete
    /// An index of another model, whose words can answer.
    case otherModel(String, building: String)
  }

  /// How long a search that the index as it was can answer waits: an update is most often done in less.
  package static let patience = Duration.seconds(1)

  /// Nil where the search waits on; else what is said beside results from what there is.
  package static func note(_ sight: Sight, waited: Duration, _ writer: Writer, indexDirectory: FilePath) -> Failure? {
    let isOurs = writer == .thisProcess
    let message: String
    switch sight {
    case .nothing: return nil
    case .partial:
      message =
        (isOurs ? "the index is being built" : "another process is building the index") + "; this answer may lack files"
    case .complete:
      if waited < patience { return nil }
      message =
        (isOurs ? "the index is being brought up to date" : "another process is indexing")
        + "; this answer is from before"
    case .otherModel(let name, let building):
      message =
        (isOurs ? "the index is being built anew with " : "another process is building the index anew with ")
        + "\(building); until then the answer is BM25-only, from the index of \(name)"
    }
    return Failure(.locked, message, path: indexDirectory)
  }
}
