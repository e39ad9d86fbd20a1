import CMeasuring

/// What one run of a part cost.
struct Counts {
  var seconds: Double
  /// In user mode; nothing where the machine does not count.
  var instructions: Int?
  /// Calls for memory, and the bytes asked for.
  var allocations: Int
  var allocatedBytes: Int
}

/// Counts what a piece of work costs. One at a time.
struct Counters {
  private let descriptor = cm_instructions_open()

  var countsInstructions: Bool { descriptor >= 0 }

  func measure(_ body: () throws -> Void) rethrows -> Counts {
    let clock = ContinuousClock()
    cm_allocations_reset()
    let instructionsBefore = cm_instructions_read(descriptor)
    let began = clock.now
    try body()
    let seconds = began.duration(to: clock.now) / .seconds(1)
    let instructions = cm_instructions_read(descriptor) - instructionsBefore
    let allocations = cm_allocations_read()
    return Counts(
      seconds: seconds, instructions: countsInstructions ? Int(instructions) : nil,
      allocations: Int(allocations.count), allocatedBytes: Int(allocations.byteCount))
  }
}
