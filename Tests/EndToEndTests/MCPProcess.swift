import Foundation
import Glibc
import JSON
import Primitives
import TestSupport
import Testing

/// `cairn mcp` as its client has it: a process with a pipe on either side.
final class MCPProcess: Sendable {
  private struct State: Sendable {
    var messages: [JSONValue] = []
    /// Lines that are no messages.
    var stray: [String] = []
    var isEnded = false
  }
  private let state = Monitor(State())
  private let process: Process
  private let input: Pipe

  init(_ cairn: CairnProgram, _ arguments: [String] = []) throws {
    process = Process()
    input = Pipe()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try CairnProgram.binary().description)
    process.arguments = ["mcp"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: cairn.tree.root.description)
    process.environment = cairn.environment
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let (state, descriptor) = (state, dup(output.fileHandleForReading.fileDescriptor))
    BlockingThread {
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      var rest: [UInt8] = []
      while true {
        let data = handle.availableData
        if data.isEmpty { break }
        rest += data
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
          let line = Array(rest[..<end])
          rest.removeSubrange(...end)
          let message = try? JSONValue(parsing: line)
          state.update { state in
            if let message, message["jsonrpc"]?.string == "2.0" {
              state.messages.append(message)
            } else {
              state.stray.append(String(decoding: line, as: UTF8.self))
            }
          }
        }
      }
      state.update { $0.isEnded = true }
    }?.detach()
  }

  deinit { kill() }

  var processID: Int { Int(process.processIdentifier) }
  var isRunning: Bool { process.isRunning }

  func send(_ line: String) { try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

  func request(_ id: Int, _ method: String, _ params: JSONValue = [:]) {
    send(
      (["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": params] as JSONValue).description)
  }

  func receive(id: Int, within limit: Duration = .seconds(60)) -> JSONValue? {
    var found: JSONValue?
    _ = state.wait(for: limit) { state in
      guard let index = state.messages.firstIndex(where: { $0["id"]?.integer == id }) else { return state.isEnded }
      found = state.messages.remove(at: index)
      return true
    }
    return found
  }

  /// The result of a call.
  func call(_ tool: String, _ arguments: JSONValue, id: Int = 1) -> JSONValue? {
    request(id, "tools/call", ["name": .string(tool), "arguments": arguments])
    return receive(id: id)?["result"]
  }
  func text(_ tool: String, _ arguments: JSONValue) -> String {
    call(tool, arguments)?["content"]?[0]?["text"]?.string ?? "no answer"
  }

  /// What is not a message, of which there must be none.
  var stray: [String] { state.wait { state -> [String]? in state.stray } }

  func closeInput() { try? input.fileHandleForWriting.close() }

  /// The exit code; nil where it does not end in time.
  func exitCode(within limit: Duration = .seconds(10)) -> Int32? {
    let end = ContinuousClock.now + limit
    while process.isRunning, ContinuousClock.now < end { usleep(1_000) }
    return process.isRunning ? nil : process.terminationStatus
  }

  func kill() { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

  /// Asks until the index knows the tree.
  func waitForIndex() -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if call("outline", [:], id: 900)?["_meta"]?["cairn/answer"]?["complete"]?.boolean == true { return true }
    }
    return false
  }

  /// Kilobytes of memory of the process' own, and all that it has in memory.
  var memory: (own: Int, all: Int) {
    let text = (try? String(contentsOfFile: "/proc/\(processID)/smaps_rollup", encoding: .utf8)) ?? ""
    func sum(_ names: [String]) -> Int {
      text.split(separator: "\n").filter { line in names.contains { line.hasPrefix($0 + ":") } }
        .compactMap { Int($0.split(separator: " ").dropFirst().first ?? "") }.reduce(0, +)
    }
    return (sum(["Private_Clean", "Private_Dirty"]), sum(["Rss"]))
  }
}
