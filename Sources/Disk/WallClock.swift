import CSystem
import Glibc

/// Nanoseconds since 1970, by the clock that the file system stamps files with (on a network file system: nearly).
///
/// A clock that is set to before 1684 or after 2255 gives those years: what is farther off has no room, with what is added to it.
package func wallClockNanoseconds() -> Int64 {
  var now = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &now)
  return max(-9_000_000_000, min(Int64(now.tv_sec), 9_000_000_000)) * 1_000_000_000 + Int64(now.tv_nsec)
}
