import Primitives

/// What this process may use of the machine it runs on, limits of its control groups included.
package struct Machine: Hashable, Sendable {
  /// Cores that the process may run on, at least 1.
  package var coreCount: Int
  /// Bytes of memory that the process may use: the machine's, or a control group's limit where that is less.
  package var memoryByteCount: Int

  package init(coreCount: Int, memoryByteCount: Int) {
    self.coreCount = coreCount
    self.memoryByteCount = memoryByteCount
  }

  /// As it was when first asked.
  package static let current = Machine { try? readSystemFile(FilePath($0)) }

  /// Reads the machine through `read`, which gives the text of a file of `/proc` or `/sys`, or nil if there is none.
  package init(reading read: (String) -> String?) {
    let allowed = SystemLoad.allowedCores(read("/proc/self/status") ?? "")?.count ?? 0
    coreCount = allowed > 0 ? min(allowed, Primitives.coreCount) : Primitives.coreCount
    // A machine that does not say how much it has is taken for a small one.
    let total = Self.fields(of: read("/proc/meminfo") ?? "")["MemTotal"].flatMap { Int($0.prefix(while: \.isNumber)) }
    memoryByteCount = total.map { $0 << 10 } ?? 1 << 30
    for group in ControlGroups(of: read("/proc/self/cgroup") ?? "").directories {
      let limits = [
        read(group + "/memory.max"), read(group + "/memory.high"),
        read(group + "/memory.limit_in_bytes"),
      ]
      for text in limits {
        // `max` means no limit; the old kind of group says so with a number beyond any machine.
        guard let limit = text.flatMap({ Int($0.prefix(while: \.isNumber)) }), limit > 0 else { continue }
        memoryByteCount = min(memoryByteCount, limit)
      }
      if let cores = Self.cores(quotas: read(group + "/cpu.max")) { coreCount = min(coreCount, cores) }
    }
    coreCount = max(1, coreCount)
  }

  /// `NAME: VALUE` lines.
  private static func fields(of text: String) -> [String: Substring] {
    var fields: [String: Substring] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon])] = line[line.index(after: colon)...].drop(while: \.isWhitespace)
    }
    return fields
  }

  /// The cores that a quota of processor time comes to, rounded up: `150000 100000` is 2.
  private static func cores(quotas text: String?) -> Int? {
    ControlGroups.coreShare(ofQuota: text).map { Int($0.rounded(.up)) }
  }
}

/// The directories in which the limits of this process' control groups are, each group with those above it.
struct ControlGroups {
  var directories: [String] = []

  /// The cores that a quota of processor time comes to: `150000 100000` is 1.5. Nil for none.
  static func coreShare(ofQuota text: String?) -> Double? {
    let numbers = (text ?? "").split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else { return nil }
    return Double(quota) / Double(period)
  }

  /// `text` is `/proc/self/cgroup`: lines of `NUMBER:CONTROLLERS:PATH`, where one without controllers is a group of the
  /// unified hierarchy (version 2) and the others are of the old kind, one hierarchy for each controller.
  init(of text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let controllers = parts[1].split(separator: ",")
      if parts[1].isEmpty {
        add("/sys/fs/cgroup", parts[2])
        add("/sys/fs/cgroup/unified", parts[2])
      } else if controllers.contains("memory") {
        add("/sys/fs/cgroup/memory", parts[2])
      }
    }
  }

  /// A process in a container sees the path from outside but only its own group, at the top: both are tried.
  private mutating func add(_ top: String, _ path: Substring) {
    var directory = top
    directories.append(directory)
    for component in path.split(separator: "/") where component != ".." && component != "." {
      directory += "/\(component)"
      directories.append(directory)
    }
  }
}
