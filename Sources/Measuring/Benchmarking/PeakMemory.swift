import Glibc

/// The most memory that a process held, in bytes, as the kernel counts it.
package struct PeakMemory: Hashable, Sendable {
  /// Private (anonymous) memory: what it allocated and wrote (`RssAnon`). Mapped files are not in it; the kernel can
  /// take them back at any time. The kernel keeps no peak of it, so it is sampled.
  package var own: Int
  /// Everything resident, the pages of mapped files and of the program included (`VmHWM`).
  package var resident: Int

  package init(own: Int = 0, resident: Int = 0) {
    self.own = own
    self.resident = resident
  }

  /// What the process has now; nil if the system does not say.
  static func ofProcess(_ name: String) -> PeakMemory? {
    // The kernel makes up the text as it is read; the file itself has no size.
    guard let file = unsafe fopen("/proc/\(name)/status", "re") else { return nil }
    defer { unsafe fclose(file) }
    var status = [UInt8](repeating: 0, count: 8192)
    status.removeLast(status.count - (unsafe fread(&status, 1, status.count, file)))
    var memory = PeakMemory()
    var isThere = false
    for line in status.split(separator: UInt8(ascii: "\n")) {
      let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      guard words.count > 1, let kilobytes = Int(String(decoding: words[1], as: UTF8.self)) else { continue }
      if words[0].elementsEqual("RssAnon:".utf8) {
        memory.own = kilobytes << 10
        isThere = true
      } else if words[0].elementsEqual("VmHWM:".utf8) {
        memory.resident = kilobytes << 10
      }
    }
    return isThere ? memory : nil
  }

  mutating func formMaximum(_ other: PeakMemory) {
    own = max(own, other.own)
    resident = max(resident, other.resident)
  }
}
