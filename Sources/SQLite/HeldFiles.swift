import CSQLite
import Disk
import Glibc
import Primitives
import Synchronization

/// The files that SQLite may touch: those of the databases that are open, each relative to the directory that its
/// connection holds. SQLite is told made-up paths (`/cairn-held/7/catalog.sqlite`), and its system calls are replaced
/// by ones that know what these mean. So no path is looked up again, no link is followed, no journal is played back,
/// and what a file names (a super-journal, an attached database) is neither opened nor removed.
enum HeldFiles {
  static let suffixes = ["", "-wal", "-shm"]

  private static let prefix = Array("/cairn-held/".utf8)
  private static let state = Mutex(State())

  private struct State {
    var next = 1
    var files: [Int: HeldName] = [:]
    /// By the numbers of `files`.
    var databases: [Int: OpenDatabase] = [:]
    var known: [OpenDatabase.Identity: Known] = [:]
    var descriptors: [Int32: Opened] = [:]
    /// The guards of what is mapped, by its address.
    var guards: [UInt: Int32] = [:]

    /// The database in the file that `identity` tells, which is now open under `number`.
    mutating func database(_ identity: OpenDatabase.Identity, _ number: Int) -> OpenDatabase {
      known = known.filter { $0.value.database != nil }
      let database = known[identity]?.database ?? OpenDatabase()
      known[identity] = Known(database: database)
      databases[number] = database
      return database
    }
  }
  private struct Known {
    weak var database: OpenDatabase?
  }
  private struct Opened {
    var database: OpenDatabase
    var part: Part
  }
  private enum Part: CaseIterable { case database, log, index }

  /// Makes `file` known, with its log and the log's shared index, and returns its number and the path that SQLite shall
  /// be told.
  static func add(_ file: HeldName) -> (number: Int, path: FilePath) {
    _ = replaceSystemCalls
    let number = state.withLock { state in
      defer { state.next += 1 }
      state.files[state.next] = file
      return state.next
    }
    return (number, FilePath(bytes: prefix + Array("\(number)/".utf8) + file.name.bytes))
  }

  static func remove(_ number: Int) {
    state.withLock { state in
      state.files[number] = nil
      state.databases[number] = nil
    }
  }

  /// What SQLite has opened under `number`.
  static func database(_ number: Int) -> OpenDatabase? { state.withLock { $0.databases[number] } }

  /// The same after an open that succeeded. SQLite opens no file if a connection to the same one is gone whose
  /// descriptor it had to keep for the sake of the locks of others: it reuses that one.
  static func openedDatabase(_ number: Int) -> OpenDatabase? {
    if let database = database(number) { return database }
    guard let file = state.withLock({ $0.files[number] }), let status = try? file.directory.status(of: file.name) else {
      return nil
    }
    return state.withLock { $0.database(OpenDatabase.Identity(device: status.device, inode: status.inode), number) }
  }

  /// What a path that SQLite was told, or made from it, means; nil for any other path.
  private enum Meaning {
    case directory(OpenDirectory)
    case file(OpenDirectory, FilePath, Part, number: Int)
  }

  private static func meaning(_ path: UnsafePointer<CChar>?) -> Meaning? {
    guard let path = unsafe path else { return nil }
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
    guard bytes.starts(with: prefix) else { return nil }
    let parts = bytes.dropFirst(prefix.count).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let first = parts.first, let number = Int(String(decoding: first, as: UTF8.self)),
      let held = state.withLock({ $0.files[number] })
    else { return nil }
    if parts.count == 1 { return .directory(held.directory) }
    guard parts.count == 2 else { return nil }
    for (suffix, part) in zip(suffixes, Part.allCases)
    where parts[1].elementsEqual(held.name.bytes + Array(suffix.utf8)) {
      return .file(held.directory, FilePath(bytes: Array(parts[1])), part, number: number)
    }
    return nil
  }

