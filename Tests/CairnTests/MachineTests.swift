import Cairn
import Testing

@Suite struct MachineTests {
  func machine(_ files: [String: String]) -> Machine { Machine { files[$0] } }
  static let memory = "MemTotal:       16777216 kB\nMemFree: 1 kB\n"

  @Test func `the memory is the machine's where nothing limits it`() {
    let found = machine(["/proc/meminfo": Self.memory, "/proc/self/cgroup": "0::/user.slice\n"])
    #expect(found.memoryByteCount == 16 << 30)
  }

  @Test(arguments: [
    ("0::/a/b\n", "/sys/fs/cgroup/a/memory.max", "1073741824\n"),
    ("0::/a/b\n", "/sys/fs/cgroup/a/b/memory.high", "1073741824\n"),
    ("0::/a/b\n", "/sys/fs/cgroup/memory.max", "1073741824\n"),
    ("4:memory:/x\n0::/\n", "/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "1073741824\n"),
    ("4:cpu,memory:/x\n", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n"),
  ])
  func `the limit of any control group around the process holds`(_ groups: String, _ file: String, _ limit: String) {
    let found = machine(["/proc/meminfo": Self.memory, "/proc/self/cgroup": groups, file: limit])
    #expect(found.memoryByteCount == 1 << 30)
  }

  @Test func `a group without a limit, of either kind, limits nothing`() {
    let found = machine([
      "/proc/meminfo": Self.memory, "/proc/self/cgroup": "4:memory:/x\n0::/y\n", "/sys/fs/cgroup/y/memory.max": "max\n",
      "/sys/fs/cgroup/memory/x/memory.limit_in_bytes": "9223372036854771712\n",
    ])
    #expect(found.memoryByteCount == 16 << 30)
  }

  @Test func `the cores are those that the process may use`() {
    let all = machine([:]).coreCount
    #expect(all >= 1)
    #expect(machine(["/proc/self/status": "Cpus_allowed:\t1\n"]).coreCount == 1)
    #expect(machine(["/proc/self/status": "Cpus_allowed:\tff,ffffffff\n"]).coreCount == all)
    let quota = machine(["/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/cpu.max": "50000 100000\n"])
    #expect(quota.coreCount == 1)
    let none = machine(["/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/cpu.max": "max 100000\n"])
    #expect(none.coreCount == all)
  }

  @Test func `sizes follow the machine and the corpus`() {
    let small = DerivedSizes(machine: Machine(coreCount: 1, memoryByteCount: 256 << 20), corpus: nil)
    #expect(small.threadCount == 1 && small.maximumMemoryMegabytes == 64)
    let tiny = DerivedSizes(machine: Machine(coreCount: 1, memoryByteCount: 1 << 20), corpus: nil)
    #expect(tiny.maximumMemoryMegabytes == 16)
    let large = Machine(coreCount: 64, memoryByteCount: 512 << 30)
    #expect(DerivedSizes(machine: large, corpus: nil).threadCount == 64)
    #expect(DerivedSizes(machine: large, corpus: nil).maximumMemoryMegabytes == 256)
    func cache(_ megabytes: Int) -> Int {
      DerivedSizes(machine: large, corpus: CorpusSize(fileCount: 1, byteCount: megabytes << 20)).embeddingCacheMegabytes
    }
    #expect(cache(1) == 256 && cache(100) == 600 && cache(100_000) == 16_384)
  }

  @Test func `a derived value says what it comes from, and a chosen one stays`() {
    var configuration = Configuration()
    configuration.threadCount = 3
    let machine = Machine(coreCount: 2, memoryByteCount: 8 << 30)
    let entries = configuration.effectiveEntries(machine: machine, corpus: nil)
    #expect(entries.first { $0.setting == .threadCount }?.value == .integer(3))
    let memory = entries.first { $0.setting == .maximumMemoryMegabytes }
    #expect(memory?.value == .integer(256) && memory?.origin == .derived(from: "8192 MB of memory"))
    #expect(entries.map(\.setting) == Setting.all)
  }
}
