import CSystem
import Glibc
package import Primitives

/// What the machine, or the control groups that the process is in, have left.
package enum SystemMemory {
  /// Bytes that could be had without pushing others out, as far as the system tells: the least of what the machine has
  /// available and of what is left below the limit of each control group (version 1 and 2) around the process. Pages of
  /// files that a group holds inactive count as free.
  ///
  /// - Parameter root: where `proc` and `sys` are; only a test has another.
  package static func freeByteCount(root: FilePath = "/") -> Int? {
    var least = kibibytes(of: "MemAvailable:", in: root.appending("proc/meminfo"))
    func meet(_ byteCount: Int?) {
      guard let byteCount else { return }
      least = min(least ?? byteCount, byteCount)
    }
    let groups = root.appending("sys/fs/cgroup")
    for line in text(root.appending("proc/self/cgroup")).split(separator: "\n") {
      // number:controllers:path
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[1].split(separator: ",").contains("memory") {
        for path in ancestors(parts[2]) { meet(free(inVersion1: groups.appending("memory" + path))) }
      } else if parts[0] == "0" {
        for path in ancestors(parts[2]) { meet(free(inVersion2: groups.appending(path))) }
      }
    }
    return least.map { max(0, $0) }
  }

  /// Bytes of addresses or of data that the process may still ask for (`ulimit -v`, `ulimit -d`); nil if it may ask for
  /// any.
  package static func limitedByteCount() -> Int? {
    var least: Int?
    for (resource, field) in [(RLIMIT_AS, "VmSize:"), (RLIMIT_DATA, "VmData:")] {
      var limit = rlimit()
      guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max
      else { continue }
      let used = kibibytes(of: field, in: "proc/self/status", below: "/") ?? 0
      least = min(least ?? .max, max(0, Int(clamping: limit.rlim_cur) - used))
    }
    return least
  }

  /// Whether so many bytes could be had now. Asks the system for them and gives them back, without touching them: a
  /// microsecond.
  package static func hasRoom(for byteCount: Int) -> Bool {
    let start = unsafe mmap(nil, max(1, byteCount), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    if unsafe start == MAP_FAILED { return false }
    unsafe munmap(start, max(1, byteCount))
    return true
  }

  /// "/a/b", "/a", "": inside a container the group's own path may not be visible, but its mount is.
  private static func ancestors(_ path: Substring) -> [String] {
    var found: [String] = [""]
    var current = ""
    for name in path.split(separator: "/") {
      current += "/" + name
      found.append(current)
    }
    return found
  }

  private static func free(inVersion1 group: FilePath) -> Int? {
    guard let limit = number(group.appending("memory.limit_in_bytes")),
      let usage = number(group.appending("memory.usage_in_bytes"))
    else { return nil }
    return limit - usage + (field("total_inactive_file", in: group.appending("memory.stat")) ?? 0)
  }

  private static func free(inVersion2 group: FilePath) -> Int? {
    guard let limit = number(group.appending("memory.max")), let usage = number(group.appending("memory.current"))
    else { return nil }
    return limit - usage + (field("inactive_file", in: group.appending("memory.stat")) ?? 0)
  }

  /// Nil for "max", and for what is not there.
  private static func number(_ path: FilePath) -> Int? { Int(text(path).prefix { $0 != "\n" }) }

  private static func kibibytes(of name: String, in path: FilePath) -> Int? { field(name, in: path).map { $0 << 10 } }

  private static func kibibytes(of name: String, in path: FilePath, below root: FilePath) -> Int? {
    kibibytes(of: name, in: root.appending(path))
  }

  private static func field(_ name: String, in path: FilePath) -> Int? {
    for line in text(path).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count > 1, words[0] == name { return Int(words[1]) }
    }
    return nil
  }

  private static func text(_ path: FilePath) -> String { (try? readSystemFile(path, limit: 1 << 16)) ?? "" }
}

extension Failure.Code {
  /// The system, or a limit that was set, gives no more memory.
  package static let outOfMemory = Self(rawValue: "out-of-memory")
}
