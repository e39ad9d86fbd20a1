import Disk
package import Primitives

/// The variables that Cairn looks at: `CAIRN_...` and the places of the user's files.
///
///     let environment = EnvironmentVariables(["CAIRN_LIMIT": "5", "HOME": "/home/me"])
package struct EnvironmentVariables: Hashable, Sendable {
  private var variables: [String: [UInt8]]

  /// The variables that a test or a program names.
  package init(_ variables: [String: String]) { self.variables = variables.mapValues { Array($0.utf8) } }
  private init(bytes: [String: [UInt8]]) { variables = bytes }

  /// The variables that this process was started with.
  package static let process = EnvironmentVariables(bytes: processEnvironment())

  /// The value of `name` as text.
  package subscript(name: String) -> String? { variables[name].map { String(decoding: $0, as: UTF8.self) } }
  /// The names of the variables that are set, sorted.
  package var names: [String] { variables.keys.sorted() }

  /// All of them, as a program that is started would get them.
  package var all: [String: [UInt8]] { variables }
  /// The value of `name` as it is, which need not be text.
  package func bytes(of name: String) -> [UInt8]? { variables[name] }
  /// A relative path in such a variable is not valid and is ignored, as the XDG specification asks.
  package func absolutePath(_ name: String) -> FilePath? {
    variables[name].map { FilePath(bytes: $0) }.flatMap { $0.isAbsolute ? $0 : nil }
  }
  /// The user's home directory, where `HOME` names one.
  package var home: FilePath? { absolutePath("HOME") }
  /// Where the user's programs keep their state: `XDG_STATE_HOME`, or `.local/state` in the home directory.
  package var stateDirectory: FilePath? { absolutePath("XDG_STATE_HOME") ?? home?.appending(".local/state") }
  /// Where they keep what can be made again: `XDG_CACHE_HOME`, or `.cache` in the home directory.
  package var cacheDirectory: FilePath? { absolutePath("XDG_CACHE_HOME") ?? home?.appending(".cache") }
}
