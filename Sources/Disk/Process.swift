import CSystem
import Glibc
package import Primitives
import Synchronization

/// The variables this process was started with. Values are bytes: a path among them need not be UTF-8.
package func processEnvironment() -> [String: [UInt8]] {
  var variables: [String: [UInt8]] = [:]
  guard var entry = unsafe csystem_environment() else { return variables }
  while let text = unsafe entry.pointee {
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
      variables[String(decoding: bytes[..<equals], as: UTF8.self)] = Array(bytes[(equals + 1)...])
    }
    unsafe entry += 1
  }
  return variables
}

/// The number by which the system knows this process.
package func processID() -> Int { Int(getpid()) }

/// Runs `body` on a thread that gives way to all that wants the processor and the disk besides, as do those that it
/// starts: for work that nobody waits for. The calling thread waits for its end and stays as it is, since a priority
/// that was lowered cannot be raised again. What the system refuses stays as it is too; where it has no more threads,
/// `body` runs on the calling one as ever.
package func givingWay<Value: Sendable>(
  _ body: @escaping @Sendable () throws(Failure) -> Value
) throws(Failure) -> Value {
  let outcome = Mutex<Result<Value, Failure>?>(nil)
  let thread = BlockingThread {
    csystem_lower_priority()
    let made = Result { () throws(Failure) in try body() }
    outcome.withLock { $0 = made }
  }
  thread?.join()
  guard let made = outcome.withLock({ $0 }) else { return try body() }
  return try made.get()
}

/// From now on the calling thread has the processor only while no thread of the usual kind wants it, and is interrupted
/// at once where one does: a low priority alone is kept until the end of its share, milliseconds later. On a machine
/// without an idle moment it has next to nothing. What the system refuses stays as it is.
package func runWhenIdle() { csystem_run_when_idle() }

/// Whether a thread of the process `id` is at work, waits for a processor to be free, or for a disk, right now; false
/// of one that is stopped or sleeps, and where the system does not say it. Some ten microseconds for each thread.
package func isAtWork(processID id: Int) -> Bool {
  let tasks = FilePath("/proc/\(id)/task")
  return ((try? listDirectory(tasks)) ?? []).contains { task in
    guard let text = try? readSystemFile(tasks.appending(task.name).appending("stat"), limit: 4096),
      let state = statFields(of: text)?.first
    else { return false }
    return state == "R" || state == "D"
  }
}

/// Whether files may be made in `directory` by this process; false also where there is no such directory.
package func isWritable(_ directory: FilePath) -> Bool {
  unsafe directory.withCPath { name in unsafe access(name, W_OK | X_OK) } == 0
}

/// Processor time that the calling thread has used. About a fifth of a microsecond.
package func threadProcessorTime() -> Duration { time(of: CLOCK_THREAD_CPUTIME_ID) }

/// Processor time that all threads of the process have used together.
package func processorTime() -> Duration { time(of: CLOCK_PROCESS_CPUTIME_ID) }

private func time(of clock: clockid_t) -> Duration {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// Nanoseconds since 1970, by the clock that the file system stamps files with (on a network file system: nearly).
///
/// A clock that is set to before 1684 or after 2255 gives those years: what is farther off has no room, with what is
/// added to it.
package func wallClockNanoseconds() -> Int64 {
  var now = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &now)
  return max(-9_000_000_000, min(Int64(now.tv_sec), 9_000_000_000)) * 1_000_000_000 + Int64(now.tv_nsec)
}

/// Holds the calling thread for so long: for another look at what may be in the middle of a change. Not for the shared
/// pool.
package func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }

/// How many descriptors this process may have at once, after its own limit was raised to `count` as far as the system
/// lets it be.
package func raisedDescriptorLimit(to count: Int) -> Int {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
  let wanted = min(rlim_t(count), limit.rlim_max)
  if limit.rlim_cur < wanted {
    var raised = limit
    raised.rlim_cur = wanted
    if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
  }
  return Int(clamping: limit.rlim_cur)
}
