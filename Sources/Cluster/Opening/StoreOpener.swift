import Disk
import PostgreSQL
package import Primitives
import Qdrant
package import Settings

/// The shared store that the settings name.
package struct StoreOpener: Sendable {
  /// `postgres://user@host/database` as the setting has it, or `qdrant http://host:port`.
  package let address: String
  package let collection: String
  /// Whether the settings name the collection, or it is called as the tree is.
  package let namesCollection: Bool
  /// Nil where the store is none of Qdrant's.
  private let qdrant: (options: QdrantOptions, layout: QdrantStore.Layout)?

  /// Nil where no store is named. Throws `.invalidArgument` for an address that is none of a store, or has a password.
  ///
  /// - Parameter root: of the tree, or another name with one component: what the collection is called where none is
  ///   named.
  package init?(_ settings: SettingValues, root: FilePath) throws(Failure) {
    let address = settings.text(.store)
    if address.isEmpty { return nil }
    qdrant = address == "qdrant" ? try Self.qdrant(settings) : nil
    self.address = try qdrant.map { options, _ throws(Failure) in "qdrant \(try options.webAddress())" } ?? address
    let named = settings.text(.collection)
    collection = named.isEmpty ? Self.name(of: root) : named
    namesCollection = !named.isEmpty
    try StoreCollection.check(name: collection)
    if qdrant == nil, !address.hasPrefix("postgres://"), !address.hasPrefix("postgresql://") {
      throw Failure(
        .invalidArgument,
        // Not repeated: it may have a password in it.
        "the store is written postgres://user@host:port/database, or qdrant; a password belongs in PGPASSWORD")
    }
  }

  private static func qdrant(_ settings: SettingValues) throws(Failure) -> (QdrantOptions, QdrantStore.Layout) {
    var options = QdrantOptions()
    options.address = settings.text(.qdrantURL)
    options.keyVariable = settings.text(.qdrantKeyVariable)
    options.timeLimit = .seconds(settings.integer(.requestTimeoutSeconds))
    var layout = QdrantStore.Layout()
    layout.template = CollectionPlan.Template(rawValue: settings.text(.qdrantTemplate)) ?? layout.template
    layout.quantisation =
      CollectionPlan.Quantisation(rawValue: settings.text(.qdrantQuantisation)) ?? layout.quantisation
    let batchSize = settings.integer(.batchSize)
    if batchSize > 0 { layout.batchSize = batchSize }
    return (options, layout)
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
    guard let qdrant else { return try openPostgres(context) }
    return try QdrantStore(
      qdrant.options, layout: qdrant.layout, environment: processEnvironment(), context: context)
  }

  /// The collection, as `store` has it. Throws `.notFound` where it has none.
  package func known(in store: any SharedStore) throws(Failure) -> StoreCollection {
    if let found = try store.collection(named: collection) { return found }
    throw Failure(.notFound, "\(store.description) has no collection \(collection)")
  }

  /// The collection, and why files may be missing in it.
  package func state(_ context: SearchContext) throws(Failure) -> (StoreCollection, [CollectionGap]) {
    let store = try open(context)
    let collection = try known(in: store)
    return (collection, try store.view(of: collection, context).gaps)
  }

  /// The same where the queue is wanted, which PostgreSQL alone has.
  package func openPostgres(_ context: SearchContext) throws(Failure) -> PostgresStore {
    if qdrant != nil {
      throw Failure(
        .invalidArgument, "Qdrant keeps no queue of tasks: push an index to it, or use workers with PostgreSQL")
    }
    return try PostgresStore(try PostgresAddress(address), context: context)
  }
}
