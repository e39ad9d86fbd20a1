import CFaultGuard
import CTreeSitter
import Chunking
import Glibc

/// Tree-sitter's memory. It takes its allocator once for the whole process; this one looks what the calling thread is
/// doing: inside `measure` it counts what is asked for, inside `withArena` it takes memory from the thread's arena, and
/// elsewhere it is the system's.
enum ParseMemory {
  /// What a thread does at the moment. Lives as long as its thread.
  @unsafe struct Thread {
    /// Bytes asked for while measured.
    var requested = 0
    var isMeasured = false
    var usesArena = false
    /// Whether the work of a whole file is being counted.
    var hasWork = false
    var arena = unsafe ParseArena()
    /// Bytes that the arena and the outline may hold together.
    var limit = Int.max
    /// How the last parse, or the last walk over a tree, ended.
    var end = Int32(FAULTGUARD_DONE)
  }

  /// The slot of each thread that holds the address of its state, if it ever parsed.
  private static let slot: pthread_key_t = {
    var slot = pthread_key_t()
    let status = unsafe pthread_key_create(&slot) { state in
      guard let state = unsafe state?.assumingMemoryBound(to: Thread.self) else { return }
      unsafe state.pointee.arena.releaseAll()
      unsafe state.deinitialize(count: 1)
      unsafe state.deallocate()
    }
    precondition(status == 0, "no thread slot is left")
    return slot
  }()

  private static let installed: Void = unsafe ts_set_allocator(
    { size in
      if let memory = unsafe ParseMemory.allocate(size) { return unsafe memory }
      unsafe ParseMemory.giveUp()
    },
    { count, size in
      let (byteCount, isOver) = count.multipliedReportingOverflow(by: size)
      if !isOver, let memory = unsafe ParseMemory.allocate(byteCount) { return unsafe memset(memory, 0, byteCount) }
      unsafe ParseMemory.giveUp()
    },
    { memory, size in
      if let memory = unsafe ParseMemory.reallocate(memory, size) { return unsafe memory }
      unsafe ParseMemory.giveUp()
    },
    { memory in unsafe ParseMemory.release(memory) })

  /// Gives tree-sitter the allocator, before its first use in the process.
  static func install() { installed }

  /// Runs `body` with all of tree-sitter's memory on this thread coming from an arena, which ends with it: nothing that
  /// was made inside need be freed, and nothing may be used after. Not to be nested.
  ///
  /// - Parameter limit: bytes that the arena may hold together with what `body` tells `isOver` of; a bound for who
  ///   asks, not for what is given.
  static func withArena<Result>(limit: Int, _ body: () -> Result) -> Result {
    let thread = unsafe current
    unsafe thread.pointee.limit = limit
    unsafe thread.pointee.usesArena = true
    defer {
      unsafe thread.pointee.usesArena = false
      unsafe thread.pointee.arena.reset()
    }
    return body()
  }

  /// Runs `body` with as much work for all parses on this thread in it, together, as a file of that size is worth; the
  /// one that goes over it is left, and each after it as it begins (`ParserFailure.work`). Inside of another, that goes
  /// on to count.
  static func withWork<Result>(byteCount: Int, _ body: () -> Result) -> Result {
    let thread = unsafe current
    if unsafe thread.pointee.hasWork { return body() }
    unsafe thread.pointee.hasWork = true
    cairn_grammar_set_work(ParseLimits.maximumWork(byteCount: byteCount))
    defer {
      unsafe thread.pointee.hasWork = false
      cairn_grammar_set_work(.max)
    }
    return body()
  }

  /// Runs `body`, which is given a way to ask how many bytes tree-sitter has asked for on this thread since.
  static func measure<Result>(_ body: (_ requested: UnsafePointer<Int>) -> Result) -> Result {
    let thread = unsafe current
    unsafe thread.pointee.requested = 0
    unsafe thread.pointee.isMeasured = true
    defer { unsafe thread.pointee.isMeasured = false }
    return unsafe body(UnsafePointer(thread.pointer(to: \.requested)!))
  }

