package import Primitives
package import Settings

/// The variables that Cairn reads: `CAIRN_...` and those that name the user's directories.
///
///     let environment = Environment(["CAIRN_LIMIT": "5", "HOME": "/home/me"])
public struct Environment: Hashable, Sendable {
  /// As the rooms below read them.
  package let variables: EnvironmentVariables

  public init(_ variables: [String: String]) { self.variables = EnvironmentVariables(variables) }
  private init(_ variables: EnvironmentVariables) { self.variables = variables }

  /// The variables that this process was started with.
  public static let process = Environment(.process)

  /// The value of `name` as text.
  public subscript(name: String) -> String? { variables[name] }
  /// The names of the variables that are set, sorted.
  public var names: [String] { variables.names }

  package func absolutePath(_ name: String) -> FilePath? { variables.absolutePath(name) }
  var home: FilePath? { variables.home }
}
