import PostgreSQL
package import Primitives

extension StoreOpener {
  /// The queue of the store, and the collection. Throws `.notFound` where there is no such collection.
  package func queue(_ context: SearchContext) throws(Failure) -> (TaskQueue, StoreCollection) {
    let store = try openPostgres(context)
    return (TaskQueue(store), try known(in: store))
  }

  /// Waits until no task of the collection is left to be done, and has the store make its searches fast then.
  ///
  /// - Parameter progress: called every few seconds.
  package func drain(
    _ context: SearchContext, progress: (QueueStatus) -> Void
  ) throws(Failure) -> QueueStatus {
    let store = try openPostgres(context)
    let (queue, collection) = (TaskQueue(store), try known(in: store))
    while true {
      let status = try queue.status(of: collection)
      if status.openCount == 0 {
        try store.optimise(collection)
        return status
      }
      progress(status)
      _ = try queue.connection.notifications(within: .seconds(2))
    }
  }
}
