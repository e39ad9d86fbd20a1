import Embedding
import PostgreSQL
package import Primitives
import Segments

extension PostgresStore {
  /// Reads all posting lists of the collection once, whatever the number of `paths`: ask for many at a time.
  package func read(
    _ paths: [FilePath], of collection: StoreCollection, _ context: SearchContext
  ) throws(Failure) -> [StoreFile] {
    connection.context = context
    try check()
    let tables = PostgresTables(collection.key)
    return try connection.transaction(.snapshot) { () throws(Failure) in
      let rows = try connection.run(
        """
        SELECT id, path, language, kind, hash, chunk_count, first_chunk, text FROM \(tables.file)
        WHERE path = ANY($1) ORDER BY path
        """, [.byteStrings(paths.map(\.bytes))])
      var files: [StoreFile] = []
      // Of each chunk, its file's position and its first number.
      var owners: [Int: (file: Int, first: Int)] = [:]
      for row in 0..<rows.rowCount {
        let entry = Self.entry(rows, row, from: 0)
        let first = rows.int(row, 6)
        for chunk in first..<first + entry.chunkCount { owners[chunk] = (row, first) }
        files.append(
          StoreFile(
            path: entry.path, language: entry.language, contentHash: entry.contentHash,
            text: rows.isNull(row, 7) ? nil : rows.bytes(row, 7), chunks: [], terms: FileTerms()))
      }
      try readChunks(owners, collection, tables, into: &files)
      for (row, file) in files.enumerated() where file.chunks.count != rows.int(row, 5) {
        throw Failure(.damaged, "the collection \(collection.name) lacks chunks of a file", path: file.path)
      }
      for number in files.indices {
        files[number].terms = FileTerms(lengthCodes: files[number].chunks.map(\.lengthCode))
      }
      try readTerms(tables, owners, into: &files)
      return files
    }
  }

  /// - Parameter owners: of each chunk, its file's position.
  private func readChunks(
    _ owners: [Int: (file: Int, first: Int)], _ collection: StoreCollection, _ tables: PostgresTables,
    into found: inout [StoreFile]
  ) throws(Failure) {
    let rows = try connection.run(
      """
      SELECT id, hash, length_code, record, planes FROM \(tables.chunk) WHERE id = ANY($1) ORDER BY id
      """, [.int4s(owners.keys.sorted().map { Int32(truncatingIfNeeded: $0) })])
    for row in 0..<rows.rowCount {
      guard let owner = owners[rows.int(row, 0)],
        let vector = QuantisedVector(planes: rows.bytes(row, 4), dimensions: collection.identity.model.dimensions)
      else { throw Failure(.damaged, "a vector of the collection \(collection.name) is not what was written") }
      found[owner.file].chunks.append(
        StoreChunk(
          chunk: try ChunkCoding.decode(rows.bytes(row, 3)),
          contentHash: .init(bits: UInt32(bitPattern: Int32(truncatingIfNeeded: rows.integer(row, 1)))),
          lengthCode: UInt8(clamping: rows.int(row, 2)), vector: vector))
    }
  }

  /// Terms ascend, each with its postings in the files.
  private func readTerms(
    _ tables: PostgresTables, _ owners: [Int: (file: Int, first: Int)], into files: inout [StoreFile]
  ) throws(Failure) {
    guard let least = owners.keys.min(), let most = owners.keys.max() else { return }
    // A cursor: all lists together may be more than memory.
    try connection.run(
      """
      DECLARE lists CURSOR FOR SELECT field, term, runs FROM \(tables.posting)
      WHERE first_chunk <= \(most) ORDER BY term, field, first_chunk
      """, isPrepared: false)
    while true {
      let rows = try connection.run("FETCH 20000 FROM lists", isPrepared: false)
      if rows.rowCount == 0 { break }
      for row in 0..<rows.rowCount {
        let columns = try PostingColumns(rows.bytes(row, 2), without: nil)
        guard let last = columns.chunks.last, Int(last) >= least else { continue }
        let term = Term(
          field: Term.Field(rawValue: UInt8(clamping: rows.int(row, 0))) ?? .word, bytes: rows.bytes(row, 1))
        guard term.bytes.count <= 255 else { throw Failure(.damaged, "a term of the store has more than 255 bytes") }
        var of = -1
        var postings: [(chunk: Int, code: UInt8)] = []
        func end() { if of >= 0, !postings.isEmpty { files[of].terms.add(term, postings: postings) } }
        for i in columns.chunks.indices {
          guard let owner = owners[Int(columns.chunks[i])] else { continue }
          if owner.file != of {
            end()
            (of, postings) = (owner.file, [])
          }
          postings.append((Int(columns.chunks[i]) - owner.first, columns.codes[i]))
        }
        end()
      }
    }
    try connection.run("CLOSE lists", isPrepared: false)
  }

