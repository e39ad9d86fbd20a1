import Disk
import Glibc
import JSON
package import Primitives
import Settings

/// A server started as a client would start it: with few variables, and the first line of the protocol.
package enum ServerProbe {
  package struct Answer: Hashable, Sendable {
    package var name: String
    package var version: String
    package var protocolVersion: String
    package var milliseconds: Int
  }

  /// The variables that clients hand on to a server: what the kits of the protocol take for safe.
  private static let handedOn = ["HOME", "LOGNAME", "SHELL", "TERM", "USER"]
  private static let limit: Duration = .seconds(5)
  private static let byteLimit = 1 << 20

  /// Starts what `entry` names and asks it who it is. Throws with what does not work.
  package static func answer(
    of entry: FoundEntry, _ client: AgentClient, _ places: UserPlaces, in directory: FilePath
  ) throws(Failure) -> Answer {
    let program = try self.program(of: entry, client, places)
    var variables = ["PATH": Array(places.searchPath(of: client).utf8)]
    for name in handedOn { variables[name] = places.environment.bytes(of: name) }
    for (name, value) in entry.environment { variables[name] = Array(value.utf8) }
    let start = ContinuousClock.now
    var child = try ChildProcess(
      program, entry.arguments.map { Array($0.utf8) }, in: directory,
      variables: variables.sorted { $0.key < $1.key }.map { Array("\($0.key)=".utf8) + $0.value })
    child.send(request)
    let context = SearchContext(deadline: start + limit)
    var output: [UInt8] = []
    do throws(Failure) {
      while !output.contains(.newline), output.count < byteLimit {
        if try child.read(into: &output, until: context) == 0 { break }
      }
    } catch {
      guard error.code == .timedOut else { throw error }
      throw problem("it did not answer within 5 seconds", program, child.errorOutput)
    }
    guard let end = output.firstIndex(of: .newline) else {
      let code = try? child.end(until: SearchContext(deadline: .now + .seconds(1)))
      let how = code.map { "it ended with exit code \($0)" } ?? "it closed its output"
      throw problem("\(how) in place of an answer", program, child.errorOutput)
    }
    let line = Array(output[..<end])
    guard let answer = try? JSONValue(parsing: line), let result = answer["result"] else {
      let said = String(decoding: line.prefix(80), as: UTF8.self)
      throw problem("its answer is none of the protocol: \(said)", program, [])
    }
    let took = start.duration(to: .now)
    child.closeInput()
    _ = try? child.end(until: SearchContext(deadline: .now + .seconds(1)))
    return Answer(
      name: result["serverInfo"]?["name"]?.string ?? "?", version: result["serverInfo"]?["version"]?.string ?? "?",
      protocolVersion: result["protocolVersion"]?.string ?? "?", milliseconds: Int(took / .milliseconds(1)))
  }

  private static func program(
    of entry: FoundEntry, _ client: AgentClient, _ places: UserPlaces
  ) throws(Failure) -> FilePath {
    let named = FilePath(entry.program)
    if named.isAbsolute {
      guard let status = try? FileStatus(of: named) else {
        throw Failure(.notFound, "the program that it starts is not there", path: named)
      }
      guard status.kind == .file, status.permissions & 0o111 != 0 else {
        throw Failure(.permissionDenied, "what it starts is no program", path: named)
      }
      return named
    }
    guard !entry.program.contains("/"), let found = places.find(entry.program, in: places.searchPath(of: client)) else {
      throw Failure(
        .notFound, "the client finds no program \"\(entry.program)\" in \(places.searchPath(of: client))")
    }
    return found
  }

  private static let request: [UInt8] = {
    let message: JSONValue = [
      "jsonrpc": "2.0", "id": 1, "method": "initialize",
      "params": [
        "protocolVersion": "2025-06-18", "capabilities": .object([]),
        "clientInfo": ["name": "cairn-agents-status", "version": "1"],
      ],
    ]
    return message.bytes + [.newline]
  }()

  private static func problem(_ what: String, _ program: FilePath, _ errors: [UInt8]) -> Failure {
    let said = String(decoding: errors.prefix(400), as: UTF8.self).split(separator: "\n").last.map(String.init)
    return Failure(.inputOutput, what, path: program, cause: said)
  }
}
