import Disk
import Glibc
import HTTP
package import Primitives

/// Qdrant's engine behind an interface like a server's (`Tests/QdrantServer`), in a process of its own. It checks every
/// request and every answer against the interface's description, and fails on demand as servers do. It ends with the
/// value.
package final class QdrantServer {
  private static let root: FilePath = FilePath(#filePath).parent.parent.parent

  private static var tools: FilePath { root.appending(".deps/tools/qdrant") }

  /// Whether `Scripts/setup --checks` has installed the engine.
  package static var isInstalled: Bool { fileExists(tools.appending("pins")) }

  private let program: Program
  private let data: TemporaryTree
  package let port: Int
  package var address: String { "http://127.0.0.1:\(port)" }

  /// - Parameters:
  ///   - version: of the server that it answers as, such as `1.16`.
  ///   - key: what it wants to be shown; none if empty.
  package init(version: String = "1.20", key: String = "") throws(Failure) {
    data = try TemporaryTree(inMemory: true)
    var arguments = [
      Self.root.appending("Tests/QdrantServer/qdrant_server.py").description, "--data", data.root.description,
      "--version", version, "--models", Self.tools.appending("models").description,
    ]
    if !key.isEmpty { arguments += ["--key", key] }
    let environment = processEnvironment()
    if let folder = environment["CAIRN_QDRANT_DESCRIPTIONS"], !folder.isEmpty {
      arguments += ["--descriptions", String(decoding: folder, as: UTF8.self)]
    }
    program = try Program(
      "/usr/bin/env", ["python3"].map { Array($0.utf8) } + arguments.map { Array($0.utf8) }, in: "/",
      environment: [
        "PATH": String(decoding: environment["PATH"] ?? [], as: UTF8.self),
        "PYTHONPATH": Self.tools.appending("engine").description, "PYTHONDONTWRITEBYTECODE": "1",
      ])
    let limit = ContinuousClock.now + .seconds(120)
    var port: Int?
    while port == nil {
      guard program.isRunning, ContinuousClock.now < limit else {
        throw Failure(.timedOut, "the server does not begin to listen: \(program.errorsSoFar)")
      }
      usleep(2000)
      let output = program.outputSoFar
      if output.hasSuffix("\n") { port = Int(output.dropLast()) }
    }
    self.port = port!
  }

  /// Has the next requests that begin with `line` (`PUT /collections/`) fail: by a status, or `hang`, `half`, `lost`,
  /// `text`, `shape`.
  package struct Fault {
    package var line: String
    package var kind: String
    package var times = 1
    /// Of `Retry-After`, or how long it hangs.
    package var seconds: Int?
    package init(_ line: String, _ kind: String, times: Int = 1, seconds: Int? = nil) {
      self.line = line
      self.kind = kind
      self.times = times
      self.seconds = seconds
    }

    /// As the server takes it.
    package var text: String {
      let delay = seconds.map { ", \"seconds\": \($0)" } ?? ""
      return "{\"at\": \"\(line)\", \"do\": \"\(kind)\", \"times\": \(times)\(delay)}"
    }
  }
}

extension QdrantServer {
  /// Has it do these, each once it is asked what they are for.
  package func misbehave(_ faults: Fault...) throws {
    var request = HTTPRequest("PUT", address + "/test/faults")
    request.body = Array("[\(faults.map(\.text).joined(separator: ", "))]".utf8)
    _ = try HTTPClient().send(request)
  }
}
