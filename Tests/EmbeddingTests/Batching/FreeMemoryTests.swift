import Embedding
import Testing

struct FreeMemoryTests {
  @Test func `The machine's free memory counts, and a control group's where that is less`() {
    var files = ["/proc/meminfo": "MemTotal:  100 kB\nMemAvailable:    5000 kB\n"]
    #expect(freeMemoryByteCount { files[$0] } == 5000 << 10)
    files["/proc/self/cgroup"] = "0::/user/work\n"
    files["/sys/fs/cgroup/user/work/memory.max"] = "max\n"
    files["/sys/fs/cgroup/user/work/memory.current"] = "1000\n"
    #expect(freeMemoryByteCount { files[$0] } == 5000 << 10)
    files["/sys/fs/cgroup/user/work/memory.max"] = "3000\n"
    #expect(freeMemoryByteCount { files[$0] } == 2000)
    files["/sys/fs/cgroup/user/work/memory.current"] = "4000\n"
    #expect(freeMemoryByteCount { files[$0] } == 0)
  }

  @Test func `A system that tells nothing is taken for a small one`() {
    #expect(freeMemoryByteCount { _ in nil } == 512 << 20)
    #expect(freeMemoryByteCount() > 0)
  }
}
