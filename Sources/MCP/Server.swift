import Cairn
import DoorSupport
import JSON
import JSONRPC
import Primitives

/// The Model Context Protocol over two streams of lines: an agent's process asks, this one answers. One thread reads
/// and never works, one writes, and each call is a task whose work is done outside of the shared pool.
package final class Server: Sendable {
  /// Where messages come from and go to.
  package struct Streams: Sendable {
    /// Waits for bytes and gives them; nil at the end.
    package var read: @Sendable () -> [UInt8]?
    /// Writes all; false where nobody reads any more.
    package var write: @Sendable ([UInt8]) -> Bool
    /// Whether somebody may still read, as far as is known without writing.
    package var isRead: @Sendable () -> Bool

    package init(
      read: @escaping @Sendable () -> [UInt8]?, write: @escaping @Sendable ([UInt8]) -> Bool,
      isRead: @escaping @Sendable () -> Bool = { true }
    ) {
      self.read = read
      self.write = write
      self.isRead = isRead
    }
  }

  /// A longer line is refused.
  package static let lineLimit = 8 << 20
  /// So many calls are worked on at once, and so many may wait.
  static let callLimit = 8
  static let waitingLimit = 64
  /// For so long what was asked is still answered once nothing more can be: a client that ends its server waits little.
  private static let patienceAtEnd = Duration.milliseconds(1_200)

  private let streams: Streams
  private let outbox = Outbox()
  private let calls = RunningRequests(limit: Server.callLimit, waitingLimit: Server.waitingLimit)
  private let trees: OpenTrees
  private let savings: SavingsRecorder
  private let isOver = Monitor(false)

  package init(_ options: ServerOptions, _ streams: Streams) {
    self.streams = streams
    trees = OpenTrees(options)
    savings = SavingsRecorder(options.environment)
  }

  /// Answers until the client closes its end of either stream. Where that is the end of what it asks, the answers that
  /// are ready within a second are still given to who reads, be it later; then all work is cancelled. False where the
  /// system has no threads for it.
  package func run() async -> Bool {
    guard let writer = BlockingThread({ [self] in write() }) else { return false }
    writer.detach()
    guard let reader = BlockingThread({ [self] in read() }) else { return false }
    reader.detach()
    _ = await onBlockingThread { [self] () -> Result<Bool, Failure> in
      .success(isOver.wait { $0 ? true : nil })
    }
    calls.close()
    trees.close()
    _ = await onBlockingThread { [self] () -> Result<Bool, Failure> in
      calls.waitForEnd(within: .milliseconds(500))
      savings.flush()
      // What runs has committed is kept in any case; a moment more saves the next one some work.
      let deadline = ContinuousClock.now + .milliseconds(800)
      while !trees.isOver, ContinuousClock.now < deadline { _ = isOver.wait(for: .milliseconds(5)) { _ in false } }
      // The other end is closed at the latest when the client ends.
      outbox.finish()
      return .success(true)
    }
    return true
  }

  private func write() {
    outbox.run(streams.write)
    isOver.update { $0 = true }
  }

  private func read() {
    var lines = LineSplitter(limit: Self.lineLimit)
    while let bytes = streams.read() { lines.add(bytes, take) }
    lines.finish(take)
    let end = ContinuousClock.now + Self.patienceAtEnd
    while calls.counts.running > 0, ContinuousClock.now < end, streams.isRead(), isOver.wait(until: { !$0 }) {
      calls.waitForEnd(within: .milliseconds(20))
    }
    isOver.update { $0 = true }
  }

  private func take(_ line: LineSplitter.Line) {
    do throws(MessageError) {
      switch line {
      case .tooLong:
        throw MessageError(
          MessageError.invalidRequest, "a message may have \(Self.lineLimit) bytes, and this one has more")
      case .whole(let bytes): try answer(try Message(parsing: bytes))
      }
    } catch { outbox.send(.response(error)) }
  }

  private func answer(_ message: Message) throws(MessageError) {
    switch message {
    case .response: break
    case .notification("notifications/cancelled", let params):
      if let id = RequestID(params?["requestId"]) { calls.cancel(id) }
    case .notification: break
    case .request(let request):
      if let result = try result(of: request) { outbox.send(.response(to: request.id, result)) }
    }
  }

  /// The answer to a request that is no work; nil for one that is answered later.
  private func result(of request: Request) throws(MessageError) -> JSONValue? {
    let era = try Era(of: request)
    switch (request.method, era) {
    case ("initialize", .handshake): return try Era.hello(request)
    case ("ping", .handshake): return [:]
    case ("server/discover", .stateless): return Era.discovery
    case ("tools/list", _):
      if let cursor = request.params?["cursor"], !cursor.isNull {
        throw MessageError(
          MessageError.invalidParams, "there is one page of tools: leave out \"cursor\"", id: request.id)
      }
      return era.result([.init("tools", .array(ToolList.tools))], isLasting: true)
    case ("tools/call", _):
      try call(request, era)
      return nil
    default:
      throw MessageError(
        MessageError.methodNotFound, "there is no method \"\(request.method.prefix(100))\" here", id: request.id)
    }
  }

  private func call(_ request: Request, _ era: Era) throws(MessageError) {
    guard let name = request.params?["name"]?.string else {
      throw MessageError(MessageError.invalidParams, "\"name\" must be that of a tool", id: request.id)
    }
    guard let tool = ToolList.Name(rawValue: name) else {
      let known = ToolList.Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw MessageError(
        MessageError.invalidParams, "there is no tool \"\(name.prefix(100))\"; there are \(known)", id: request.id)
    }
    let arguments = request.params?["arguments"]
    if let arguments, !arguments.isNull, arguments.members == nil {
      throw MessageError(MessageError.invalidParams, "\"arguments\" must be an object", id: request.id)
    }
    let context = ToolContext(trees: trees, tell: progressTeller(request))
    try calls.start(request.id) { [self] in
      let answer = await tool.answer(to: arguments, context)
      trees.startKeeping()
      return { [outbox, savings, calls] in
        savings.note(tool.rawValue, answer)
        outbox.send(.response(to: request.id, answer.result(era)))
        // A server waits for hours beside others: it holds no memory meanwhile that only a search needs.
        if calls.counts.running == 0 { Workspace.returnFreeMemory() }
      }
    }
  }

  /// Sends progress to a client that has asked for it.
  private func progressTeller(_ request: Request) -> @Sendable (IndexProgress) -> Void {
    guard let token = request.params?["_meta"]?["progressToken"], RequestID(token) != nil else { return { _ in } }
    let teller = ProgressTeller(token) { [outbox] in outbox.send($0) }
    return { teller.tell($0) }
  }
}