  @unsafe private static var current: UnsafeMutablePointer<Thread> {
    if let known = unsafe pthread_getspecific(slot) { return unsafe known.assumingMemoryBound(to: Thread.self) }
    let made = UnsafeMutablePointer<Thread>.allocate(capacity: 1)
    unsafe made.initialize(to: Thread())
    _ = unsafe pthread_setspecific(slot, made)
    return unsafe made
  }

  /// Whether this thread's arena holds more than its limit, with `byteCount` more that belong to the parse.
  static func isOver(with byteCount: Int) -> Bool {
    guard let thread = unsafe pthread_getspecific(slot)?.assumingMemoryBound(to: Thread.self),
      unsafe thread.pointee.usesArena
    else { return false }
    return unsafe thread.pointee.arena.heldByteCount + byteCount > thread.pointee.limit
  }

  /// Whether the last parse on this thread ended because the system had no more memory.
  static var ranOut: Bool { unsafe current.pointee.end == Int32(FAULTGUARD_NO_MEMORY) }

  /// How the last parse on this thread failed, if its parser did.
  static var failure: ParserFailure? {
    switch unsafe Int(current.pointee.end) {
    case FAULTGUARD_ASSERTION: .assertion
    case FAULTGUARD_STATE: .state
    case FAULTGUARD_FAULT: .fault
    case FAULTGUARD_STUCK: .stuck
    case FAULTGUARD_TOO_MUCH_WORK: .work
    default: nil
    }
  }

  /// Parses with a way out: nil if memory ran out or the parser failed (`ranOut`, `failure`). In an arena the parser is
  /// left to go with it. Its time is bounded there alone: memory of the system's allocator cannot be left in the middle
  /// of a call.
  static func parse(_ parse: cairn_parse, byteCount: Int) -> OpaquePointer? {
    let thread = unsafe current
    var parse = unsafe parse
    let usesArena = unsafe thread.pointee.usesArena
    unsafe parse.ends_parser = !usesArena
    let limit = usesArena ? ParseLimits.maximumMilliseconds(byteCount: byteCount) : 0
    unsafe thread.pointee.end = faultguard_run({ unsafe cairn_perform_parse($0) }, &parse, limit)
    return unsafe thread.pointee.end == Int32(FAULTGUARD_DONE) ? parse.tree : nil
  }

  /// Runs `body` over `context` with a way out for what it reads of a tree. What `body` had made by then is lost.
  @unsafe static func walk(
    _ context: UnsafeMutableRawPointer, _ body: @convention(c) (UnsafeMutableRawPointer?) -> Void
  ) {
    unsafe current.pointee.end = faultguard_run(body, context, 0)
  }

  /// Leaves the running parse on this thread, whose memory goes with the arena; without one there is no way on.
  @unsafe private static func giveUp() -> Never {
    if faultguard_is_running() { faultguard_leave(Int32(FAULTGUARD_NO_MEMORY)) }
    fatalError("out of memory while parsing")
  }

  @unsafe private static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    if let thread = unsafe pthread_getspecific(slot)?.assumingMemoryBound(to: Thread.self) {
      if unsafe thread.pointee.isMeasured { unsafe thread.pointee.requested &+= size }
      if unsafe thread.pointee.usesArena { return unsafe thread.pointee.arena.allocate(size) }
    }
    return unsafe malloc(size)
  }

  @unsafe private static func reallocate(_ memory: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
    if let thread = unsafe pthread_getspecific(slot)?.assumingMemoryBound(to: Thread.self) {
      if unsafe thread.pointee.isMeasured { unsafe thread.pointee.requested &+= size }
      if unsafe thread.pointee.usesArena { return unsafe thread.pointee.arena.reallocate(memory, size) }
    }
    return unsafe realloc(memory, size)
  }

  @unsafe private static func release(_ memory: UnsafeMutableRawPointer?) {
    guard let memory = unsafe memory else { return }
    if let thread = unsafe pthread_getspecific(slot)?.assumingMemoryBound(to: Thread.self),
      unsafe thread.pointee.usesArena
    {
      unsafe thread.pointee.arena.release(memory)
    } else {
      unsafe free(memory)
    }
  }
}
