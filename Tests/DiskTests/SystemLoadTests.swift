import Disk
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite struct SystemLoadTests {
  static let start = ContinuousClock.now

  /// A reading `seconds` after the start of the test.
  func load(_ files: [String: String], after seconds: Double = 0, own: Double = 0) -> SystemLoad {
    SystemLoad(at: Self.start + .seconds(seconds), ownTime: .seconds(own)) { files[$0] }
  }

  /// Two cores that were busy for so many hundredths of a second, in each of the ways of being so.
  func cores(_ first: Int, _ second: Int) -> String {
    "cpu  1 1 1 1 1 1 1 1 0 0\n" + "cpu0 \(first) 0 0 500 70 0 0 900 0 0\n"
      + "cpu1 0 \(second - 3) 1 500 70 1 1 900 0 0\nintr 12 0\n"
  }

  @Test func `cores that others use are not spare, those that this process uses are`() throws {
    let before = load(["/proc/stat": cores(100, 200)], own: 1)
    let after = load(["/proc/stat": cores(250, 250)], after: 1, own: 1.5)
    // 2 seconds of processor time, of which half of one was ours.
    let sample = try #require(after.sample(since: before))
    #expect(abs(try #require(sample.spareCoreCount) - 0.5) < 0.001)
    #expect(load([:], after: 1).sample(since: load([:]))?.spareCoreCount == nil)
    #expect(before.sample(since: before) == nil)
  }

  @Test(arguments: [("1", 0.5), ("2", 1.0), ("3", 1.5), ("00000000,00000001", 0.5)])
  func `only the cores that the process may run on count`(_ allowed: String, _ spare: Double) throws {
    let status = "Name:\tx\nCpus_allowed:\t\(allowed)\nCpus_allowed_list:\t0\n"
    let before = load(["/proc/stat": cores(100, 100), "/proc/self/status": status])
    let after = load(["/proc/stat": cores(150, 100), "/proc/self/status": status], after: 1)
    #expect(abs(try #require(after.sample(since: before)?.spareCoreCount) - spare) < 0.001)
  }

  @Test func `what others of a control group with a quota use is not spare`() throws {
    func files(_ microseconds: Int) -> [String: String] {
      [
        "/proc/stat": cores(100, 100), "/proc/self/cgroup": "0::/a/b\n",
        "/sys/fs/cgroup/a/cpu.max": "150000 100000\n",
        "/sys/fs/cgroup/a/cpu.stat": "usage_usec \(microseconds)\nuser_usec 1\n",
        "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "/sys/fs/cgroup/a/b/cpu.stat": "usage_usec 7\n",
      ]
    }
    let before = load(files(1_000_000))
    let after = load(files(2_000_000), after: 1, own: 0.25)
    #expect(abs(try #require(after.sample(since: before)?.spareCoreCount) - 0.75) < 0.001)
  }

  @Test func `stalls are shares of the time, of the group where the machine's cannot be read`() throws {
    func pressure(_ microseconds: Int) -> String {
      "some avg10=1.00 avg60=2.00 avg300=3.00 total=\(microseconds)\n"
        + "full avg10=0.00 avg60=0.00 avg300=0.00 total=99\n"
    }
    func files(_ microseconds: Int) -> [String: String] {
      [
        "/proc/pressure/cpu": pressure(microseconds), "/proc/self/cgroup": "4:memory:/x\n0::/g\n",
        "/sys/fs/cgroup/g/io.pressure": pressure(2 * microseconds),
        "/sys/fs/cgroup/unified/g/memory.pressure": pressure(100 * microseconds),
        "/proc/loadavg": "3.25 1.00 0.50 2/345 6789\n",
      ]
    }
    let sample = try #require(load(files(300_000), after: 0.5).sample(since: load(files(200_000))))
    #expect(abs(try #require(sample.processorStall) - 0.2) < 0.001)
    #expect(abs(try #require(sample.diskStall) - 0.4) < 0.001)
    #expect(sample.memoryStall == 1)
    #expect(sample.averageLoad == 3.25)
  }

  @Test func `files that say nothing of use are as none`() {
    let nonsense = [
      "/proc/stat": "cpu0 x\ncpu1\nprocs 1\n", "/proc/self/status": "Cpus_allowed:\n", "/proc/pressure/cpu": "some\n",
      "/proc/pressure/io": "", "/proc/loadavg": "soon\n", "/proc/self/cgroup": "\n::\n",
    ]
    #expect(load(nonsense) == load([:]))
  }

  @Test func `this machine says how busy it is`() throws {
    let before = SystemLoad.now()
    #expect(!before.processors.isEmpty)
    var sample = SystemLoad.now().sample(since: before)
    while sample == nil { sample = SystemLoad.now().sample(since: before) }
    #expect(try #require(sample?.spareCoreCount) <= Double(coreCount))
  }
}

@Suite struct PowerSupplyTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }

  func supply(_ name: String, _ properties: [String: String]) throws {
    for (key, value) in properties { try tree.write(FilePath("sys/class/power_supply/\(name)/\(key)"), value + "\n") }
  }

  var isBattery: Bool { PowerSupply.isBattery(root: tree.root) }

  @Test func `a machine that tells of no supply does not run on a battery`() { #expect(!isBattery) }

  @Test func `it does while a battery is discharged and nothing is connected`() throws {
    try supply("BAT0", ["type": "Battery", "status": "Discharging"])
    #expect(isBattery)
    try supply("AC", ["type": "Mains", "online": "0"])
    #expect(isBattery)
    try supply("AC", ["type": "Mains", "online": "1"])
    #expect(!isBattery)
  }

  @Test func `a battery that is charged, or is that of a mouse, does not count`() throws {
    try supply("BAT0", ["type": "Battery", "status": "Charging"])
    try supply("mouse", ["type": "Battery", "status": "Discharging", "scope": "Device"])
    #expect(!isBattery)
  }
}

@Suite struct PriorityTests {
  @Test func `what gives way does so on threads of its own, and gives back what it made`() throws {
    let before = threadNiceValue()
    let inside = try givingWay { () throws(Failure) -> [Int] in
      let inner = Mutex(0)
      BlockingThread { inner.withLock { $0 = threadNiceValue() } }?.join()
      return [threadNiceValue(), inner.withLock { $0 }]
    }
    #expect(inside[0] >= 10 && inside[1] >= 10, "\(inside)")
    #expect(threadNiceValue() == before)
    let failed = failure { () throws(Failure) -> Int in
      try givingWay { () throws(Failure) -> Int in throw Failure(.cancelled, "enough") }
    }
    #expect(failed?.code == .cancelled)
  }
}
