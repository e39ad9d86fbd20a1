/// Who waited for whom in `mapInOrder`.
package struct OrderedWorkReport: Hashable, Sendable {
  /// Time that all working threads together waited for leave to begin the next item, because enough was under way.
  package var workersWaited = Duration.zero
  /// Time that the calling thread waited for the next result in order.
  package var consumerWaited = Duration.zero
  /// The most results that waited for their turn at once.
  package var greatestWaitingCount = 0
  /// The greatest cost that was under way at once.
  package var greatestCost = 0
  package init() {}
}
