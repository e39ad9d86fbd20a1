import Glibc
import Primitives

/// What the system has counted since it started of the work on it: one reading says little, two of them say how busy it
/// was in between (`sample(since:)`), which is how a run that gives way knows that others want the cores.
package struct SystemLoad: Hashable, Sendable {
  /// Cores that processes share, and the time for which all of them together have used these.
  package struct Processors: Hashable, Sendable {
    /// Of a control group with a quota the share of cores that this comes to: 1.5.
    package var coreCount: Double
    package var usedTime: Duration

    package init(coreCount: Double, usedTime: Duration) {
      self.coreCount = coreCount
      self.usedTime = usedTime
    }
  }

  package var instant: ContinuousClock.Instant
  /// The machine's cores that this process may run on, then those of each control group around it that has a quota.
  /// Empty where the system does not tell.
  package var processors: [Processors]
  /// Processor time that this process has used.
  package var ownTime: Duration
  /// Time for which some process waited for a core, for a disk, or for memory (pressure stall information). Of the
  /// machine, or where only that can be read, of the control group that the process is in.
  package var processorStall: Duration?
  package var diskStall: Duration?
  package var memoryStall: Duration?
  /// Processes that ran or wanted to, on average over the last minute.
  package var averageLoad: Double?

  /// As it is now. About a twentieth of a millisecond on a machine of few cores, a millisecond on one of hundreds.
  package static func now() -> SystemLoad {
    SystemLoad(at: .now, ownTime: processorTime()) { try? readSystemFile(FilePath($0), limit: 1 << 18) }
  }

  /// Reads it through `read`, which gives the text of a file of `/proc` or `/sys`, or nil if there is none.
  package init(at instant: ContinuousClock.Instant, ownTime: Duration, reading read: (String) -> String?) {
    self.instant = instant
    self.ownTime = ownTime
    let groups = ControlGroups(of: read("/proc/self/cgroup") ?? "").directories
    let cores = Self.cores(of: read("/proc/stat") ?? "", allowed: Self.allowedCores(read("/proc/self/status") ?? ""))
    processors = cores.map { [$0] } ?? []
    for group in groups {
      guard let share = ControlGroups.coreShare(ofQuota: read(group + "/cpu.max")),
        let used = Self.number(after: "usage_usec ", in: read(group + "/cpu.stat") ?? "")
      else { continue }
      processors.append(Processors(coreCount: share, usedTime: .microseconds(used)))
    }
    func stall(_ resource: String) -> Duration? {
      // The machine's has what every group's has. The innermost group comes last.
      for file in ["/proc/pressure/\(resource)"] + groups.reversed().map({ "\($0)/\(resource).pressure" }) {
        guard let text = read(file) else { continue }
        if let time = Self.number(after: "total=", in: text.split(separator: "\n").first ?? "") {
          return .microseconds(time)
        }
      }
      return nil
    }
    (processorStall, diskStall, memoryStall) = (stall("cpu"), stall("io"), stall("memory"))
    averageLoad = (read("/proc/loadavg") ?? "").split(separator: " ").first.flatMap { Double($0) }
  }

  // MARK: The files

  /// The number that follows the first `mark`.
  private static func number(after mark: String, in text: some StringProtocol) -> Int? {
    text.firstRange(of: mark).flatMap { Int(text[$0.upperBound...].prefix(while: \.isNumber)) }
  }

  /// The numbers of the cores that the process may run on, by its `/proc/self/status`; nil where that does not say.
  static func allowedCores(_ status: String) -> Set<Int>? {
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return nil }
    var cores: Set<Int> = []
    // Hexadecimal, the lowest cores last, with a comma after each 32.
    let digits = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
    for (place, digit) in digits.reversed().enumerated() {
      for bit in 0..<4 where digit & 1 << bit != 0 { cores.insert(4 * place + bit) }
    }
    return cores.isEmpty ? nil : cores
  }

  /// `text` is `/proc/stat`: a line for each core with the ticks that it spent on user, nice, system, idle, iowait,
  /// irq, softirq and steal. What a hypervisor took away is no process of this machine's.
  private static func cores(of text: String, allowed: Set<Int>?) -> Processors? {
    let ticksPerSecond = max(1, sysconf(Int32(_SC_CLK_TCK)))
    var coreCount = 0
    var ticks = 0
    for line in text.split(separator: "\n") where line.hasPrefix("cpu") {
      let fields = line.split(separator: " ")
      guard let core = Int(fields[0].dropFirst(3)), fields.count >= 8, allowed?.contains(core) ?? true else { continue }
      coreCount += 1
      for place in [1, 2, 3, 6, 7] { ticks += Int(fields[place]) ?? 0 }
    }
    if coreCount == 0 { return nil }
    return Processors(
      coreCount: Double(coreCount), usedTime: .milliseconds(1000 * ticks / ticksPerSecond))
  }
}

/// How busy the machine was between two readings of `SystemLoad`. What the system does not tell is nil.
package struct LoadSample: Hashable, Sendable {
  /// Cores that no other process used: this one had them, or they were idle.
  package var spareCoreCount: Double?
  /// Cores that this process used.
  package var ownCoreCount: Double?
  /// Shares of the time, 0...1, in which some process waited for a core, for a disk, or for memory.
  package var processorStall: Double?
  package var diskStall: Double?
  package var memoryStall: Double?
  /// As in `SystemLoad`.
  package var averageLoad: Double?
  package init() {}
}

extension SystemLoad {
  /// What happened between `before` and this; nil where no time lies between them.
  package func sample(since before: SystemLoad) -> LoadSample? {
    let elapsed = before.instant.duration(to: instant)
    guard elapsed > .zero else { return nil }
    var sample = LoadSample()
    let own = ownTime - before.ownTime
    sample.ownCoreCount = own / elapsed
    // A group whose quota was changed meanwhile is left out of this one.
    for (now, then) in zip(processors, before.processors)
    where processors.count == before.processors.count && now.coreCount == then.coreCount {
      let others = max(0, (now.usedTime - then.usedTime - own) / elapsed)
      sample.spareCoreCount = min(sample.spareCoreCount ?? .infinity, max(0, now.coreCount - others))
    }
    func share(_ now: Duration?, _ then: Duration?) -> Double? {
      guard let now, let then else { return nil }
      return max(0, min((now - then) / elapsed, 1))
    }
    sample.processorStall = share(processorStall, before.processorStall)
    sample.diskStall = share(diskStall, before.diskStall)
    sample.memoryStall = share(memoryStall, before.memoryStall)
    sample.averageLoad = averageLoad
    return sample
  }
}
