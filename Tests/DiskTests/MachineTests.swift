import Disk
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
}
