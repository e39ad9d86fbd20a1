import Disk
import Foundation
import Primitives
import TestSupport
import Testing

extension [UInt8] {
  fileprivate init(_ file: MappedFile) {
    let bytes = file.bytes
    self = bytes.indices.map { bytes[$0] }
  }
}

@Suite struct MemoryTests {
  let tree: TemporaryTree

  init() throws { tree = try TemporaryTree(inMemory: true) }

  // In processes of their own, since the tests that run beside them take and free memory too.

  @Test func `memory that is written to counts as the process' own, and goes when it is freed`() async {
    await #expect(processExitsWith: .success) {
      ProcessMemory.returnsLargeBlocks()
      let before = ProcessMemory.now()
      let block = UnsafeMutableRawPointer.allocate(byteCount: 64 << 20, alignment: 16)
      unsafe memset(block, 1, 64 << 20)
      let held = ProcessMemory.now()
      unsafe block.deallocate()
      let after = ProcessMemory.now()
      #expect(held.ownByteCount > before.ownByteCount + 60 << 20)
      #expect(held.residentByteCount >= held.ownByteCount)
      #expect(after.ownByteCount < held.ownByteCount - 60 << 20)
    }
  }

  @Test func `released pages leave the memory`() async {
    await #expect(processExitsWith: .success) {
      let tree = try TemporaryTree(inMemory: true)
      try tree.write("large", [UInt8](repeating: 1, count: 32 << 20))
      let file = try MappedFile(tree.root.appending("large"))
      let bytes = file.bytes
      var sum = 0
      for i in stride(from: 0, to: bytes.count, by: 4096) { sum += Int(bytes[i]) }
      #expect(sum == 8192)
      let read = ProcessMemory.now().residentByteCount
      file.releasePages(in: 0..<file.byteCount)
      #expect(ProcessMemory.now().residentByteCount < read - 30 << 20)
    }
  }

  @Test func `a file that the system refuses to map is read whole, and says the same`() throws {
    let path = tree.root.appending("file")
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try tree.write("file", content)
    let mapped = try MappedFile(path)
    #expect(mapped.isMapped)
    let refused = try unsafe MappedFile(path, readsWholeUpTo: 0, map: { _, _ in nil })
    #expect(!refused.isMapped)
    let wished = try MappedFile(path, readsWholeUpTo: content.count)
    #expect(!wished.isMapped)
    #expect(try MappedFile(path, readsWholeUpTo: content.count - 1).isMapped)
    for file in [mapped, refused, wished] {
      file.releasePages(in: 0..<file.byteCount)
      #expect(Array(file) == content)
      file.releasePages(in: 5000..<9000)
      #expect(Array(file) == content)
    }
  }

  private func fake(_ files: [String: String]) throws -> FilePath {
    for (path, content) in files { try tree.write(FilePath(path), Array(content.utf8)) }
    return tree.root
  }

  @Test func `free memory is the least of the machine's and of every control group's`() throws {
    var files = ["proc/meminfo": "MemTotal: 16000 kB\nMemFree: 10 kB\nMemAvailable:    8000 kB\n"]
    #expect(SystemMemory.freeByteCount(root: try fake(files)) == 8000 << 10)
    files["proc/self/cgroup"] = "5:cpu:/\n4:memory:/a/b\n0::/u\n"
    // The group's own directory may be missing, its parents count too.
    files["sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n"
    files["sys/fs/cgroup/memory/memory.usage_in_bytes"] = "1\n"
    files["sys/fs/cgroup/memory/a/memory.limit_in_bytes"] = "5000000\n"
    files["sys/fs/cgroup/memory/a/memory.usage_in_bytes"] = "2000000\n"
    files["sys/fs/cgroup/memory/a/memory.stat"] = "cache 7\ntotal_inactive_file 500000\n"
    #expect(SystemMemory.freeByteCount(root: try fake(files)) == 3_500_000)
    files["sys/fs/cgroup/u/memory.max"] = "max\n"
    files["sys/fs/cgroup/u/memory.current"] = "77\n"
    #expect(SystemMemory.freeByteCount(root: try fake(files)) == 3_500_000)
    files["sys/fs/cgroup/u/memory.max"] = "1000000\n"
    #expect(SystemMemory.freeByteCount(root: try fake(files)) == 999_923)
    files["sys/fs/cgroup/u/memory.current"] = "2000000\n"
    #expect(SystemMemory.freeByteCount(root: try fake(files)) == 0)
  }

  @Test func `a machine that tells nothing has no figure`() {
    #expect(SystemMemory.freeByteCount(root: tree.root.appending("nowhere")) == nil)
  }
}
