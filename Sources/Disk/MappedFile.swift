import CMapGuard
import CSystem
import Glibc
package import Primitives

/// A read-only file mapped into memory for as long as the value lives.
///
/// Opening costs two system calls, whatever the size; pages are read when they are touched and may be dropped by the
/// system at any time. Where the system does not map it (a file system that cannot, too many maps), or where the caller
/// prefers so, it is read whole into memory of the process.
///
/// A file that is cut in place while it is mapped, or whose disk fails, does not end the process: zeros are where its
/// bytes were, and `isCut` says so; who read it must look afterwards, and throw away what was read. Cairn's own files
/// are never cut by Cairn (they are written once and replaced by name); source files are read with `readFile` instead.
// `@unchecked Sendable`: the bytes are read-only and `base` never changes after `init`.
@safe package final class MappedFile: @unchecked Sendable {
  package let path: FilePath
  package let byteCount: Int
  /// False if the file was read whole.
  package let isMapped: Bool
  private let base: UnsafeRawPointer?
  /// The number of the map among those that are guarded; -1 for none.
  private let guarded: Int32

  /// Maps `count` bytes of an open file; nil if that is refused.
  package typealias Mapper = (_ descriptor: Int32, _ count: Int) -> UnsafeMutableRawPointer?

  /// - Parameter readsWholeUpTo: a file of no more bytes is read instead of mapped.
  package convenience init(_ path: FilePath, readsWholeUpTo byteCount: Int = 0) throws(Failure) {
    try unsafe self.init(path, readsWholeUpTo: byteCount, map: Self.map)
  }

  /// The same of a file in a held directory, as `HeldName` opens it.
  package convenience init(_ file: HeldName, readsWholeUpTo byteCount: Int = 0) throws(Failure) {
    try unsafe self.init(file.path, readsWholeUpTo: byteCount, map: Self.map, opened: try file.open(O_RDONLY))
  }

  /// - Parameter map: how to map; only a test has another way than the system's.
  /// - Parameter opened: a descriptor of the file, closed here; without one, `path` is opened.
  @unsafe package init(
    _ path: FilePath, readsWholeUpTo limit: Int, map: Mapper, opened: Int32? = nil
  ) throws(Failure) {
    // Without `O_NONBLOCK` a named pipe would wait for a writer here.
    let descriptor = opened ?? (unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_NONBLOCK, 0) })
    guard descriptor >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    defer { close(descriptor) }
    var raw = stat()
    guard unsafe fstat(descriptor, &raw) == 0 else { throw Failure(errno: errno, path: path, action: "examine") }
    guard raw.st_mode & S_IFMT == S_IFREG else { throw Failure(.inputOutput, "it is not a regular file", path: path) }
    self.path = path
    byteCount = Int(raw.st_size)
    if byteCount == 0 {
      unsafe base = nil
      isMapped = true
      guarded = -1
    } else if byteCount > limit, let (start, number) = unsafe Self.guardedMap(descriptor, byteCount, map) {
      unsafe base = UnsafeRawPointer(start)
      isMapped = true
      guarded = number
    } else {
      guarded = -1
      unsafe base = try unsafe Self.content(of: descriptor, byteCount, path)
      isMapped = false
    }
  }

  /// Bytes that are in no file, as if they had been read whole from one; `path` is what messages call them.
  package init(_ bytes: [UInt8], named path: FilePath) throws(Failure) {
    self.path = path
    byteCount = bytes.count
    isMapped = false
    guarded = -1
    guard !bytes.isEmpty else {
      unsafe base = nil
      return
    }
    guard let memory = unsafe mmap(nil, bytes.count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe memory != MAP_FAILED
    else { throw Failure(errno: ENOMEM, path: path, action: "read") }
    unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    unsafe base = UnsafeRawPointer(memory)
  }

  @unsafe private static func map(_ descriptor: Int32, _ count: Int) -> UnsafeMutableRawPointer? {
    let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    return unsafe start == MAP_FAILED ? nil : start
  }

  /// A map that is guarded; nil if either is refused.
  @unsafe private static func guardedMap(
    _ descriptor: Int32, _ count: Int, _ map: Mapper
  ) -> (start: UnsafeMutableRawPointer, number: Int32)? {
    guard let start = unsafe map(descriptor, count) else { return nil }
    let number = unsafe cmapguard_add(start, count)
    if number >= 0 { return unsafe (start, number) }
    unsafe munmap(start, count)
    return nil
  }

  @unsafe private static func content(
    of descriptor: Int32, _ count: Int, _ path: FilePath
  ) throws(Failure) -> UnsafeRawPointer {
    // From the system, which says no where the allocator would end the process.
    guard let memory = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe memory != MAP_FAILED
    else { throw Failure(errno: ENOMEM, path: path, action: "read") }
    var filled = 0
    while filled < count {
      let got = unsafe pread(descriptor, memory + filled, count - filled, off_t(filled))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        let code = got < 0 ? errno : EIO
        unsafe munmap(memory, count)
        throw Failure(errno: code, path: path, action: "read")
      }
      filled += got
    }
    return UnsafeRawPointer(memory)
  }

  deinit {
    guard let base = unsafe base else { return }
    cmapguard_remove(guarded)
    unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
  }

  /// Releases the pages of `range` that are in memory (madvise), for callers that have read through a file once;
  /// touching them again brings them back. Safe at any time. Without effect on a file that was read whole.
  package func releasePages(in range: Range<Int>) {
    guard isMapped, let base = unsafe base else { return }
    let page = Int(getpagesize())
    let start = range.lowerBound / page * page
    let end = min(byteCount, range.upperBound)
    if start < end { unsafe madvise(UnsafeMutableRawPointer(mutating: base) + start, end - start, MADV_DONTNEED) }
  }

  /// Whether the file was cut, or could not be read, since it was mapped: some of its bytes are zeros instead. Costs
  /// nanoseconds.
  package var isCut: Bool { cmapguard_is_cut(guarded) }

  /// Throws where zeros may have been read instead of the file: to be called after reading.
  package func checkWhole() throws(Failure) {
    if isCut { throw cutFailure }
  }

  var cutFailure: Failure {
    Failure(
      .damaged, "the file was cut, or could not be read, while it was being read; try again", path: path)
  }

  /// The whole file.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self) get {
      let start = unsafe base?.assumingMemoryBound(to: UInt8.self)
      let span = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: start, count: byteCount))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}

/// The maps through which a library shares one file with other processes, guarded together: where the file is cut in
/// place, or a page of it cannot be read, all of them become memory of this process alone, filled with zeros, and
/// `isCut` says so from then on. Their reader must check it afterwards, and discard what came of them. Thread-safe.
@safe package final class SharedMaps: Sendable {
  private let group: Int32

  /// Holds one of 1024 places for as long as it lives; without one `add` refuses.
  package init() { group = cmapguard_begin_group() }

  /// Whether zeros have replaced the file, or part of it. Costs nanoseconds.
  package var isCut: Bool { cmapguard_is_group_cut(group) }

  /// Guards `count` bytes from `start` on, which begin at a page, and returns a number for `remove`; nil if that is
  /// refused.
  ///
  /// - Parameter isFirst: they are the first of the file.
  @unsafe package func add(_ start: UnsafeRawPointer, _ count: Int, isFirst: Bool) -> Int32? {
    let number = unsafe cmapguard_add_to_group(group, start, count, isFirst)
    return number >= 0 ? number : nil
  }

  /// Ends the guarding of a map that is about to go.
  package static func remove(_ number: Int32) { cmapguard_remove(number) }

  deinit { cmapguard_end_group(group) }
}
