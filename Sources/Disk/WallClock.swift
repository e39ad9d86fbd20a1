import CSystem
import Glibc

/// Nanoseconds since 1970, by the clock that the file system stamps files with (on a network file system: nearly).
package func wallClockNanoseconds() -> Int64 {
  var now = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
