package import Primitives

/// The process that holds a lock on a file, as `/proc/locks` has it: asking for the lock would keep a writer from it.
package struct LockHolder: Hashable, Sendable {
  /// Nil for one that this process cannot see, as outside of a container.
  package var process: Int?
  /// What the process calls itself.
  package var name: String?

  /// The kernel gives a long list in pieces, and one line too few where another lock goes between two of them: it is
  /// read again, as often as makes that improbable.
  private static let attemptCount = 4
  private static let pieceByteCount = 2048

  /// The holder of a `flock` on the file of `status`; nil where nobody holds one. Throws where the system does not say.
  ///
  /// - Parameter read: gives the text of a file below `/proc`, or nil if there is none.
  package init?(
    of status: FileStatus, reading read: (String) -> String? = { try? readSystemFile(FilePath($0)) }
  ) throws(Failure) {
    for _ in 0..<Self.attemptCount {
      guard let locks = read("/proc/locks") else {
        throw Failure(.notFound, "the system does not say who holds locks", path: "/proc/locks")
      }
      for line in locks.split(separator: "\n") {
        // `1: FLOCK  ADVISORY  WRITE 4711 08:01:1234567 0 EOF`; one that waits has `->` before its kind.
        let words = line.split(separator: " ")
        guard words.count > 5, words[1] == "FLOCK" else { continue }
        let place = words[5].split(separator: ":")
        guard place.count == 3, UInt64(place[2]) == status.inode,
          // What has no device of its own (btrfs, overlays) has another number here than programs see.
          UInt64(place[0], radix: 16) == status.deviceMajor || status.deviceMajor == 0
        else { continue }
        process = Int(words[4]).flatMap { $0 > 0 ? $0 : nil }
        name = process.flatMap { read("/proc/\($0)/comm") }.map { String($0.prefix { $0 != "\n" }) }
        return
      }
      // One that came in one piece is whole.
      if locks.utf8.count < Self.pieceByteCount { return nil }
    }
    return nil
  }
}

extension FileStatus {
  /// The kind of the device that the file lies on, as the kernel numbers them; 0 for none.
  fileprivate var deviceMajor: UInt64 { (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF }
}
