import CSystem
import Glibc
package import Primitives
import Synchronization

/// What the kernel tells of changes in directories (inotify): an entry was made, written, renamed or removed. One queue
/// and its descriptors, which are closed when the value goes. What happens after `watch` returned is told; what
/// happened before is for the caller to look at.
///
/// What is written to a file whose name is gone is told under that name, in the directory where it was. Not told are
/// writes through a map of a file or through another name of it in a directory that is not watched, what another
/// machine does on a network drive, and what is mounted over an entry (`MountTable` tells): who must know of these
/// looks from time to time.
///
/// Safe to share by threads, except that `next` is for one thread at a time.
package final class FileEvents: Sendable {
  /// A directory that is watched. The kernel gives no number twice in the life of a queue, unless the directory is
  /// still watched: two paths that lead to one directory have one watch.
  package struct Watch: Hashable, Sendable {
    let number: Int32
  }

  /// Something that happened.
  package struct Event: Hashable, Sendable {
    package enum Kind: Sendable {
      /// The content, the size, the times or the rights of the entry, or of the directory itself, which may also have
      /// been moved.
      case changed
      /// It was made, or moved to here.
      case appeared
      /// It was removed, or moved away.
      case vanished
      /// The directory was removed, or its file system unmounted, or it was forgotten: its watch is over.
      case directoryGone
      /// The queue was full, and events were lost: anything may have changed.
      case overflow
    }

    /// The directory; nil for an overflow.
    package var watch: Watch?
    /// The entry in the directory; empty for the directory itself.
    package var name: FilePath
    package var isDirectory: Bool
    package var kind: Kind

    package init(watch: Watch?, name: FilePath, isDirectory: Bool, kind: Kind) {
      self.watch = watch
      self.name = name
      self.isDirectory = isDirectory
      self.kind = kind
    }
  }

  /// What is told of a directory.
  package enum Interest: Sendable {
    /// Everything that may change what a listing of it says, each write to a file included.
    case entries
    /// The same, but of a file that is written only the moment when its writer closes it. For directories of which few
    /// entries matter.
    case finishedEntries
    /// Only that entries, or the directory itself, were removed or moved away.
    case removals
  }

  private let queue: Int32
  private let waker: Int32
  private let watchLimit: Int
  /// The watches, where they are counted.
  private let counted = Mutex<Set<Int32>>([])

  /// Throws `.watchLimit` where the system gives this user no further queue.
  ///
  /// - Parameter watchLimit: how many directories can be watched at once, as if that were the system's limit; only a
  ///   test says it.
  package init(watchLimit: Int = .max) throws(Failure) {
    self.watchLimit = watchLimit
    queue = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard queue >= 0 else { throw Self.failure(toStart: errno) }
    waker = csystem_waker()
    guard waker >= 0 else {
      let code = errno
      close(queue)
      throw Self.failure(toStart: code)
    }
  }

  deinit {
    close(queue)
    close(waker)
  }

  /// Watches a directory that is held open, so that it is the one that the caller lists, whatever is put in its place
  /// meanwhile, and however long its path is. One that is watched already keeps its watch. A few microseconds, and
  /// about 1 KB of the kernel's memory.
  ///
  /// Throws `.watchLimit` where the user has as many watches as the system allows.
  package func watch(
    _ directory: OpenDirectory, for interest: Interest = .entries
  ) throws(Failure) -> Watch {
    let path = FilePath("/proc/self/fd/\(directory.descriptor)")
    // One that is watched for less is watched for both from now on.
    var mask = IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD
    if interest != .removals { mask |= IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB }
    if interest == .entries { mask |= IN_MODIFY }
    let number = unsafe path.withCPath { unsafe inotify_add_watch(queue, $0, UInt32(bitPattern: mask)) }
    guard number >= 0 else { throw Self.failure(toWatch: errno) }
    if watchLimit < .max {
      let isOver = counted.withLock { counted in
        if counted.contains(number) { return false }
        if counted.count >= watchLimit { return true }
        counted.insert(number)
        return false
      }
      if isOver {
        inotify_rm_watch(queue, number)
        throw Self.failure(toWatch: ENOSPC)
      }
    }
    return Watch(number: number)
  }

  /// Watches the directory no longer. Events of it may still come, the last of them `directoryGone`. One whose watch is
  /// over is no error.
  package func forget(_ watch: Watch) {
    inotify_rm_watch(queue, watch.number)
    if watchLimit < .max { counted.withLock { _ = $0.remove(watch.number) } }
  }

  /// What has happened since the last call, in order; if that is nothing, blocks until something happens, `wake` is
  /// called, or the time is over, and returns an empty array in the last two cases.
  ///
  /// - Parameter timeout: nil waits for ever.
  package func next(timeout: Duration?) -> [Event] {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    while true {
      var milliseconds: Int32 = -1
      if let deadline {
        // Rounded up: a wait that ends too soon would be followed by another of no time at all.
        let left = max(.zero, ContinuousClock.now.duration(to: deadline))
        milliseconds = Int32(clamping: Int((left / .milliseconds(1)).rounded(.up)))
      }
      var awaited = [
        pollfd(fd: queue, events: Int16(POLLIN), revents: 0), pollfd(fd: waker, events: Int16(POLLIN), revents: 0),
      ]
      let result = unsafe poll(&awaited, 2, milliseconds)
      if result < 0, errno == EINTR { continue }
      let wasWoken = awaited[1].revents != 0
      if wasWoken { drainWaker() }
      let events = awaited[0].revents != 0 ? takeEvents() : []
      if !events.isEmpty || wasWoken || result <= 0 { return events }
    }
  }

  /// Ends the wait of `next`, the present one or the one that follows. From any thread.
  package func wake() {
    var one: UInt64 = 1
    _ = unsafe write(waker, &one, 8)
  }

  private func drainWaker() {
    var count: UInt64 = 0
    _ = unsafe read(waker, &count, 8)
  }

  /// Reads what waits in the queue, up to some 10,000 events at a time.
  private func takeEvents() -> [Event] {
    var events: [Event] = []
    for _ in 0..<Self.readLimit {
      let queue = queue
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.bufferByteCount) { buffer, count in
        count = unsafe max(0, read(queue, buffer.baseAddress, buffer.count))
      }
      if bytes.isEmpty { break }
      Self.parse(bytes.span, into: &events)
    }
    if watchLimit < .max {
      for event in events where event.kind == .directoryGone {
        counted.withLock { counted in event.watch.map { _ = counted.remove($0.number) } }
      }
    }
    return events
  }

  /// Much larger than an event with the longest name, without which nothing could be read.
  private static let bufferByteCount = 32 << 10
  private static let readLimit = 16

  // MARK: What the kernel writes

  /// Takes apart what a read of the queue gave (`struct inotify_event`: watch, mask, cookie, bytes of the name; then
  /// the name, filled up with NUL bytes). What is cut off at the end is dropped. An event that repeats the one before
  /// it is, too.
  package static func parse(_ bytes: Span<UInt8>, into events: inout [Event]) {
    var reader = ByteReader(bytes)
    while reader.remaining > 0 {
      let event: Event?
      do throws(Failure) {
        let number: Int32 = try reader.read()
        let mask: UInt32 = try reader.read()
        let _: UInt32 = try reader.read()
        let nameByteCount: UInt32 = try reader.read()
        let name = try reader.readBytes(Int(nameByteCount))
        event = Event(Watch(number: number), mask, FilePath(bytes: Array(name.prefix { $0 != 0 })))
      } catch { return }
      if let event, event != events.last { events.append(event) }
    }
  }

  // MARK: Failures

  /// What `errno` says after a queue could not be had.
  package static func failure(toStart code: Int32) -> Failure {
    let cause = unsafe String(cString: strerror(code))
    if code == EMFILE || code == ENFILE {
      return Failure(
        .watchLimit,
        "the system lets this user watch files in no more programs: raise fs.inotify.max_user_instances (`sysctl`), "
          + "or end programs that watch files", cause: cause)
    }
    return Failure(.inputOutput, "the system gives no events of files", cause: cause)
  }

  /// What `errno` says after a directory could not be watched.
  package static func failure(toWatch code: Int32) -> Failure {
    let cause = unsafe String(cString: strerror(code))
    if code == ENOSPC {
      return Failure(
        .watchLimit,
        "the system lets this user watch no more directories: raise fs.inotify.max_user_watches (`sysctl`)",
        cause: cause)
    }
    if code == ENOENT {
      return Failure(.inputOutput, "a directory can only be watched where /proc is mounted", cause: cause)
    }
    return Failure(.inputOutput, "the directory could not be watched", cause: cause)
  }
}

extension FileEvents.Event {
  /// Nil for what says nothing new.
  fileprivate init?(_ watch: FileEvents.Watch, _ mask: UInt32, _ name: FilePath) {
    func has(_ bits: Int32) -> Bool { mask & UInt32(bitPattern: bits) != 0 }
    isDirectory = name.isEmpty || has(IN_ISDIR)
    self.watch = watch
    self.name = name
    if has(IN_Q_OVERFLOW) {
      self.watch = nil
      self.name = ""
      isDirectory = false
      kind = .overflow
    } else if has(IN_DELETE_SELF | IN_IGNORED | IN_UNMOUNT) {
      kind = .directoryGone
    } else if has(IN_CREATE | IN_MOVED_TO) {
      kind = .appeared
    } else if has(IN_DELETE | IN_MOVED_FROM) {
      kind = .vanished
    } else if has(IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVE_SELF) {
      kind = .changed
    } else {
      return nil
    }
  }
}

extension Failure.Code {
  /// The system lets this user watch no more files.
  package static let watchLimit = Self(rawValue: "watch-limit")
}
