import CSystem
import Glibc

/// What the process has in memory now.
package struct ProcessMemory: Hashable, Sendable {
  /// Its own: what it allocated and wrote to. Mapped files do not count.
  package var ownByteCount: Int
  /// With the pages of mapped files that are in memory.
  package var residentByteCount: Int

  /// Some 5 microseconds. Zeros if the system does not tell.
  package static func now() -> ProcessMemory {
    // Pages: size, resident, resident of files. A short line, so that a small buffer on the stack takes it whole.
    var buffer = InlineArray<256, UInt8>(repeating: 0)
    let descriptor = unsafe csystem_open("/proc/self/statm", O_RDONLY, 0)
    guard descriptor >= 0 else { return ProcessMemory(ownByteCount: 0, residentByteCount: 0) }
    defer { close(descriptor) }
    var span = buffer.mutableSpan
    let count = unsafe span.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    var numbers: [Int] = []
    var number = 0
    for i in 0..<max(0, count) {
      let byte = buffer[i]
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        number = number &* 10 &+ Int(byte - UInt8(ascii: "0"))
      } else {
        numbers.append(number)
        number = 0
      }
    }
    guard numbers.count > 2 else { return ProcessMemory(ownByteCount: 0, residentByteCount: 0) }
    let page = Int(getpagesize())
    return ProcessMemory(
      ownByteCount: max(0, numbers[1] - numbers[2]) * page, residentByteCount: numbers[1] * page)
  }

  /// From now on the allocator gives large blocks back to the system as soon as they are freed. For the whole process;
  /// a second call changes nothing.
  package static func returnsLargeBlocks() { csystem_map_blocks_from(128 << 10) }

  /// From now on threads share two heaps of the allocator in place of having eight for each core, of which each keeps
  /// what was freed in it: a server held 8 MB in place of 12 (`Scripts/bench clients`). Before threads are started.
  package static func sharesHeaps() { csystem_limit_heaps(2) }

  /// Gives back what the allocator holds free, after a stage that held much: some milliseconds for each 100 MB.
  package static func returnFreeMemory() { csystem_trim_allocator() }
}
