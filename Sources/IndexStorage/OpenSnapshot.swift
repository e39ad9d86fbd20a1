package import Catalog
package import Embedding
package import Primitives
import Segments

/// What the catalog says is live, and the same opened; segments that are `known` by their numbers are taken as they
/// are. When a file vanishes between the catalog's answer and its opening (a merge), the catalog is asked again.
func openSnapshot(
  of catalog: IndexCatalog, in index: IndexDirectory, reusing known: [SegmentID: Segment]
) throws(Failure) -> (state: CatalogSnapshot, snapshot: IndexSnapshot) {
  var previous: (generation: Generation, missing: Failure)?
  while true {
    let found = try catalog.snapshot()
    if let previous, previous.generation == found.generation {
      throw Failure.missingSegment(previous.missing)
    }
    do {
      var live: [IndexSnapshot.LiveSegment] = []
      // One of which nothing is live answers nothing; it is there for a run that may revive files of it.
      for record in found.liveSegments {
        let segment: Segment
        if let held = known[record.id], held.checksum == record.checksum {
          segment = held
        } else {
          segment = try index.open(record)
        }
        live.append(
          IndexSnapshot.LiveSegment(
            segment: segment, tombstones: record.tombstones,
            readsWholeByWish: segment.byteCount <= index.wholeByteCount))
      }
      let snapshot = IndexSnapshot(generation: found.generation, isComplete: found.isComplete, segments: live)
      return (found, snapshot)
    } catch  where error.code == .notFound {
      // Only a newer generation removes a live file, so each turn of this loop sees a newer one or ends.
      previous = (found.generation, error)
    }
  }
}

extension IndexIdentity {
  package func check(_ model: ModelIdentity, _ directory: FilePath) throws(Failure) {
    if modelName == model.name, modelHash == model.contentHash, dimensions == model.dimensions { return }
    let message =
      modelName == model.name
      ? "the index was built with another version of the model \(modelName): build it anew"
      : "the index was built with the model \(modelName), not with \(model.name): leave the model out to go on with "
        + "\(modelName), or build the index anew"
    throw Failure(.differentModel, message, path: directory, remedy: .rebuild)
  }
}

extension Failure {
  /// Damage, where a file that is live is not there.
  static func missingSegment(_ failure: Failure) -> Failure {
    Failure(
      .damaged, "a segment of the index is missing", path: failure.path, cause: failure.cause, remedy: .index)
  }
}
