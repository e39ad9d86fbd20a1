import CSystem
import Glibc

/// Runs one command line, and ends the process with its exit code. Called from the main thread, before anything else.
///
/// A `main` that is `async` would not do: the runtime makes its threads before the first line of it, and a process without
/// descriptors or threads to spare ends there with SIGILL, or waits for ever.
package func runProgram(_ arguments: [[UInt8]]) -> Never {
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
  /// Free descriptors with which every command gets through; a search that runs out of them would lose results.
  private static let descriptorCount = 24

  /// What is lacking, with the way out.
  static func lack() -> String? {
    raiseDescriptorLimit()
    let free = freeDescriptorCount
    if free < descriptorCount {
      return "only \(free) files can be opened, and \(descriptorCount) are needed: raise the limit (ulimit -n 256)"
    }
    let problem = problemWithThread
    if problem != 0 {
      let cause = unsafe String(cString: strerror(problem))
      return "the system gives no thread (\(cause)): raise the limit of processes (ulimit -u) or of memory (ulimit -v)"
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

  /// The error of making a thread as the runtime makes them, or 0. The runtime itself would try again for ever.
  private static var problemWithThread: Int32 {
    // It makes more than one, each with a stack of 8 MB.
    let room = 40 << 20
    let start = unsafe mmap(nil, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    if unsafe start == MAP_FAILED { return ENOMEM }
    unsafe munmap(start, room)
    var thread = pthread_t()
    let result = unsafe pthread_create(&thread, nil, { _ in nil }, nil)
    if result == 0 { pthread_join(thread, nil) }
    return result
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
