import Synchronization

/// What is known of each piece of a file: whether it was checked. Thread-safe, without a lock.
// `@unchecked Sendable`: the memory is of atomics, and `states` never changes after `init`.
@safe final class PieceStates: @unchecked Sendable {
  private static let unknown: UInt8 = 0
  private static let known: UInt8 = 1

  let count: Int
  private let states: UnsafeMutablePointer<Atomic<UInt8>>

  init(count: Int) {
    self.count = count
    unsafe states = UnsafeMutablePointer<Atomic<UInt8>>.allocate(capacity: max(1, count))
    for i in 0..<count { unsafe (states + i).initialize(to: Atomic(Self.unknown)) }
  }

  deinit {
    unsafe states.deinitialize(count: count)
    unsafe states.deallocate()
  }

  /// Whether the piece was checked.
  func isKnown(_ piece: Int) -> Bool {
    precondition(piece >= 0 && piece < count)
    // What was found is told before the state is.
    return unsafe states[piece].load(ordering: .acquiring) == Self.known
  }

  func setKnown(_ piece: Int) {
    precondition(piece >= 0 && piece < count)
    unsafe states[piece].store(Self.known, ordering: .releasing)
  }
}
