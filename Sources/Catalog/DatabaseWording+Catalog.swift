import Primitives
import SQLite

extension DatabaseWording {
  static let catalog = DatabaseWording(name: "the index's catalog", remedy: .index)
}

extension Failure {
  static func damagedCatalog(_ path: FilePath, cause: String) -> Failure {
    DatabaseWording.catalog.damaged(path, cause: cause)
  }
}
