import Cairn
import Disk
import JSON
import MCP
import Primitives
import TestSupport

/// A client of a server in this process: what it sends are lines, what it gets are messages.
final class TestClient: Sendable {
  private struct State: Sendable {
    var input: [[UInt8]] = []
    var isEnded = false
    var output: [UInt8] = []
    var messages: [JSONValue] = []
    var isClosed = false
  }
  private let state = Monitor(State())
  private let isOver = Monitor(false)
  private let server: Server
  let tree: TemporaryTree
  let home: TemporaryTree

  init(watches: Bool = false, change: (inout ServerOptions) -> Void = { _ in }) throws {
    tree = try TemporaryTree()
    home = try TemporaryTree()
    let environment = Environment(["HOME": home.root.description, "PATH": "/usr/bin:/bin"])
    var options = ServerOptions(directory: Path(tree.root), root: Path(tree.root), environment: environment) {
      (root) throws(CairnError) in try Configuration.load(root: root, environment: environment)
    }
    options.watches = watches
    // All other tests stand before its work in the shared pool.
    options.callLimit = .seconds(3_000)
    change(&options)
    let state = state
    server = Server(
      options,
      Server.Streams(
        read: {
          state.wait { state -> [UInt8]?? in
            if !state.input.isEmpty { return .some(state.input.removeFirst()) }
            return state.isEnded ? .some(nil) : nil
          }
        },
        write: { bytes in
          var isOpen = true
          state.update { state in
            isOpen = !state.isClosed
            state.output += bytes
            while let end = state.output.firstIndex(of: UInt8(ascii: "\n")) {
              if let message = try? JSONValue(parsing: Array(state.output[..<end])) { state.messages.append(message) }
              state.output.removeSubrange(...end)
            }
          }
          return isOpen
        }))
    let (server, isOver) = (server, isOver)
    // The other tests are before it in the shared pool.
    Task(priority: .userInitiated) {
      _ = await server.run()
      isOver.update { $0 = true }
    }
  }

  func send(_ line: String) { send(Array((line + "\n").utf8)) }
  func send(_ bytes: [UInt8]) { state.update { $0.input.append(bytes) } }

  /// The first message of that identifier, which is then taken out; nil where none comes in time.
  /// Waits outside of the shared pool, whose threads the server needs.
  func receive(id: JSONValue, within limit: Duration = .seconds(3_000)) async -> JSONValue? {
    let state = state
    let outcome = await onBlockingThread { () -> Result<JSONValue?, Failure> in
      var found: JSONValue?
      _ = state.wait(for: limit) { state in
        guard let index = state.messages.firstIndex(where: { $0["id"] == id }) else { return false }
        found = state.messages.remove(at: index)
        return true
      }
      return .success(found)
    }
    return (try? outcome.get()) ?? nil
  }

  /// Calls a tool, as clients of 2025 do.
  func call(_ tool: String, _ arguments: JSONValue, id: Int = 1) async -> JSONValue? {
    let request: JSONValue = [
      "jsonrpc": "2.0", "id": .integer(id), "method": "tools/call",
      "params": ["name": .string(tool), "arguments": arguments],
    ]
    send(request.description)
    return await receive(id: .integer(id))?["result"]
  }

  /// The text of the answer.
  func text(_ tool: String, _ arguments: JSONValue) async -> String {
    await call(tool, arguments)?["content"]?[0]?["text"]?.string ?? "no answer"
  }

  /// The client goes; whether the server comes to its end.
  func end() async -> Bool {
    state.update { $0.isEnded = true }
    return await isServerOver()
  }

  /// Nobody reads any more.
  func close() { state.update { $0.isClosed = true } }
  func isServerOver() async -> Bool {
    let isOver = isOver
    let outcome = await onBlockingThread { () -> Result<Bool, Failure> in
      .success(isOver.wait(for: .seconds(3_000)) { $0 })
    }
    return (try? outcome.get()) ?? false
  }

  /// Whether more messages came than were received.
  var pending: [JSONValue] { state.wait { state -> [JSONValue]? in state.messages } }

  func write(_ path: String, _ content: String) throws { try tree.write(FilePath(path), content) }

  /// Asks until the index knows the tree.
  func waitForIndex() async {
    let end = ContinuousClock.now + .seconds(3_000)
    while ContinuousClock.now < end {
      let answer = await call("outline", [:], id: 900)
      if answer?["_meta"]?["cairn/answer"]?["complete"]?.boolean == true { return }
    }
  }
}
