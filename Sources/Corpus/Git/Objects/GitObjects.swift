import Disk
package import Primitives
import Synchronization

/// The content of a repository's objects by their names, from running `git cat-file` processes: no start of a process
/// for each.
///
/// Safe to share by threads; each thread that reads at the same time has a process of its own, up to `processLimit`.
/// They end with the value. A process that ends or answers something else than what was asked is replaced once; the
/// second time it is an error.
package final class GitObjects: Sendable {
  package let command: GitCommand
  private let connections: [Slot]
  private let limits: GitCommand.Limits
  private let turn = Atomic<Int>(0)

  private final class Slot: Sendable {
    let connection = Mutex<GitObjectConnection?>(nil)
  }

  /// Starts nothing until the first object is read.
  ///
  /// - Parameters:
  ///   - processLimit: how many objects are read at once.
  ///   - duration: how long one object may take.
  package init(_ command: GitCommand, processLimit: Int = 4, duration: Duration = .seconds(60)) {
    self.command = command
    connections = (0..<max(1, processLimit)).map { _ in Slot() }
    limits = GitCommand.Limits(duration: duration)
  }

  /// The content of the blob named `id`. A blob of a few kilobytes takes some 50 to 200 microseconds.
  ///
  /// Throws `.notFound` where the repository does not have it, `.tooLarge` where it has more than `limit` bytes, which
  /// is known before its content is taken, `.notRegular` where the name is that of something else than a blob,
  /// `.cancelled`, `.timedOut`, and `.gitFailed`. The path of a failure is the repository's.
  package func readBlob(
    _ id: GitObjectID, limit: Int, cancellation: Cancellation = Cancellation()
  ) throws(Failure) -> [UInt8] {
    try readBlob(request: id.hex, name: id.hex, limit: limit, cancellation: cancellation)
  }

  /// The same of the blob whose name begins with these hexadecimal digits, 40 of 64 perhaps.
  func readBlob(
    nameBeginningWith digits: [UInt8], limit: Int, cancellation: Cancellation
  ) throws(Failure) -> [UInt8] {
    try readBlob(request: digits, name: digits, limit: limit, cancellation: cancellation)
  }

  /// The same of the file at `path` in the tree object `tree`. git goes through the trees on the way, which takes some
  /// microseconds for each. No path with a line break can be asked for: `.notFound`.
  func readBlob(
    at path: FilePath, of tree: GitObjectID, limit: Int, cancellation: Cancellation
  ) throws(Failure) -> [UInt8] {
    guard !path.isEmpty, !path.bytes.contains(.newline), !path.bytes.contains(0) else {
      throw Failure(.notFound, "git cannot be asked for a path with such bytes", path: path)
    }
    return try readBlob(
      request: tree.hex + [UInt8(ascii: ":")] + path.bytes, name: [], limit: limit, cancellation: cancellation)
  }

  /// - Parameters:
  ///   - request: one line, in git's words.
  ///   - name: what the name of the object begins with that is the answer.
  private func readBlob(
    request: [UInt8], name: [UInt8], limit: Int, cancellation: Cancellation
  ) throws(Failure) -> [UInt8] {
    let context = SearchContext(deadline: .now + limits.duration, cancellation: cancellation)
    let result = withConnection { connection -> Result<[UInt8], Failure> in
      do throws(Failure) { return .success(try read(request, name, limit, context, &connection)) } catch {
        return .failure(error)
      }
    }
    do throws(Failure) { return try result.get() } catch {
      throw command.timedOut(error, .catFile, limits.duration)
    }
  }

  private func withConnection(
    _ body: (inout GitObjectConnection?) -> Result<[UInt8], Failure>
  ) -> Result<[UInt8], Failure> {
    for slot in connections {
      if let result = slot.connection.withLockIfAvailable({ body(&$0) }) { return result }
    }
    // All are at work: wait for one of them, each thread for another.
    let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue & .max
    return connections[turn % connections.count].connection.withLock { body(&$0) }
  }

  private func read(
    _ request: [UInt8], _ name: [UInt8], _ limit: Int, _ context: SearchContext,
    _ connection: inout GitObjectConnection?
  ) throws(Failure) -> [UInt8] {
    var isSecond = false
    while true {
      do throws(Failure) {
        var open: GitObjectConnection
        switch connection.take() {
        case .some(let held): open = held
        case nil: open = try GitObjectConnection(command)
        }
        let answer = try open.read(request, name, limit: limit, context)
        connection = consume open
        return try answer.get()
      } catch {
        guard error.code == .gitFailed, !isSecond else { throw error }
        isSecond = true
      }
    }
  }
}

