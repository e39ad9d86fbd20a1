/// What bounds one request: how long it may take, and whether anybody still waits for it. A search checks it between
/// its phases and between the pieces of each phase, so that it ends within milliseconds of either.
///
/// A value that copies share; thread-safe. A check costs a relaxed load, and where there is a deadline a look at the
/// clock.
package struct SearchContext: Sendable {
  package let cancellation: Cancellation
  /// When the request is to be over; nil for one that may take as long as it takes.
  package let deadline: ContinuousClock.Instant?

  private let now: @Sendable () -> ContinuousClock.Instant

  /// - Parameters:
  ///   - deadline: nil for a request that may take as long as it takes.
  ///   - cancellation: cancels the request; one that nobody cancels where it is left out.
  ///   - now: the clock, which is read at each check where there is a deadline; it must never go back.
  package init(
    deadline: ContinuousClock.Instant? = nil, cancellation: Cancellation = Cancellation(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.deadline = deadline
    self.cancellation = cancellation
    self.now = now
  }

  /// Whether the request is to end now. Once true it stays so, and `check` throws: work that stops half-way where it is
  /// true gives something that is worth nothing, and its caller checks afterwards.
  package var isOver: Bool { isLate || cancellation.isCancelled }

  /// Throws `.cancelled` where nobody waits any more, `.timedOut` where the deadline has passed.
  package func check() throws(Failure) {
    let isLate = isLate
    try cancellation.check()
    if isLate { throw Failure(.timedOut, "the time that the search was given is over") }
  }

  /// How much time is left; nil if there is no deadline.
  package var remaining: Duration? { deadline.map { max(.zero, now().duration(to: $0)) } }

  private var isLate: Bool { deadline.map { now() >= $0 } ?? false }
}
