import Catalog
import Embedding
import IndexStorage
package import Primitives
package import Searching
import Segments
import Settings

extension IndexSession {
  /// Sends the index of the tree, as it was last committed, to the store. Throws `.noIndex` where there is none, or one
  /// that is not complete.
  package func push(
    to opener: StoreOpener, _ context: SearchContext, tell: ((IndexPush.Event) -> Void)? = nil
  ) throws(Failure) -> MoveReport {
    let (snapshot, identity) = try complete()
    let push = IndexPush(
      snapshot, of: identity, root: root, byteCountLimit: settings.integer(.maximumFileByteCount),
      followsLinks: settings.boolean(.followsLinks))
    return try push.run(to: try opener.open(context), collection: opener.collection, context, tell: tell)
  }

  /// Whether the store holds what the index of the tree holds. Throws as `push` does, and `.notFound` where there is no
  /// such collection.
  package func compare(
    with opener: StoreOpener, deep: Bool, _ context: SearchContext
  ) throws(Failure) -> StoreComparison {
    let (snapshot, identity) = try complete()
    let store = try opener.open(context)
    let collection = try opener.known(in: store)
    return try StoreComparison(
      of: LocalFiles(snapshot), with: store, try collection.checked(against: identity), deep: deep, context)
  }

  /// The index as it was last committed, with what it was built with.
  private func complete() throws(Failure) -> (IndexSnapshot, StoreIdentity) {
    let snapshot: IndexSnapshot
    do throws(Failure) { snapshot = try index.snapshot() } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(.noIndex, "there is no index yet", path: root, remedy: .index)
    }
    guard snapshot.isComplete, let identity = try index.identity() else {
      throw Failure(
        .noIndex, "the index is not complete, and a store should hold all of it", path: root, remedy: .index)
    }
    return (
      snapshot,
      StoreIdentity(
        model: ModelIdentity(
          name: identity.modelName, contentHash: identity.modelHash, dimensions: identity.dimensions),
        chunkerVersion: identity.chunkerVersion, analyzerVersion: identity.analyzerVersion)
    )
  }
}