  // MARK: Optimising

  /// Fewer chunks are scanned faster than a graph of them is searched.
  private static let leastChunksOfGraph = 20_000

  package func optimise(_ collection: StoreCollection) throws(Failure) {
    try check()
    try optimisingAlone(collection) { () throws(Failure) in try optimiseTables(of: collection) }
  }

  private func optimiseTables(of collection: StoreCollection) throws(Failure) {
    let tables = PostgresTables(collection.key)
    try joinPostings(tables)
    for table in [tables.file, tables.chunk, tables.posting] {
      try connection.run("VACUUM (ANALYZE) \(table)", isPrepared: false)
    }
    guard let current = try self.collection(named: collection.name),
      current.chunkCount >= Self.leastChunksOfGraph, current.identity.model.dimensions <= 4000
    else { return }
    // One that was left half-made is of no use.
    let known = try connection.run(
      "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", [.text("cairn." + tables.vectorIndex)])
    if known.rowCount == 1 {
      if known.boolean(0, 0) { return }
      try connection.run("DROP INDEX cairn.\(tables.vectorIndex)", isPrepared: false)
    }
    let patience = connection.patience
    connection.patience = .seconds(24 * 3600)
    defer { connection.patience = patience }
    try connection.run("SET maintenance_work_mem = '512MB'", isPrepared: false)
    try connection.run(
      """
      CREATE INDEX CONCURRENTLY \(tables.vectorIndex) ON \(tables.chunk) USING hnsw (vector halfvec_ip_ops)
      WITH (m = 16, ef_construction = 64)
      """, isPrepared: false)
  }

  /// Joins the lists of terms that many writes brought, and leaves out the chunks that are gone: some thousand terms in
  /// a transaction, beside which others write and search.
  private func joinPostings(_ tables: PostgresTables) throws(Failure) {
    let gone = try connection.run("SELECT first_chunk, chunk_count FROM \(tables.dead)")
    var dead: BitSet?
    if gone.rowCount > 0 {
      let end = (0..<gone.rowCount).map { gone.int($0, 0) + gone.int($0, 1) }.max() ?? 0
      var set = BitSet(capacity: end)
      for row in 0..<gone.rowCount {
        for chunk in gone.int(row, 0)..<gone.int(row, 0) + gone.int(row, 1) { set.insert(chunk) }
      }
      dead = set
    }
    var after: [UInt8]?
    while true {
      let terms = try connection.run(
        """
        SELECT term FROM \(tables.posting) WHERE $1::bytea IS NULL OR term > $1
        GROUP BY term HAVING count(*) > 2 OR $2 ORDER BY term LIMIT 5000
        """, [after.map { .bytes($0) } ?? .null, .boolean(dead != nil)], isPrepared: false)
      if terms.rowCount == 0 { break }
      let wanted = (0..<terms.rowCount).map { terms.bytes($0, 0) }
      try connection.transaction { () throws(Failure) in try join(wanted, without: dead, tables) }
      after = wanted.last
    }
    for row in 0..<gone.rowCount {
      try connection.run("DELETE FROM \(tables.dead) WHERE first_chunk = $1", [.int4(Int32(gone.int(row, 0)))])
    }
  }

  private func join(_ terms: [[UInt8]], without dead: BitSet?, _ tables: PostgresTables) throws(Failure) {
    // A writer that comes meanwhile brings lists of its own, which this does not see.
    let rows = try connection.run(
      """
      WITH taken AS (DELETE FROM \(tables.posting) WHERE term = ANY($1) RETURNING field, term, first_chunk, runs)
      SELECT field, term, runs FROM taken ORDER BY term, field, first_chunk
      """, [.byteStrings(terms)])
    var row = 0
    try connection.copyIn(
      "COPY \(tables.posting) (field, term, first_chunk, count, runs) FROM STDIN (FORMAT binary)"
    ) { out throws(Failure) in
      guard row < rows.rowCount else { return false }
      let (field, term) = (rows.int(row, 0), rows.bytes(row, 1))
      var bytes: [UInt8] = []
      while row < rows.rowCount, rows.int(row, 0) == field, rows.bytes(row, 1) == term {
        bytes += rows.bytes(row, 2)
        row += 1
      }
      let columns = try PostingColumns(bytes, without: dead)
      if columns.count == 0 { return true }
      var run = PostingRuns()
      for i in columns.chunks.indices {
        run.append(chunk: columns.chunks[i], code: columns.codes[i], lengthCode: columns.lengthCodes[i])
      }
      out.add(
        .int2(Int16(field)), .bytes(term), .int4(Int32(bitPattern: run.firstChunk)), .int4(Int32(run.count)),
        .bytes(run.bytes))
      return true
    }
  }
}
