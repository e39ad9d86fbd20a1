import Synchronization

/// The top-k threshold that the searches of one query share: a rank that as many hits as are wanted have reached, so
/// that no search need keep anything below it. It makes them faster and does not change what is best together.
package final class SharedThreshold: Sendable {
  private let held = Atomic<UInt32>(0)

  package init() {}

  /// Nothing below it is wanted.
  package var value: UInt32 { held.load(ordering: .relaxed) }

  /// To be called when as many of this rank or above were found as are wanted.
  package func raise(to rank: UInt32) {
    // Not `max`, which compares numbers without a sign as if they had one (Swift 6.3.1): no rank of 2^31 or more was
    // kept.
    var known = value
    while known < rank {
      let (isExchanged, now) = held.weakCompareExchange(expected: known, desired: rank, ordering: .relaxed)
      if isExchanged { return }
      known = now
    }
  }
}
