import CFaultGuard
import Disk
import Glibc
import Testing

/// Code that goes wrong inside a run, on the test's own threads.
@Suite struct FaultGuardTests {
  @Test func `what ends well says so`() {
    var number = 1
    let end = unsafe faultguard_run({ unsafe $0!.assumingMemoryBound(to: Int.self).pointee += 1 }, &number, 1000)
    #expect(Int(end) == FAULTGUARD_DONE && number == 2)
    #expect(!faultguard_is_running())
  }

  @Test func `a fault is left, again and again`() {
    for _ in 0..<50 {
      let end = unsafe faultguard_run(
        { _ in unsafe UnsafeMutablePointer<Int>(bitPattern: 8)!.pointee = 1 }, nil, 0)
      #expect(Int(end) == FAULTGUARD_FAULT)
    }
  }

  @Test func `a full stack is left, on a thread of any kind`() {
    let threads = (0..<4).map { _ in
      OwnThreadOfTest {
        for _ in 0..<3 {
          let end = unsafe faultguard_run({ _ in descend(0) }, nil, 0)
          #expect(Int(end) == FAULTGUARD_FAULT)
        }
      }
    }
    for thread in threads { thread.join() }
  }

  @Test func `what does not come back is left when its time is over`() {
    var count = 0
    let start = ContinuousClock.now
    let end = unsafe faultguard_run(
      { count in
        while unsafe count!.assumingMemoryBound(to: Int.self).pointee >= 0 {
          unsafe count!.assumingMemoryBound(to: Int.self).pointee &+= 1; sched_yield()
        }
      },
      &count, 50)
    #expect(Int(end) == FAULTGUARD_STUCK)
    #expect(start.duration(to: .now) > .milliseconds(40))
  }

  @Test func `the end of the time waits for what must not be left in its middle`() {
    var isDone = false
    let end = unsafe faultguard_run(
      { done in
        faultguard_hold()
        let until = clock() + CLOCKS_PER_SEC / 10
        while clock() < until {}
        unsafe done!.assumingMemoryBound(to: Bool.self).pointee = true
        faultguard_release()
        while true { sched_yield() }
      }, &isDone, 20)
    #expect(Int(end) == FAULTGUARD_STUCK && isDone)
  }

  @Test func `who writes beyond the room for a state is left, and it is as large as it says`() {
    let end = unsafe faultguard_run(
      { _ in
        let state = unsafe faultguard_state()!
        for index in 0..<Int(FAULTGUARD_STATE_BYTES) { unsafe state[index] = 1 }
        unsafe state[Int(FAULTGUARD_STATE_BYTES)] = 1
      }, nil, 0)
    #expect(Int(end) == FAULTGUARD_FAULT)
  }

  @Test func `a way out that is asked for is taken with its reason`() {
    let end = unsafe faultguard_run({ _ in faultguard_leave(Int32(FAULTGUARD_STATE)) }, nil, 0)
    #expect(Int(end) == FAULTGUARD_STATE)
  }
}

/// Never comes back; the depth is used so that no loop can be made of it.
@inline(never) @discardableResult private func descend(_ depth: Int) -> Int {
  var room = InlineArray<64, Int>(repeating: depth)
  if depth < 0 { return 0 }
  room[depth & 63] = descend(depth + 1)
  return room[0] &+ room[(depth >> 1) & 63]
}

/// A thread with a small stack.
private final class OwnThreadOfTest: Sendable {
  private let thread: pthread_t

  init(_ body: @escaping @Sendable () -> Void) {
    final class Work: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, 256 * 1024)
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
    _ = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, work)
    unsafe pthread_attr_destroy(&attributes)
    self.thread = thread
  }

  func join() { pthread_join(thread, nil) }
}
