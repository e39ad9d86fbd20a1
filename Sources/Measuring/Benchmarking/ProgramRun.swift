import Disk
import Glibc
import Primitives
import Synchronization

/// One run of a program as a process of its own, measured from its start to its end.
struct ProgramRun {
  /// From before its start to after its end, as someone who waits for it sees it.
  let seconds: Double
  /// Of all its threads, in the program and in the kernel.
  let processorSeconds: Double
  /// Sampled while it ran; zeros if that was not asked for.
  let memory: PeakMemory
  let output: [UInt8]

  /// Runs `program` and waits for its end. Blocks the calling thread.
  ///
  /// - Parameters:
  ///   - variables: set in its environment, over what this process has.
  ///   - scratch: a directory for what it writes.
  ///   - samplesMemory: sample its memory each millisecond, from another thread. That costs a little of its time.
  /// Throws what `program` wrote on standard error when it ends with 2 or more, or by a signal.
  init(
    _ program: FilePath, _ arguments: [[UInt8]], variables: [String: [UInt8]] = [:], scratch: FilePath,
    samplesMemory: Bool = false
  ) throws(Failure) {
    let outputPath = scratch.appending("output")
    let errorPath = scratch.appending("errors")
    let began = ContinuousClock.now
    let process = try Self.start(program, arguments, variables, output: outputPath, errors: errorPath)
    let sampler = samplesMemory ? MemorySampler(process) : nil
    // Its end is waited for first and its remains are taken later, so that its number is nobody else's meanwhile.
    var end = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(process), &end, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    seconds = began.duration(to: .now) / .seconds(1)
    memory = sampler?.finish() ?? PeakMemory()
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    processorSeconds =
      Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    output = try readFile(outputPath).bytes
    let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    if code > 1 {
      let said = (try? readFile(errorPath, limit: 1 << 16).bytes) ?? []
      throw Failure(
        .inputOutput, "the program failed with code \(code) while it was measured; run it by hand to see why",
        path: program, cause: String(decoding: said.prefix(2000), as: UTF8.self))
    }
  }

  private static func start(
    _ program: FilePath, _ arguments: [[UInt8]], _ variables: [String: [UInt8]], output: FilePath, errors: FilePath
  ) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (descriptor, path) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
      let name = unsafe copy(path.bytes)
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, name!, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      unsafe free(name)
    }
    let words = unsafe ([program.bytes] + arguments).map { unsafe copy($0) }
    let environment = processEnvironment().merging(variables) { $1 }
    let variables = unsafe environment.map { name, value in unsafe copy(Array("\(name)=".utf8) + value) }
    defer {
      let copies = unsafe words + variables
      for index in unsafe copies.indices { unsafe free(copies[index]) }
    }
    var process: pid_t = 0
    let result = unsafe posix_spawn(&process, words[0]!, &actions, nil, words + [nil], variables + [nil])
    guard result == 0 else { throw Failure(errno: result, path: program, action: "start") }
    return process
  }

  /// A C string, to be freed.
  private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    unsafe (bytes + [0]).withUnsafeBytes { unsafe strdup($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }
}

/// Samples the memory of a process until it is told that the process has ended.
private final class MemorySampler: Sendable {
  private let hasEnded = Atomic(false)
  private let peak = Mutex(PeakMemory())
  private let thread = Mutex<BlockingThread?>(nil)

  /// The number must stay the process's own until `finish`: its remains are not taken before.
  init(_ process: pid_t) {
    thread.withLock { thread in
      thread = BlockingThread { [self] in
        while !hasEnded.load(ordering: .relaxed) {
          if let now = PeakMemory.ofProcess(String(process)) { peak.withLock { $0.formMaximum(now) } }
          usleep(1000)
        }
      }
    }
  }

  func finish() -> PeakMemory {
    hasEnded.store(true, ordering: .relaxed)
    thread.withLock { $0?.join() }
    return peak.withLock { $0 }
  }
}
