import Embedding
import Inspection
package import PostgreSQL
package import Primitives

/// A shared store in PostgreSQL with pgvector. Collections are rows of `cairn.collection` with tables of their own
/// (`PostgresTables`); vectors are searched by the server, exactly or by its graph, and terms are scored here, from the
/// posting lists that the server keeps: by the same formula, over the same statistics, as in a local index.
package final class PostgresStore: SharedStore {
  package let connection: PostgresConnection
  private var isChecked = false
  /// The files of the collections that were asked for last, by generation.
  private var entries: (key: Int64, generation: Int64, files: [StoreFileEntry])?

  /// Connects; what is in the database is looked at when it is first used.
  package init(_ address: PostgresAddress, context: SearchContext = SearchContext()) throws(Failure) {
    connection = try PostgresConnection(address, context: context)
  }

  package var description: String { connection.address.description }
  package var context: SearchContext {
    get { connection.context }
    set { connection.context = newValue }
  }

  /// Throws where there is no schema, or none that this program can use.
  func check() throws(Failure) {
    if isChecked { return }
    try PostgresSchema(connection: connection).check()
    isChecked = true
  }

  /// Makes the tables that all collections share, or brings them up to date.
  package func migrate() throws(Failure) {
    try PostgresSchema(connection: connection).migrate()
    isChecked = true
  }

  // MARK: Collections

  private static let columns =
    "key, name, model, model_hash, dimensions, chunker, analyzer, generation, file_count, chunk_count"

  package func collections() throws(Failure) -> [StoreCollection] {
    try check()
    let rows = try connection.run(
      "SELECT \(Self.columns), \(Self.byteCount) FROM cairn.collection ORDER BY name", isPrepared: false)
    return try (0..<rows.rowCount).map { (row) throws(Failure) in try Self.collection(rows, row) }
  }

  package func collection(named name: String) throws(Failure) -> StoreCollection? {
    try check()
    // Without its size, for which the server looks at every file of its tables: each search asks for this.
    let rows = try connection.run(
      "SELECT \(Self.columns), NULL::bigint FROM cairn.collection WHERE name = $1", [.text(name)])
    return rows.rowCount == 1 ? try Self.collection(rows, 0) : nil
  }

  /// Of all tables of a collection, with their indexes.
  private static let byteCount = """
    (SELECT sum(pg_total_relation_size(to_regclass('cairn.' || kind || '_' || key)))::bigint
     FROM unnest(ARRAY['file', 'chunk', 'posting', 'dead']) AS kind)
    """

  private static func collection(_ rows: PostgresResult, _ row: Int) throws(Failure) -> StoreCollection {
    guard (1...65_536).contains(rows.int(row, 4)) else {
      throw Failure(
        .storeError, "the row of the collection \(visibleName(rows.text(row, 1))) is not as Cairn writes it")
    }
    return StoreCollection(
      name: rows.text(row, 1),
      identity: StoreIdentity(
        model: .init(
          name: rows.text(row, 2), contentHash: ContentHash(storedBytes: rows.bytes(row, 3)),
          dimensions: rows.int(row, 4)), chunkerVersion: rows.int(row, 5), analyzerVersion: rows.int(row, 6)),
      key: rows.integer(row, 0), generation: rows.integer(row, 7), fileCount: rows.int(row, 8),
      chunkCount: rows.int(row, 9), byteCount: rows.isNull(row, 10) ? nil : rows.int(row, 10))
  }

  package func makeCollection(named name: String, of identity: StoreIdentity) throws(Failure) -> StoreCollection {
    try StoreCollection.check(name: name)
    try migrate()
    if let known = try collection(named: name) { return try known.checked(against: identity) }
    do throws(Failure) {
      try connection.transaction { () throws(Failure) in
        let made = try connection.run(
          """
          INSERT INTO cairn.collection (name, model, model_hash, dimensions, chunker, analyzer)
          VALUES ($1, $2, $3, $4, $5, $6) RETURNING key
          """,
          [
            .text(name), .text(identity.model.name), .bytes(identity.model.contentHash.storedBytes),
            .int4(Int32(identity.model.dimensions)), .int4(Int32(identity.chunkerVersion)),
            .int4(Int32(identity.analyzerVersion)),
          ], isPrepared: false)
        for statement in PostgresTables(made.integer(0, 0)).creation(dimensions: identity.model.dimensions) {
          try connection.run(statement, isPrepared: false)
        }
      }
    } catch {
      // Somebody else made it meanwhile.
      guard error.postgresState == "23505" else { throw error }
    }
    guard let made = try collection(named: name) else {
      throw Failure(.notFound, "the collection \(name) was removed while it was made")
    }
    return try made.checked(against: identity)
  }

  package func removeCollection(named name: String) throws(Failure) {
    guard let collection = try collection(named: name) else { return }
    try connection.transaction { () throws(Failure) in
      for statement in PostgresTables(collection.key).removal { try connection.run(statement, isPrepared: false) }
      try connection.run("DELETE FROM cairn.collection WHERE key = $1", [.int4(Int32(collection.key))])
    }
  }

  // MARK: Files

  private static let entryColumns = "id, path, language, kind, hash, chunk_count"

  package func files(of collection: StoreCollection, _ context: SearchContext) throws(Failure) -> [StoreFileEntry] {
    connection.context = context
    try check()
    if let known = entries, known.key == collection.key, known.generation == collection.generation {
      return known.files
    }
    let rows = try connection.run(
      "SELECT \(Self.entryColumns) FROM \(PostgresTables(collection.key).file) ORDER BY path")
    let files = (0..<rows.rowCount).map { Self.entry(rows, $0, from: 0) }
    entries = (collection.key, collection.generation, files)
    return files
  }

  static func entry(_ rows: PostgresResult, _ row: Int, from column: Int) -> StoreFileEntry {
    StoreFileEntry(
      id: rows.integer(row, column), path: FilePath(bytes: rows.bytes(row, column + 1)),
      language: .init(
        name: rows.text(row, column + 2), kind: .init(rawValue: UInt8(clamping: rows.int(row, column + 3))) ?? .prose),
      contentHash: ContentHash(storedBytes: rows.bytes(row, column + 4)), chunkCount: rows.int(row, column + 5))
  }

  package func view(of collection: StoreCollection, _ context: SearchContext) throws(Failure) -> any StoreView {
    connection.context = context
    try check()
    return try PostgresView(self, collection)
  }
}

extension StoreCollection {
  /// The collection, if its files can be searched together with those of `identity`.
  package func checked(against identity: StoreIdentity) throws(Failure) -> StoreCollection {
    if self.identity == identity { return self }
    throw Failure(
      .modelMismatch,
      self.identity.model == identity.model
        ? "the collection \(name) was made by a version of Cairn that cuts files otherwise: remove it and push again"
        : "the collection \(name) holds vectors of the model \(self.identity.model.name), and not of "
          + "\(identity.model.name): use that model, or another collection")
  }
}

extension ContentHash {
  /// The 16 bytes that a store keeps.
  package var storedBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendBigEndian(high)
    bytes.appendBigEndian(low)
    return bytes
  }

  package init(storedBytes bytes: [UInt8]) {
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8).prefix(8)))
  }
}
