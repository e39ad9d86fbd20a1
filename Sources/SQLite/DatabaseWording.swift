import Disk
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

  /// The failure of a database whose files were cut while they were open; says nothing of what is in them.
  func cut(_ path: FilePath) -> Failure {
    Failure(
      .cut,
      "\(name) was cut, or could not be read, while it was open, and what came of it was thrown away; run the command again",
      path: path)
  }
}
