import Synchronization

/// The rank that is known to be reached often enough by what some of several searches have found: the others need not
/// keep anything below it. It makes them faster and changes nothing of what is best together.
package final class RankFloor: Sendable {
  private let held = Atomic<UInt32>(0)

  package init() {}

  /// Nothing below it is wanted.
  var value: UInt32 { held.load(ordering: .relaxed) }

  /// To be called when as many of this rank or above were found as are wanted.
  func raise(to rank: UInt32) { held.max(rank, ordering: .relaxed) }
}
