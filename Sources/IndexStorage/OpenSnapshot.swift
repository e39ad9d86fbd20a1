package import Catalog
package import Embedding
package import Primitives
package import Segments

/// Opens the live segments of the index in `directory` as a snapshot. When a file vanishes between the catalog's answer and its opening (a
/// merge), the catalog is asked again.
///
/// Blocks, about a tenth of a millisecond and a little for each segment; `KeptSnapshot` is for who asks again. Throws `.notFound` where
/// there is no index, `.differentModel` when `model` is given and the index was built with another one, `.damaged` when a segment is
/// missing or not what the catalog lists.
///
/// - Parameter wholeByteCount: segments of no more bytes are read whole instead of mapped.
package func openSnapshot(
  directory: FilePath, model: ModelIdentity? = nil, readsWholeUpTo wholeByteCount: Int = 0
) throws(Failure) -> IndexSnapshot {
  try openSnapshot(IndexSite(directory, readsWholeUpTo: wholeByteCount), model: model)
}

/// The same of the index at `site`.
package func openSnapshot(_ site: IndexSite, model: ModelIdentity? = nil) throws(Failure) -> IndexSnapshot {
  let index = try site.open()
  let (state, snapshot) = try openSnapshot(of: index.catalog(.reading), in: index, reusing: [:])
  if let model, let identity = state.identity { try identity.check(model, index.path) }
  return snapshot
}

/// What the catalog says is live, and the same opened; segments that are `known` by their numbers are taken as they are.
package func openSnapshot(
  of catalog: IndexCatalog, in index: IndexDirectory, reusing known: [SegmentID: Segment]
) throws(Failure) -> (state: CatalogSnapshot, snapshot: IndexSnapshot) {
  var previous: (generation: Generation, missing: Failure)?
  while true {
    let found = try catalog.snapshot()
    if let previous, previous.generation == found.generation {
      throw Failure(
        .damaged, "a segment of the index is missing: `cairn index` reads its files again",
        path: previous.missing.path, cause: previous.missing.cause)
    }
    do {
      var live: [IndexSnapshot.LiveSegment] = []
      for record in found.segments {
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
    throw Failure(
      .differentModel,
      "the index was built with the model \(modelName), not with \(model.name): `cairn index --reindex` builds it anew, "
        + "or leave the model out to go on with \(modelName)",
      path: directory)
  }
}
