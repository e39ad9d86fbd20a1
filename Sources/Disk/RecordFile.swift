import CFaultGuard
import CSystem
import Glibc
package import Primitives

/// A file of records that are overwritten in place: what a process is about, for who comes after it. What was written
/// is there when the process is killed; it is never synced, and so is old or lost where the machine stops. A record
/// that cannot be written is skipped: nothing depends on it. Thread-safe for different records.
package final class RecordFile: Sendable {
  private let descriptor: Int32

  /// Opens `file`, which is made where it is missing, and anew if something else has its name.
  package init(_ file: HeldName) throws(Failure) {
    try file.makeIfMissing()
    do throws(Failure) { descriptor = try file.open(O_RDWR) } catch {
      guard error.code == .damaged else { throw error }
      try file.directory.remove(file.name)
      try file.makeIfMissing()
      descriptor = try file.open(O_RDWR)
    }
  }

  deinit { close(descriptor) }

  /// Writes `bytes` at `offset`. About a microsecond; false if that fails.
  @discardableResult
  package func write(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) == $0.count
    }
  }

  /// From now on a fault that ends the process, met by the calling thread, leaves the number of its signal in the four
  /// bytes at `offset`, in the order of this machine; with nothing it leaves none. The file must stay open meanwhile.
  package func noteFault(at offset: Int?) {
    faultguard_note(offset == nil ? -1 : descriptor, Int64(offset ?? 0))
  }
}
