import CSystem
import Glibc
package import Primitives

/// A program that runs beside this one, with a socket into it and two pipes out of it. It is killed, with whatever it
/// has started in its process group, when the value goes: none outlives its holder. Where this process is killed
/// itself, the kernel ends the program: it holds one end of a socket pair (`lifeline`) of which the other is closed
/// then, and the signal of that (SIGIO) ends one that waits in a system call as well. No other process watches over it.
/// One that handles SIGIO, or closes descriptors that it does not know, finds the end of its input instead.
///
/// Used by one thread at a time. Each wait ends at the deadline or the cancellation that its caller gives.
package struct ChildProcess: ~Copyable, Sendable {
  private let process: pid_t
  /// -1 once it is closed.
  private var input: Int32
  private let output: Int32
  /// -1 once the program has closed it.
  private var errors: Int32
  /// Raised by a cancellation.
  private let waker: Int32
  /// Closed by the kernel at the latest when this process ends.
  private let lifeline: Int32
  /// What it has not taken yet.
  private var unsent: [UInt8] = []
  private var sentCount = 0
  private var closesInput = false
  private var code: Int32?
  /// What it said on standard error, the first 4,096 bytes: more is read and dropped, so that it never waits for room.
  package private(set) var errorOutput: [UInt8] = []

  private static let errorByteLimit = 4_096
  private static let pieceByteCount = 64 << 10

  /// Starts `program`, an absolute path, without a shell: with `arguments`, in `directory`, with `variables` (each
  /// `NAME=value`) as its whole environment, and with no descriptor of this process but its three and its lifeline.
  ///
  /// Throws where it cannot be started, `.invalidArgument` for a word with a NUL byte. About a millisecond.
  ///
  /// - Parameter addressByteLimit: bytes of addresses that it may have, from just after its start: it is refused memory
  ///   and maps beyond.
  package init(
    _ program: FilePath, _ arguments: [[UInt8]], in directory: FilePath, variables: [[UInt8]],
    addressByteLimit: Int? = nil
  ) throws(Failure) {
    if ([program.bytes, directory.bytes] + arguments + variables).contains(where: { $0.contains(0) }) {
      throw Failure(.invalidArgument, "a program takes no word with a NUL byte in it: leave it out", path: program)
    }
    var ends: [Int32] = Array(repeating: -1, count: 8)
    func closeAll() { for end in ends where end >= 0 { close(end) } }
    for pair in 0..<4 {
      var made: [Int32] = [-1, -1]
      let isSocket = pair == 0 || pair == 3
      guard unsafe isSocket ? csystem_socket_pair(&made) == 0 : csystem_pipe(&made) == 0 else {
        let failure = Failure(errno: errno, path: program, action: "start")
        closeAll()
        throw failure
      }
      // Ours, then the program's.
      ends[2 * pair] = made[0]
      ends[2 * pair + 1] = made[1]
    }
    let raised = csystem_waker()
    guard raised >= 0 else {
      let failure = Failure(errno: errno, path: program, action: "start")
      closeAll()
      throw failure
    }
    let words = unsafe ([program.bytes] + arguments).map { unsafe Self.copy($0) }
    let environment = unsafe variables.map { unsafe Self.copy($0) }
    let started = unsafe program.withCPath { name in
      unsafe directory.withCPath { place in
        unsafe csystem_start(name, words + [nil], environment + [nil], place, ends[1], ends[3], ends[5], ends[7])
      }
    }
    let problem = errno
    let copies = unsafe words + environment
    for index in unsafe copies.indices { unsafe free(copies[index]) }
    guard started > 0 else {
      closeAll()
      close(raised)
      throw Failure(errno: problem, path: program, action: "start")
    }
    for index in [1, 3, 5, 7] { close(ends[index]) }
    // Where the system does not let it be limited, it runs without.
    if let addressByteLimit { _ = csystem_limit_addresses(started, UInt64(addressByteLimit)) }
    process = started
    waker = raised
    (input, output, errors, lifeline) = (ends[0], ends[2], ends[4], ends[6])
  }

  /// A C string, to be freed.
  private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    unsafe (bytes + [0]).withUnsafeBytes { unsafe strdup($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }

  deinit {
    if input >= 0 { close(input) }
    close(output)
    if errors >= 0 { close(errors) }
    close(waker)
    close(lifeline)
    guard code == nil else { return }
    kill(-process, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// Gives `bytes` to the program's standard input: at once, as far as it has room, the rest while its output is read.
  /// Nothing is said where it reads no more: its output ends then.
  package mutating func send(_ bytes: [UInt8]) {
    unsent.append(contentsOf: bytes)
    sendMore()
  }

  /// Lets the program find the end of its input, behind what was sent.
  package mutating func closeInput() {
    if sentCount == unsent.count, input >= 0 {
      close(input)
      input = -1
    } else {
      closesInput = true
    }
  }

  private mutating func sendMore() {
    while input >= 0, sentCount < unsent.count {
      let sent = unsafe unsent.withUnsafeBytes { bytes in
        unsafe csystem_send(input, bytes.baseAddress! + sentCount, bytes.count - sentCount)
      }
      if sent < 0, errno == EINTR { continue }
      if sent < 0, errno == EAGAIN { return }
      sentCount = sent < 0 ? unsent.count : sentCount + Int(sent)
    }
    unsent.removeAll(keepingCapacity: true)
    sentCount = 0
    if closesInput { closeInput() }
  }

  /// Waits for output and appends it to `buffer`, 64 KB at most; returns how much that is, 0 at the output's end.
  ///
  /// Throws `.timedOut` and `.cancelled` as `context` says.
  package mutating func read(into buffer: inout [UInt8], until context: SearchContext) throws(Failure) -> Int {
    while try !wait(forOutput: true, until: context) {}
    let output = output
    let block = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceByteCount) { part, count in
      count = unsafe max(0, Glibc.read(output, part.baseAddress, part.count))
    }
    buffer.append(contentsOf: block)
    return block.count
  }

  /// Waits for the end of the program, whose output was read to its end or is of no use, and returns its exit code: 128
  /// and the signal's number where a signal ended it. The same at each call.
  package mutating func end(until context: SearchContext) throws(Failure) -> Int32 {
    if let code { return code }
    closeInput()
    while errors >= 0 { _ = try wait(forOutput: false, until: context) }
    while true {
      var status: Int32 = 0
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process || ended < 0 && errno != EINTR {
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        self.code = code
        return code
      }
      try context.check()
      usleep(300)
    }
  }

  /// Waits until there is something to read, or something else has happened; says whether there is output, or its end.
  private mutating func wait(forOutput: Bool, until context: SearchContext) throws(Failure) -> Bool {
    try context.check()
    let hasInput = input >= 0 && sentCount < unsent.count
    var awaited = [
      pollfd(fd: waker, events: Int16(POLLIN), revents: 0),
      pollfd(fd: forOutput ? output : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
      pollfd(fd: hasInput ? input : -1, events: Int16(POLLOUT), revents: 0),
    ]
    let milliseconds = context.remaining.map { Int32(clamping: Int(($0 / .milliseconds(1)).rounded(.up))) } ?? -1
    let waker = waker
    let wake: @Sendable () -> Void = {
      var one: UInt64 = 1
      _ = unsafe write(waker, &one, 8)
    }
    try context.cancellation.whileWatching(wake) { () throws(Failure) in
      _ = unsafe poll(&awaited, 4, milliseconds)
    }
    try context.check()
    if awaited[2].revents != 0 { readErrors() }
    if awaited[3].revents != 0 { sendMore() }
    return awaited[1].revents != 0
  }

  private mutating func readErrors() {
    var block = [UInt8](repeating: 0, count: Self.errorByteLimit)
    let count = unsafe block.withUnsafeMutableBytes { unsafe Glibc.read(errors, $0.baseAddress, $0.count) }
    if count > 0 {
      errorOutput += block.prefix(min(count, Self.errorByteLimit - errorOutput.count))
    } else {
      close(errors)
      errors = -1
    }
  }
}
