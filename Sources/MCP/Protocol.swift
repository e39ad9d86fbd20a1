import Cairn
import JSON
import JSONRPC

/// Which of the protocol's two ways of speaking a request is of, and how its results look then.
enum Era: Hashable {
  /// 2025-11-25 and before: the client says hello first (`initialize`).
  case handshake
  /// 2026-07-28: each request says which version it is of, and nothing is remembered between two.
  case stateless

  static let statelessVersions = ["2026-07-28"]
  static let handshakeVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  /// The newest first.
  static let versions = statelessVersions + handshakeVersions
  static let unsupportedVersion = -32022

  private static let versionKey = "io.modelcontextprotocol/protocolVersion"
  private static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
  private static let serverKey = "io.modelcontextprotocol/serverInfo"

  /// Throws what to answer to a request whose envelope is wrong, or of a version that is not spoken.
  init(of request: Request) throws(MessageError) {
    guard let meta = request.params?["_meta"], let version = meta[Self.versionKey] else {
      if request.method == "server/discover" {
        throw MessageError(
          MessageError.invalidParams, "params._meta must have \(Self.versionKey) and \(Self.capabilitiesKey)",
          id: request.id)
      }
      self = .handshake
      return
    }
    guard case .string(let name) = version else {
      throw MessageError(MessageError.invalidParams, "\(Self.versionKey) must be a string", id: request.id)
    }
    guard Self.statelessVersions.contains(name) else {
      throw MessageError(
        Self.unsupportedVersion, "this version of the protocol is not spoken",
        data: ["supported": .array(Self.versions.map { .string($0) }), "requested": .string(name)], id: request.id)
    }
    guard meta[Self.capabilitiesKey]?.members != nil else {
      throw MessageError(
        MessageError.invalidParams, "params._meta must have \(Self.capabilitiesKey), an object", id: request.id)
    }
    self = .stateless
  }

  /// A result as this era has it.
  ///
  /// - Parameters:
  ///   - meta: what programs may read besides.
  ///   - isLasting: whether it is the same for all clients, for as long as this program runs.
  func result(
    _ members: [JSONValue.Member], meta: [JSONValue.Member] = [], isLasting: Bool = false
  ) -> JSONValue {
    var members = members
    var meta = meta
    if self == .stateless {
      members.insert(.init("resultType", "complete"), at: 0)
      if isLasting { members += [.init("ttlMs", 3_600_000), .init("cacheScope", "public")] }
      meta.append(.init(Self.serverKey, Self.server))
    }
    if !meta.isEmpty { members.append(.init("_meta", .object(meta))) }
    return .object(members)
  }

  /// What this program says of itself.
  static let server: JSONValue = ["name": "cairn", "title": "Cairn code search", "version": .string(Cairn.version)]
  static let capabilities: JSONValue = ["tools": [:]]

  /// The answer to `initialize`. Throws where it names no version; one that is not spoken is answered with the newest.
  static func hello(_ request: Request) throws(MessageError) -> JSONValue {
    guard let wanted = request.params?["protocolVersion"]?.string else {
      throw MessageError(MessageError.invalidParams, "\"protocolVersion\" must be a string", id: request.id)
    }
    let version = handshakeVersions.contains(wanted) ? wanted : handshakeVersions[0]
    return [
      "protocolVersion": .string(version), "capabilities": capabilities, "serverInfo": server,
      "instructions": .string(ToolList.instructions),
    ]
  }

  /// The answer to `server/discover`.
  static var discovery: JSONValue {
    Era.stateless.result(
      [
        .init("supportedVersions", .array(versions.map { .string($0) })), .init("capabilities", capabilities),
        .init("instructions", .string(ToolList.instructions)),
      ], isLasting: true)
  }
}