/// One `git cat-file --batch`: a name goes in, a line and the object come out.
struct GitObjectConnection: ~Copyable, Sendable {
  private let command: GitCommand
  private var child: ChildProcess
  private var buffer: [UInt8] = []

  init(_ command: GitCommand) throws(Failure) {
    self.command = command
    child = try command.start(.catFile, [Array("--batch".utf8)])
  }

  /// The object, or why it cannot be had, where the process is as before and can be asked for the next. Throws where it
  /// is of no more use.
  ///
  /// - Parameters:
  ///   - request: one line, without its end.
  ///   - name: what the name of the object begins with that is the answer.
  mutating func read(
    _ request: [UInt8], _ name: [UInt8], limit: Int, _ context: SearchContext
  ) throws(Failure) -> Result<[UInt8], Failure> {
    child.send(request + [.newline])
    buffer.removeAll(keepingCapacity: buffer.count <= Self.keptByteCount)
    var lineEnd: Int?
    while lineEnd == nil {
      try receive(context)
      lineEnd = buffer.prefix(request.count + Self.headerByteLimit).firstIndex(of: .newline)
      if lineEnd == nil, buffer.count > request.count + Self.headerByteLimit { throw unexpected() }
    }
    let end = lineEnd ?? 0
    if buffer[..<end].elementsEqual(request + Array(" missing".utf8)) {
      guard buffer.count == end + 1 else { throw unexpected() }
      let shown = visibleName(String(decoding: request, as: UTF8.self))
      return .failure(
        Failure(
          .notFound, "the repository does not have the object \(shown): fetch it with git, or see what git's fsck says",
          path: command.top))
    }
    let words = buffer[..<end].split(separator: .space, omittingEmptySubsequences: false)
    guard words.count == 3, GitObjectID(hex: words[0]) != nil, words[0].starts(with: name),
      let byteCount = Int(String(decoding: words[2], as: UTF8.self)), byteCount >= 0
    else { throw unexpected() }
    let isBlob = words[1].elementsEqual("blob".utf8)
    // What follows is not taken: the process is ended in place of that.
    if byteCount > limit {
      throw Failure(.tooLarge, "it has \(byteCount) bytes, more than the limit of \(limit)", path: command.top)
    }
    let whole = end + 1 + byteCount + 1
    while buffer.count < whole { try receive(context) }
    guard buffer.count == whole, buffer[whole - 1] == .newline else { throw unexpected() }
    guard isBlob else {
      return .failure(Failure(.notRegular, "it is no file's content", path: command.top))
    }
    return .success(Array(buffer[(end + 1)..<(whole - 1)]))
  }

  private mutating func receive(_ context: SearchContext) throws(Failure) {
    if try child.read(into: &buffer, until: context) > 0 { return }
    let code = try child.end(until: context)
    throw command.failure(of: GitCommand.Ending(code: code, errorOutput: child.errorOutput), .catFile)
  }

  private func unexpected() -> Failure {
    Failure(
      .gitFailed, "git answers something else than what it was asked for: see whether git can read the repository",
      path: command.top, cause: visibleName(String(decoding: buffer.prefix(100), as: UTF8.self)))
  }

  private static let headerByteLimit = 256
  private static let keptByteCount = 1 << 20
}
