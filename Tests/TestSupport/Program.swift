import Glibc
package import Primitives

/// A program that ended.
package struct ProgramResult: Sendable {
  /// The exit code; 128 + the signal's number where a signal ended it.
  package var code: Int32
  package var output: [UInt8]
  package var errors: [UInt8]

  package var outputText: String { String(decoding: output, as: UTF8.self) }
  package var errorText: String { String(decoding: errors, as: UTF8.self) }
  package var outputLines: [String] { outputText.split(separator: "\n").map(String.init) }
}

/// A program run by a test, without a shell, in a process group of its own. What it writes goes to files, so that a
/// full pipe never stops it. Killed when the value goes.
package final class Program {
  private let scratch: TemporaryTree
  private let process: pid_t
  private var status: Int32?

  /// Starts `executable` (an absolute path) in `directory`. The environment is `environment` alone.
  package init(
    _ executable: FilePath, _ arguments: [[UInt8]], in directory: FilePath, environment: [String: String]
  ) throws(Failure) {
    scratch = try TemporaryTree()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let files: [(Int32, FilePath, Int32)] = [
      (STDIN_FILENO, "/dev/null", O_RDONLY), (STDOUT_FILENO, scratch.root.appending("output"), O_WRONLY | O_CREAT),
      (STDERR_FILENO, scratch.root.appending("errors"), O_WRONLY | O_CREAT),
    ]
    for (descriptor, path, flags) in files {
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path.description, flags, 0o600)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    // Whoever started the tests in the background may have had them ignore an interrupt, and the thread that is here
    // may block signals: the program shall do neither.
    var restored = sigset_t()
    unsafe sigemptyset(&restored)
    unsafe posix_spawnattr_setsigmask(&attributes, &restored)
    for signal in [SIGINT, SIGQUIT, SIGHUP, SIGTERM] { unsafe sigaddset(&restored, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &restored)

    // `env` changes the directory and becomes the program: same process, no shell.
    let inDirectory = [Array("/usr/bin/env".utf8), Array("-C".utf8), directory.bytes]
    let words = unsafe (inDirectory + [executable.bytes] + arguments).map { bytes in unsafe Self.copy(bytes) }
    let variables = unsafe environment.map { name, value in unsafe Self.copy(Array("\(name)=\(value)".utf8)) }
    defer {
      let copies = unsafe words + variables
      for index in unsafe copies.indices { unsafe free(copies[index]) }
    }
    var started: pid_t = 0
    let result = unsafe posix_spawn(
      &started, words[0]!, &actions, &attributes, words + [nil], variables + [nil])
    guard result == 0 else {
      throw Failure(
        .notFound, "it could not be started", path: executable, cause: unsafe String(cString: strerror(result)))
    }
    process = started
  }

  private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    unsafe (bytes + [0]).withUnsafeBytes { unsafe strdup($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }

  deinit {
    if status == nil {
      send(SIGKILL)
      var ignored: Int32 = 0
      unsafe waitpid(process, &ignored, 0)
    }
  }

  /// The number by which the system knows it.
  package var processID: Int { Int(process) }

  /// Sends a signal to the program and to what it started.
  package func send(_ signal: Int32) { kill(-process, signal) }

  /// Whether it still runs.
  package var isRunning: Bool {
    if status != nil { return false }
    var raw: Int32 = 0
    if unsafe waitpid(process, &raw, WNOHANG) == process { status = raw }
    return status == nil
  }

  /// Waits until `instant` or the program's end, whichever comes first.
  package func run(until instant: ContinuousClock.Instant) {
    while isRunning, ContinuousClock.now < instant { usleep(500) }
  }

  /// Waits for the end. A program that takes longer than `limit` is killed, and its result has the code of that.
  package func wait(limit: Duration = .seconds(60)) -> ProgramResult {
    run(until: .now + limit)
    if isRunning {
      send(SIGKILL)
      run(until: .now + .seconds(10))
    }
    let raw = status ?? SIGKILL
    let code = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
    return ProgramResult(code: code, output: content("output"), errors: content("errors"))
  }

  /// What it has written until now.
  package var outputSoFar: String { String(decoding: content("output"), as: UTF8.self) }
  package var errorsSoFar: String { String(decoding: content("errors"), as: UTF8.self) }

  private func content(_ name: String) -> [UInt8] { (try? readFileBytes(scratch.root.appending(name))) ?? [] }
}
