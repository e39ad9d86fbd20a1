import CSQLite
import Disk
import Glibc
import Primitives
import Synchronization

/// The files that SQLite may touch: those of the databases that are open, each relative to the directory that its
/// connection holds. SQLite is told made-up paths (`/cairn-held/7/catalog.sqlite`), and its system calls are replaced by
/// ones that know what these mean. So no path is looked up again, no link is followed, no journal is played back, and what
/// a file names (a super-journal, an attached database) is neither opened nor removed.
enum HeldFiles {
  static let suffixes = ["", "-wal", "-shm"]

  private static let prefix = Array("/cairn-held/".utf8)
  private static let state = Mutex<(next: Int, files: [Int: HeldName])>((1, [:]))

  /// Makes `file` known, with its log and the log's shared index, and gives its number and the path that SQLite shall be told.
  static func add(_ file: HeldName) -> (number: Int, path: FilePath) {
    _ = replaceSystemCalls
    let number = state.withLock { state in
      defer { state.next += 1 }
      state.files[state.next] = file
      return state.next
    }
    return (number, FilePath(bytes: prefix + Array("\(number)/".utf8) + file.name.bytes))
  }

  static func remove(_ number: Int) { state.withLock { $0.files[number] = nil } }

  /// What a path that SQLite was told, or made from it, means; nothing for any other path.
  private enum Meaning {
    case directory(OpenDirectory)
    /// The database itself, or its log or shared index.
    case file(OpenDirectory, FilePath, isDatabase: Bool)
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
    for suffix in suffixes where parts[1].elementsEqual(held.name.bytes + Array(suffix.utf8)) {
      return .file(held.directory, FilePath(bytes: Array(parts[1])), isDatabase: suffix.isEmpty)
    }
    return nil
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
      case .file(let directory, let name, _):
        return directory.openDescriptor(name, flags: flags, mode: UInt32(truncatingIfNeeded: mode) & 0o600)
      case nil:
        if let device = unsafe openDevice(path) { return device }
        errno = EACCES
        return -1
      }
    }
    typealias Examine = @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Int32
    let examine: Examine = { path, result in
      guard case .file(let directory, let name, _)? = unsafe meaning(path), let result = unsafe result else {
        errno = ENOENT
        return -1
      }
      return unsafe directory.examine(name, result)
    }
    typealias Access = @convention(c) (UnsafePointer<CChar>?, Int32) -> Int32
    let access: Access = { path, mode in
      switch unsafe meaning(path) {
      case .directory(let directory): return directory.access(".", mode)
      case .file(let directory, let name, _): return directory.access(name, mode)
      case nil:
        errno = ENOENT
        return -1
      }
    }
    typealias Remove = @convention(c) (UnsafePointer<CChar>?) -> Int32
    let remove: Remove = { path in
      guard case .file(let directory, let name, isDatabase: false)? = unsafe meaning(path) else {
        errno = ENOENT
        return -1
      }
      guard (try? directory.status(of: name))?.kind == .file, (try? directory.remove(name)) != nil else {
        errno = EACCES
        return -1
      }
      return 0
    }
    unsafe replace("open", unsafeBitCast(open, to: sqlite3_syscall_ptr.self))
    unsafe replace("stat", unsafeBitCast(examine, to: sqlite3_syscall_ptr.self))
    unsafe replace("lstat", unsafeBitCast(examine, to: sqlite3_syscall_ptr.self))
    unsafe replace("access", unsafeBitCast(access, to: sqlite3_syscall_ptr.self))
    unsafe replace("unlink", unsafeBitCast(remove, to: sqlite3_syscall_ptr.self))
  }()
}
