/// What bounds one request: how long it may take, and whether anybody still waits for it. A search checks it between
/// its phases and between the pieces of each phase, so that it ends within milliseconds of either.
///
/// A value that copies share; thread-safe. A check costs a relaxed load, and where there is a deadline a look at the
/// clock.
package struct SearchContext: Sendable {
  package let cancellation: Cancellation
  /// When the request is to be over; nil for one that may take as long as it takes.
  package let deadline: ContinuousClock.Instant?

  /// - Parameters:
  ///   - deadline: nil for a request that may take as long as it takes.
  ///   - cancellation: cancels the request; one that nobody cancels where it is left out.
  package init(deadline: ContinuousClock.Instant? = nil, cancellation: Cancellation = Cancellation()) {
    self.deadline = deadline
    self.cancellation = cancellation
  }

  /// Whether the request is to end now.
  package var isOver: Bool { cancellation.isCancelled || isLate }

  /// Throws `.cancelled` where nobody waits any more, `.timedOut` where the deadline has passed.
  package func check() throws(Failure) {
    try cancellation.check()
    if isLate { throw Failure(.timedOut, "the time that the search was given is over") }
  }

  /// How much time is left; nil where there is no deadline.
  package var remaining: Duration? { deadline.map { max(.zero, ContinuousClock.now.duration(to: $0)) } }

  private var isLate: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }
}
