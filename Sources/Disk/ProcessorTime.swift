import CSystem
import Glibc

/// Processor time that the calling thread has used. About a fifth of a microsecond.
package func threadProcessorTime() -> Duration { time(of: CLOCK_THREAD_CPUTIME_ID) }

/// Processor time that all threads of the process have used together.
package func processorTime() -> Duration { time(of: CLOCK_PROCESS_CPUTIME_ID) }

private func time(of clock: clockid_t) -> Duration {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
