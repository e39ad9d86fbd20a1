import Disk
import Glibc
import Synchronization

/// A database that this process has open, whatever the number of its connections: SQLite gives them one map of the
/// log's shared index (`-shm`), the one file that it maps.
///
/// The index says where in the log the newest version of each page is, and how much of the log is in the database
/// already. What is cut of it reads as zeros: a reader would take old pages for new ones, a checkpoint would leave
/// pages out and then empty the log that has them, a commit would be entered where no other process looks. So at the
/// first fault all of its maps part from the file (`SharedMaps`), and from then on
///
/// - `SQLiteConnection` believes nothing: each call throws, whatever SQLite says of it;
/// - no byte of the database or its log is written, and neither is shortened or removed (`HeldFiles`): the mark stands
///   before the first zero can be read, so that whatever was derived from zeros comes too late.
///
/// Locks are held by the file and not by its content, and stay. What was committed is in the log, from which the next
/// connection that finds the index unsound builds it anew, as SQLite does after a crash.
///
/// Ways without the map are no better: an index in memory (`locking_mode=EXCLUSIVE`, another VFS) shuts out other
/// processes, and one that is read with `pread` needs SQLite's own source to be another.
final class OpenDatabase: Sendable {
  struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  let maps = SharedMaps()
  private let writeError = Atomic<Int32>(0)

  /// Keeps why the system did not write: SQLite calls most of it an error of the disk.
  func noteWriteError(_ code: Int32) { writeError.store(code, ordering: .relaxed) }
  /// What was kept last, once; 0 if there is nothing.
  func takeWriteError() -> Int32 { writeError.exchange(0, ordering: .relaxed) }

  private let storedLockError = Atomic<Int32>(0)
  /// Why the system gave no lock when it was last asked for one; 0 if it gave it, or where another process holds it.
  /// SQLite takes both for the latter, and waits.
  var lockError: Int32 {
    get { storedLockError.load(ordering: .relaxed) }
    set { storedLockError.store(newValue, ordering: .relaxed) }
  }

  var isCut: Bool { maps.isCut }
}

/// The log's shared index as SQLite lays it out ("WAL-Index File Format" in its documentation), in the machine's byte
/// order: regions of 32 KiB, each a list of the pages in consecutive frames of the log and a hash table over it. The
/// first region begins with two copies of a header and the state of checkpoints.
enum LogIndex {
  private static let regionByteCount = 32768
  private static let firstPagesOffset = 136
  private static let firstPageCount = 4062
  private static let pageCount = 4096
  /// Where in each region the hash table begins, and its 16-bit slots: one is filled for each frame.
  private static let slotsOffset = 16384
  private static let slotCount = 8192
  /// Of both copies.
  private static let headerByteCount = 96

  /// Makes SQLite build the index in `file` anew from the log where parts of it are gone that its header speaks of: it
  /// was cut, and has been made longer again perhaps. A header of zeros is how SQLite knows an index that is to be
  /// built. Costs two system calls where the log is empty, else 32 KiB that are read for each 4,096 frames.
  static func forgetIfCut(_ file: Int32) {
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_size > 0,
      let header = words(file, at: 0, count: 12), header[3] & 0xFF != 0, header[4] > 0
    else { return }
    var frames = Int(header[4])
    var offset = firstPagesOffset
    var capacity = firstPageCount
    var region = 0
    while frames > 0 {
      // No frame is of page 0.
      let count = min(frames, capacity)
      guard let pages = words(file, at: offset, count: count), !pages.contains(0),
        filledSlotCount(file, region: region) >= count
      else {
        let zeros = [UInt8](repeating: 0, count: headerByteCount)
        _ = unsafe zeros.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, $0.count, 0) }
        return
      }
      frames -= capacity
      region += 1
      offset = region * regionByteCount
      capacity = pageCount
    }
  }

  /// 0 if the file does not have all of the table.
  private static func filledSlotCount(_ file: Int32, region: Int) -> Int {
    guard let slots = words(file, at: region * regionByteCount + slotsOffset, count: slotCount / 2) else { return 0 }
    return slots.reduce(0) { $0 + ($1 & 0xFFFF == 0 ? 0 : 1) + ($1 >> 16 == 0 ? 0 : 1) }
  }

  /// Returns nil if the file is too short by now.
  private static func words(_ file: Int32, at offset: Int, count: Int) -> [UInt32]? {
    var words = [UInt32](repeating: 0, count: count)
    let wanted = count * MemoryLayout<UInt32>.size
    let got = unsafe words.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, wanted, off_t(offset)) }
    return got == wanted ? words : nil
  }
}