  /// Notes down what SQLite has opened: the database comes first, then what lies beside it.
  private static func note(_ descriptor: Int32, _ part: Part, number: Int) {
    var status = stat()
    let isKnown = part == .database ? unsafe fstat(descriptor, &status) == 0 : true
    state.withLock { state in
      if part == .database, state.databases[number] == nil, isKnown {
        _ = state.database(
          OpenDatabase.Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)), number)
      }
      if let database = state.databases[number] {
        state.descriptors[descriptor] = Opened(database: database, part: part)
      }
    }
    if part == .index { LogIndex.forgetIfCut(descriptor) }
  }

  /// Whether nothing may be written through the descriptor any more.
  private static func isClosedToWriting(_ descriptor: Int32) -> Bool {
    let database = state.withLock { $0.descriptors[descriptor]?.database }
    guard database?.isCut == true else { return false }
    errno = EIO
    return true
  }

  /// Returns what a call that writes through the descriptor gave, and keeps why where it failed.
  private static func noting<Number: SignedInteger>(_ result: Number, _ descriptor: Int32) -> Number {
    if result >= 0 { return result }
    let code = errno
    state.withLock { $0.descriptors[descriptor]?.database }?.noteWriteError(code)
    errno = code
    return result
  }

  /// Locks in a row that the system did not give, and that no other process holds.
  private static let refusedLocks = Atomic<Int>(0)

  /// Keeps for a lock that the system did not give why, unless another holds it. What holds for the system's call,
  /// whose last argument is a pointer here or a number, holds for this: on the systems that Cairn runs on both are
  /// passed alike.
  private static func control(_ descriptor: Int32, _ command: Int32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let argument = unsafe argument else { return fcntl(descriptor, command, 0) }
    // Never as a number of 32 bits: the lock that `F_GETLK` asks about would be at another address.
    guard command == F_SETLK else { return unsafe fcntl(descriptor, command, argument) }
    let result = unsafe fcntl(descriptor, command, argument)
    let code = result == 0 || errno == EAGAIN || errno == EACCES || errno == EINTR ? 0 : errno
    let isRelease = unsafe argument.assumingMemoryBound(to: flock.self).pointee.l_type == F_UNLCK
    if !isRelease {
      let given = errno
      state.withLock { $0.descriptors[descriptor]?.database }?.lockError = code
      if code == 0 { refusedLocks.store(0, ordering: .relaxed) } else { refusedLocks.add(1, ordering: .relaxed) }
      errno = given
    }
    return result
  }

  /// Maps a part of a log's shared index, guarded. Nothing else is: SQLite reads a database that it cannot map.
  @unsafe private static func map(
    _ count: Int, _ protection: Int32, _ flags: Int32, _ descriptor: Int32, _ offset: off_t
  ) -> UnsafeMutableRawPointer? {
    guard let opened = state.withLock({ $0.descriptors[descriptor] }), opened.part == .index else {
      errno = ENODEV
      return unsafe MAP_FAILED
    }
    guard let start = unsafe mmap(nil, count, protection, flags, descriptor, offset), unsafe start != MAP_FAILED else {
      return unsafe MAP_FAILED
    }
    guard let number = unsafe opened.database.maps.add(start, count, isFirst: offset == 0) else {
      unsafe munmap(start, count)
      errno = ENOMEM
      return unsafe MAP_FAILED
    }
    state.withLock { $0.guards[UInt(bitPattern: start)] = number }
    return unsafe start
  }

  @unsafe private static func unmap(_ start: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    if let number = state.withLock({ $0.guards.removeValue(forKey: UInt(bitPattern: start)) }) {
      SharedMaps.remove(number)
    }
    return unsafe munmap(start, count)
  }

  private static let devices = try? OpenDirectory("/dev")

  /// What the random numbers and the first descriptors are made of.
  private static func openDevice(_ path: UnsafePointer<CChar>?) -> Int32? {
    guard let path = unsafe path, let devices else { return nil }
    for name in ["urandom", "null"] where unsafe strcmp(path, "/dev/" + name) == 0 {
      return devices.openDescriptor(FilePath(name), flags: O_RDONLY)
    }
    return nil
  }

  private static let replaceSystemCalls: Void = {
    guard let system = unsafe sqlite3_vfs_find("unix") else { return }
    func replace(_ name: String, _ call: sqlite3_syscall_ptr) {
      _ = unsafe system.pointee.xSetSystemCall(system, name, call)
    }
    typealias Open = @convention(c) (UnsafePointer<CChar>?, Int32, Int32) -> Int32
    let open: Open = { path, flags, mode in
      switch unsafe meaning(path) {
      case .directory(let directory): return directory.openItself()
      case .file(let directory, let name, let part, let number):
        let opened = directory.openDescriptor(name, flags: flags, mode: UInt32(truncatingIfNeeded: mode) & 0o600)
        if opened >= 0 { note(opened, part, number: number) }
        return opened
      case nil:
        if let device = unsafe openDevice(path) { return device }
        errno = EACCES
        return -1
      }
    }
    typealias Examine = @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Int32
    let examine: Examine = { path, result in
      guard case .file(let directory, let name, _, _)? = unsafe meaning(path), let result = unsafe result else {
        errno = ENOENT
        return -1
      }
      return unsafe directory.examine(name, result)
    }
    typealias Access = @convention(c) (UnsafePointer<CChar>?, Int32) -> Int32
    let access: Access = { path, mode in
      switch unsafe meaning(path) {
      case .directory(let directory): return directory.access(".", mode)
      case .file(let directory, let name, _, _): return directory.access(name, mode)
      case nil:
        errno = ENOENT
        return -1
      }
    }
    typealias Remove = @convention(c) (UnsafePointer<CChar>?) -> Int32
    let remove: Remove = { path in
      guard case .file(let directory, let name, let part, let number)? = unsafe meaning(path), part != .database else {
        errno = ENOENT
        return -1
      }
      if database(number)?.isCut == true {
        errno = EIO
        return -1
      }
      guard (try? directory.status(of: name))?.kind == .file, (try? directory.remove(name)) != nil else {
        errno = EACCES
        return -1
      }
      return 0
    }
    typealias Close = @convention(c) (Int32) -> Int32
    let close: Close = { descriptor in
      // Before the number can be given to another file.
      state.withLock { $0.descriptors[descriptor] = nil }
      return Glibc.close(descriptor)
    }
    typealias Write = @convention(c) (Int32, UnsafeRawPointer?, Int) -> Int
    let write: Write = { isClosedToWriting($0) ? -1 : noting(unsafe Glibc.write($0, $1, $2), $0) }
    typealias WriteAt = @convention(c) (Int32, UnsafeRawPointer?, Int, off_t) -> Int
    let writeAt: WriteAt = { isClosedToWriting($0) ? -1 : noting(unsafe pwrite($0, $1, $2, $3), $0) }
    typealias Cut = @convention(c) (Int32, off_t) -> Int32
    let cut: Cut = { isClosedToWriting($0) ? -1 : noting(ftruncate($0, $1), $0) }
    typealias Control = @convention(c) (Int32, Int32, UnsafeMutableRawPointer?) -> Int32
    let control: Control = { unsafe Self.control($0, $1, $2) }
    typealias Map =
      @convention(c) (UnsafeMutableRawPointer?, Int, Int32, Int32, Int32, off_t) -> UnsafeMutableRawPointer?
    let map: Map = { unsafe Self.map($1, $2, $3, $4, $5) }
    typealias Unmap = @convention(c) (UnsafeMutableRawPointer?, Int) -> Int32
    let unmap: Unmap = { unsafe Self.unmap($0, $1) }
    unsafe replace("close", unsafeBitCast(close, to: sqlite3_syscall_ptr.self))
    // A reader tries a hundred times for its lock in the log, and sleeps ten seconds in all: not where the system gives
    // none.
    unsafe system.pointee.xSleep = { _, microseconds in
      if refusedLocks.load(ordering: .relaxed) > 8 { return 0 }
      usleep(UInt32(max(0, microseconds)))
      return microseconds
    }
    unsafe replace("fcntl", unsafeBitCast(control, to: sqlite3_syscall_ptr.self))
    unsafe replace("write", unsafeBitCast(write, to: sqlite3_syscall_ptr.self))
    unsafe replace("pwrite", unsafeBitCast(writeAt, to: sqlite3_syscall_ptr.self))
    unsafe replace("pwrite64", unsafeBitCast(writeAt, to: sqlite3_syscall_ptr.self))
    unsafe replace("ftruncate", unsafeBitCast(cut, to: sqlite3_syscall_ptr.self))
    unsafe replace("mmap", unsafeBitCast(map, to: sqlite3_syscall_ptr.self))
    unsafe replace("munmap", unsafeBitCast(unmap, to: sqlite3_syscall_ptr.self))
    unsafe replace("open", unsafeBitCast(open, to: sqlite3_syscall_ptr.self))
    unsafe replace("stat", unsafeBitCast(examine, to: sqlite3_syscall_ptr.self))
    unsafe replace("lstat", unsafeBitCast(examine, to: sqlite3_syscall_ptr.self))
    unsafe replace("access", unsafeBitCast(access, to: sqlite3_syscall_ptr.self))
    unsafe replace("unlink", unsafeBitCast(remove, to: sqlite3_syscall_ptr.self))
  }()
}
