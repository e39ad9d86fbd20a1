import Disk
package import Primitives

/// How failures speak of a database: what it is to a person, and what to do when it is damaged.
package struct DatabaseWording: Hashable, Sendable {
  /// `the index's catalog`
  package var name: String
  /// What comes of damage by itself: `it is begun anew`; nil where nothing does.
  package var consequence: String?
  /// What to do about damage.
  package var remedy: Remedy?

  package init(name: String, consequence: String? = nil, remedy: Remedy? = nil) {
    self.name = name
    self.consequence = consequence
    self.remedy = remedy
  }

  /// The failure of a database whose content is not what it must be.
  package func damaged(_ path: FilePath, cause: String) -> Failure {
    Failure(
      .damaged, "\(name) is damaged" + (consequence.map { ": \($0)" } ?? ""), path: path, cause: cause, remedy: remedy)
  }

  /// The failure of a database whose files were cut while they were open; says nothing of what is in them.
  func cut(_ path: FilePath) -> Failure {
    Failure(
      .cut,
      "\(name) was cut, or could not be read, while it was open, and what came of it was thrown away; try again",
      path: path)
  }
}
