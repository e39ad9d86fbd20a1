import PostgreSQL
package import Primitives
package import Settings

/// The shared store that the settings name.
package struct StoreOpener: Sendable {
  /// As the setting has it: `postgres://user@host/database`.
  package let address: String
  package let collection: String

  /// Nil where no store is named. Throws `.invalidArgument` for an address that is none of a store, or has a password.
  ///
  /// - Parameter root: of the tree, whose name the collection has where none is named.
  package init?(_ settings: SettingValues, root: FilePath) throws(Failure) {
    let address = settings.text(.store)
    if address.isEmpty { return nil }
    self.address = address
    let named = settings.text(.collection)
    collection = named.isEmpty ? Self.name(of: root) : named
    guard StoreCollection.isName(collection) else {
      throw Failure(
        .invalidArgument,
        "a collection cannot be called \(visibleName(collection)): letters, digits, -, _ and ., at most 63 of them")
    }
    if !address.hasPrefix("postgres://"), !address.hasPrefix("postgresql://") {
      throw Failure(
        .invalidArgument, "\(visibleName(address)) is no store: write postgres://user@host:port/database")
    }
  }

  /// The name of the directory, as far as a collection can be called so.
  private static func name(of root: FilePath) -> String {
    let bytes = root.lastComponent.bytes.prefix(63).map { byte -> UInt8 in
      byte.isASCIILetter || byte.isASCIIDigit || [UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
        ? byte : UInt8(ascii: "-")
    }
    let name = String(decoding: bytes, as: UTF8.self)
    return name.isEmpty ? "tree" : name
  }

  /// Connects. Throws `.storeUnavailable` where nothing answers.
  package func open(_ context: SearchContext) throws(Failure) -> any SharedStore {
    try openPostgres(context)
  }

  /// The same where the queue is wanted, which PostgreSQL alone has.
  package func openPostgres(_ context: SearchContext) throws(Failure) -> PostgresStore {
    try PostgresStore(try PostgresAddress(address), context: context)
  }
}
