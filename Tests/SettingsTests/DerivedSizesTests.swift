import Disk
import Settings
import Testing

@Suite struct DerivedSizesTests {
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
    var values = SettingValues()
    values.set(.threadCount, to: .integer(3), from: .program)
    let machine = Machine(coreCount: 2, memoryByteCount: 8 << 30)
    let entries = values.effectiveEntries(machine: machine, corpus: nil)
    #expect(entries.first { $0.setting == .threadCount }?.value == .integer(3))
    let memory = entries.first { $0.setting == .maximumMemoryMegabytes }
    #expect(memory?.value == .integer(256) && memory?.origin == .derived(from: "8192 MB of memory"))
    #expect(entries.map(\.setting) == Setting.all)
  }
}
