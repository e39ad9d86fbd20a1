import Disk
import Primitives

/// Bytes of memory that this process can still take without pushing others out, its control group's limit included. Some
/// 50 microseconds. Half a gigabyte where the system does not tell.
package func freeMemoryByteCount() -> Int { freeMemoryByteCount { try? readSystemFile(FilePath($0)) } }

/// The same, reading files through `read`.
package func freeMemoryByteCount(reading read: (String) -> String?) -> Int {
  let unknown = 512 << 20
  var free = unknown
  for line in (read("/proc/meminfo") ?? "").split(separator: "\n") where line.hasPrefix("MemAvailable:") {
    let number = line.drop { !$0.isNumber }.prefix { $0.isNumber }
    free = Int(number).map { $0 << 10 } ?? unknown
  }
  // Control groups, version 2: the line `0::/path`. Inside a container the group itself stands at the top.
  let group = (read("/proc/self/cgroup") ?? "").split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3)
  for directory in ["/sys/fs/cgroup\(group ?? "")", "/sys/fs/cgroup"] {
    guard let limit = number(in: read(directory + "/memory.max")),
      let used = number(in: read(directory + "/memory.current"))
    else { continue }
    free = min(free, max(0, limit - used))
  }
  return free
}

private func number(in text: String?) -> Int? { text.flatMap { Int($0.prefix { $0.isNumber }) } }
