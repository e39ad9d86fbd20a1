import Disk
package import Primitives

/// The variables that Cairn looks at: `CAIRN_...` and the places of the user's files.
///
///     let environment = Environment(["CAIRN_LIMIT": "5", "HOME": "/home/me"])
public struct Environment: Hashable, Sendable {
  private var variables: [String: [UInt8]]

  public init(_ variables: [String: String]) { self.variables = variables.mapValues { Array($0.utf8) } }
  private init(bytes: [String: [UInt8]]) { variables = bytes }

  /// The variables that this process was started with.
  public static let process = Environment(bytes: processEnvironment())

  /// The value of `name` as text.
  public subscript(name: String) -> String? { variables[name].map { String(decoding: $0, as: UTF8.self) } }
  /// The names of the variables that are set, sorted.
  public var names: [String] { variables.keys.sorted() }

  func bytes(of name: String) -> [UInt8]? { variables[name] }
  /// A relative path in such a variable is not valid and is ignored, as the XDG specification asks.
  package func absolutePath(_ name: String) -> FilePath? {
    variables[name].map { FilePath(bytes: $0) }.flatMap { $0.isAbsolute ? $0 : nil }
  }
  var home: FilePath? { absolutePath("HOME") }
}
