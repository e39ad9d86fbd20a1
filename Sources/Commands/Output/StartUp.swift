import CSystem
import Glibc
import Synchronization

/// Runs the command line of this process, and ends it with its exit code. Called from the main thread, before anything else.
///
/// A `main` that is `async` would not do: the runtime makes its threads before the first line of it, and a process without
/// descriptors or threads to spare ends there with SIGILL, or waits for ever.
package func runProgram() -> Never {
  guard let arguments = StartUp.arguments else {
    tell("cairn: it was started without arguments, even its own name: start it from a shell, or as execve(2) says")
    exit(ExitCode.error)
  }
  if let lack = StartUp.lack() {
    tell("cairn: " + lack)
    exit(ExitCode.error)
  }
  StartUp.savesAddresses()
  Task.detached { exit(await run(arguments)) }
  while true { pause() }
}

/// What the process must have before the runtime is started.
enum StartUp {
  /// The arguments without the program's name, as bytes: `CommandLine.arguments` would repair a path that is not UTF-8 into
  /// one that does not exist, and both it and `unsafeArgv` are empty where /proc/self/maps cannot be read. Nothing where
  /// the process was given none.
  static var arguments: [[UInt8]]? {
    let count = Int(csystem_argument_count())
    guard count > 0, let values = unsafe csystem_arguments() else { return nil }
    return (1..<count).compactMap { index in
      unsafe values[index].map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }

  /// Free descriptors with which every command gets through; a search that runs out of them would lose results.
  private static let descriptorCount = 24

  /// What is lacking, with the way out.
  static func lack() -> String? {
    raiseDescriptorLimit()
    let free = freeDescriptorCount
    if free < descriptorCount {
      return "only \(free) files can be opened, and \(descriptorCount) are needed: raise the limit (ulimit -n 256)"
    }
    let problem = problemWithThreads
    if problem != 0 {
      let cause = unsafe String(cString: strerror(problem))
      return "there are too few threads (\(cause)): raise the limit of processes (ulimit -u) or memory (ulimit -v)"
    }
    return nil
  }

  /// The soft limit is the user's default, the hard one what is meant.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    let usual: rlim_t = 256
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < usual else {
      return
    }
    limit.rlim_cur = min(limit.rlim_max, usual)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// Descriptors that can be had, up to `descriptorCount`.
  private static var freeDescriptorCount: Int {
    var held: [Int32] = []
    defer { for descriptor in held { close(descriptor) } }
    let first = unsafe csystem_open("/", O_RDONLY | O_DIRECTORY, 0)
    if first < 0 { return 0 }
    held.append(first)
    while held.count < descriptorCount {
      let next = dup(first)
      if next < 0 { break }
      held.append(next)
    }
    return held.count
  }

  /// Threads without which the runtime would wait for ever: two that run tasks, one that waits for events, one for a command's
  /// work, one to spare.
  private static let threadCount = 5
  /// Is held while they are made, so that none ends before the last one is there.
  private static let gate = Mutex(())

  /// The error of making so many threads at once as the runtime makes them, or 0. The runtime itself would try again for ever.
  /// The C library keeps their stacks for the next ones, so that what was to be had stays so.
  private static var problemWithThreads: Int32 {
    var threads: [pthread_t] = []
    let problem = gate.withLock { _ in
      for _ in 0..<threadCount {
        var thread = pthread_t()
        let result = unsafe pthread_create(
          &thread, nil,
          { _ in
            StartUp.gate.withLock { _ in }
            return nil
          }, nil)
        if result != 0 { return result }
        threads.append(thread)
      }
      return 0
    }
    for thread in threads { pthread_join(thread, nil) }
    return problem
  }

  /// Where addresses are limited (`ulimit -v`), threads share one heap: each of their own would reserve 64 MB of them.
  static func savesAddresses() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
      return
    }
    csystem_share_heap()
  }
}
