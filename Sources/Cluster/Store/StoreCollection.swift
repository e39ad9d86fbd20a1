package import Embedding
import Primitives

/// What the files of a collection were made with: those of another cannot be searched together with them.
package struct StoreIdentity: Hashable, Sendable {
  package var model: ModelIdentity
  package var chunkerVersion: Int
  package var analyzerVersion: Int

  package init(model: ModelIdentity, chunkerVersion: Int, analyzerVersion: Int) {
    self.model = model
    self.chunkerVersion = chunkerVersion
    self.analyzerVersion = analyzerVersion
  }
}

/// Why a collection may lack files of its tree.
package enum CollectionGap: Hashable, Sendable {
  /// A push is at work, or was stopped in the middle.
  case push
  /// Tasks are in the queue, or in work.
  case openTasks
  /// Tasks were given up.
  case deadTasks

  /// For a person who searches it.
  package var words: String {
    switch self {
    case .push: "a push into it is at work, or was stopped and another one is to end it"
    case .openTasks: "tasks of it are still in the queue"
    case .deadTasks: "tasks of it were given up, and the status of the queue says why"
    }
  }
}

/// The files of one repository, or one tree, in a store.
package struct StoreCollection: Hashable, Sendable {
  /// As a person calls it: letters, digits, `-`, `_` and `.`, at most 63.
  package var name: String
  package var identity: StoreIdentity
  /// Whatever tells the store which one it is, besides the name.
  package var key: Int64
  /// Changes with every write.
  package var generation: Int64
  package var fileCount: Int
  package var chunkCount: Int
  /// Bytes in the store; nil where the server does not say.
  package var byteCount: Int?

  package init(
    name: String, identity: StoreIdentity, key: Int64, generation: Int64, fileCount: Int, chunkCount: Int,
    byteCount: Int? = nil
  ) {
    self.name = name
    self.identity = identity
    self.key = key
    self.generation = generation
    self.fileCount = fileCount
    self.chunkCount = chunkCount
    self.byteCount = byteCount
  }

  /// Throws `.invalidArgument` where no collection can be called so.
  static func check(name: String) throws(Failure) {
    if isName(name) { return }
    throw Failure(
      .invalidArgument,
      "a collection cannot be called \(visibleName(name)): letters, digits, -, _ and ., at most 63 of them")
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 63
      && name.utf8.allSatisfy { byte in
        byte.isASCIILetter || byte.isASCIIDigit
          || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
      }
  }
}
