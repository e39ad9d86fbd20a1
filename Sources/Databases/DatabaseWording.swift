package import Primitives

/// How failures speak of a database: what it is to a person, and what to do when it is damaged.
package struct DatabaseWording: Hashable, Sendable {
  /// `the index's catalog`
  package var name: String
  /// `build it anew with ...`
  package var remedy: String

  package init(name: String, remedy: String) {
    self.name = name
    self.remedy = remedy
  }

  /// The failure of a database whose content is not what it must be.
  package func damaged(_ path: FilePath, cause: String) -> Failure {
    Failure(.damaged, "\(name) is damaged: \(remedy)", path: path, cause: cause)
  }
}
