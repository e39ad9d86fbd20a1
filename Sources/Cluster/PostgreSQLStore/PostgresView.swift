import Embedding
import Inspection
import PostgreSQL
import Primitives
import Segments

/// One state of a collection: a transaction that sees nothing of later writes, open for as long as the view lives.
/// Posting lists of terms are read once and kept.
final class PostgresView: StoreView {
  private let store: PostgresStore
  private let connection: PostgresConnection
  private let collection: StoreCollection
  private let tables: PostgresTables
  let chunkCount: Int
  let totalLength: Int
  let gaps: [CollectionGap]
  /// One more than the largest number of a chunk.
  private let chunkEnd: Int
  private let dead: BitSet?
  private var lists: [Term: PostingColumns] = [:]
  private let generation: Int64

  /// Beyond so many chunks that pass a filter the graph is searched with the filter, below them exactly.
  private static let exactLimit = 20_000
  /// How many nodes of the graph are kept in a search of it: pgvector's largest.
  private static let searchWidth = 1000

  init(_ store: PostgresStore, _ collection: StoreCollection) throws(Failure) {
    self.store = store
    connection = store.connection
    tables = PostgresTables(collection.key)
    let results = try connection.pipeline([
      .init(PostgresConnection.Transaction.snapshot.rawValue, isPrepared: false),
      .init(
        """
        SELECT generation, chunk_count, total_length, next_chunk, file_count, is_unfinished,
          EXISTS (SELECT 1 FROM cairn.task WHERE collection = $1 AND state IN (0, 1)),
          EXISTS (SELECT 1 FROM cairn.task WHERE collection = $1 AND state = 3)
        FROM cairn.collection WHERE key = $1
        """, [.int4(Int32(collection.key))]),
      .init("SELECT first_chunk, chunk_count FROM \(tables.dead)"),
      .init("SET LOCAL hnsw.iterative_scan = relaxed_order", isPrepared: false),
    ])
    guard results.count == 4, results[1].rowCount == 1 else {
      _ = try? connection.run("ROLLBACK", isPrepared: false)
      throw Failure(.notFound, "the collection \(collection.name) is not in the store any more")
    }
    let row = results[1]
    generation = row.integer(0, 0)
    chunkCount = row.int(0, 1)
    totalLength = row.int(0, 2)
    chunkEnd = max(0, row.int(0, 3))
    gaps = [(5, CollectionGap.push), (6, .openTasks), (7, .deadTasks)].filter { row.boolean(0, $0.0) }.map(\.1)
    var collection = collection
    (collection.generation, collection.chunkCount, collection.fileCount) = (generation, chunkCount, row.int(0, 4))
    self.collection = collection
    if results[2].rowCount == 0 {
      dead = nil
    } else {
      var dead = BitSet(capacity: chunkEnd)
      for i in 0..<results[2].rowCount {
        let first = results[2].int(i, 0)
        for chunk in first..<first + results[2].int(i, 1) where chunk >= 0 && chunk < chunkEnd { dead.insert(chunk) }
      }
      self.dead = dead
    }
  }

  deinit {
    // A cancelled search still has to end its transaction.
    connection.context = SearchContext()
    _ = try? connection.run("COMMIT", isPrepared: false)
  }

  func fileEntries() throws(Failure) -> [StoreFileEntry] { try store.files(of: collection, connection.context) }

  // MARK: Terms

  func documentFrequencies(of terms: [Term]) throws(Failure) -> [Int] {
    try fetch(terms)
    return terms.map { lists[$0]?.count ?? 0 }
  }

  func terms(withPrefix prefix: [UInt8], field: Term.Field, limit: Int) throws(Failure) -> [Term] {
    var end = prefix
    while let last = end.popLast() { if last < 0xFF { end.append(last + 1); break } }
    let rows = try connection.run(
      """
      SELECT DISTINCT term FROM \(tables.posting)
      WHERE field = $1 AND term >= $2 AND (term < $3 OR $3 = ''::bytea) ORDER BY term LIMIT $4
      """, [.int2(Int16(field.rawValue)), .bytes(prefix), .bytes(end), .int8(Int64(limit))])
    return (0..<rows.rowCount).map { Term(field: field, bytes: rows.bytes($0, 0)) }
  }

  /// Reads the lists of those that are not known yet, all in one query.
  private func fetch(_ terms: [Term]) throws(Failure) {
    var wanted: [Term] = []
    for term in terms where lists[term] == nil {
      lists[term] = PostingColumns()
      wanted.append(term)
    }
    if wanted.isEmpty { return }
    let rows = try connection.run(
      """
      SELECT wanted.number, posting.runs
      FROM unnest($1::bytea[], $2::int4[]) WITH ORDINALITY AS wanted(term, field, number)
      JOIN \(tables.posting) AS posting ON posting.term = wanted.term AND posting.field = wanted.field
      ORDER BY wanted.number, posting.first_chunk
      """, [.byteStrings(wanted.map(\.bytes)), .int4s(wanted.map { Int32($0.field.rawValue) })])
    var row = 0
    while row < rows.rowCount {
      let number = rows.int(row, 0)
      var runs: [UInt8] = []
      while row < rows.rowCount, rows.int(row, 0) == number {
        runs += rows.bytes(row, 1)
        row += 1
      }
      lists[wanted[number - 1]] = try PostingColumns(runs, without: dead)
    }
  }

  // MARK: Candidates

  func candidates(_ requests: [CandidateRequest]) throws(Failure) -> [[StoreChunkID]] {
    var terms: [Term] = []
    for request in requests {
      switch request {
      case .terms(let query, _, _, let filter): terms += query.clauses.map(\.term) + filter.holding.joined()
      case .holdingAll(let all, _, let filter): terms += all + filter.holding.joined()
      case .vector(_, _, let filter): terms += filter.holding.joined()
      case .files: break
      }
    }
    try fetch(terms)
    var found: [[StoreChunkID]] = []
    for request in requests {
      switch request {
      case .terms(let query, let frequencies, let limit, let filter):
        found.append(try best(query, frequencies, limit, filter))
      case .holdingAll(let terms, let limit, let filter):
        found.append(try chunksWithAll(terms, limit, filter))
      case .vector(let vector, let limit, let filter): found.append(try nearest(vector, limit, filter))
      case .files(let files):
        let rows = try connection.run(
          "SELECT first_chunk, chunk_count FROM \(tables.file) WHERE id = ANY($1::int4[])", [.int8s(files)])
        found.append(
          (0..<rows.rowCount).flatMap { row in
            rows.integer(row, 0)..<rows.integer(row, 0) + rows.integer(row, 1)
          })
      }
    }
    return found
  }

  private func best(
    _ query: LexicalQuery, _ frequencies: [Int], _ limit: Int, _ filter: StoreFilter
  ) throws(Failure) -> [StoreChunkID] {
    let eligible = try eligible(filter)
    let statistics = CollectionStatistics(
      chunkCount: chunkCount, totalLength: totalLength, documentFrequencies: frequencies)
    let best = query.best(
      of: query.clauses.map { lists[$0.term] }, statistics: statistics, eligible: eligible, chunkEnd: chunkEnd,
      limit: filter.kinds == nil ? limit : 16 * limit)
    return try passing(filter.kinds, best.map { StoreChunkID($0.chunk) }, limit)
  }

  private func chunksWithAll(_ terms: [Term], _ limit: Int, _ filter: StoreFilter) throws(Failure) -> [StoreChunkID] {
    // From the rarest on.
    let held = terms.compactMap { lists[$0] }.sorted { $0.count < $1.count }
    guard held.count == terms.count, let first = held.first else { return [] }
    let eligible = try eligible(filter)
    var chunks = first.chunks
    if let eligible { chunks = chunks.filter { eligible.contains(Int($0)) } }
    for list in held.dropFirst() { chunks = chunks.filter { list.code(of: $0) != nil } }
    return try passing(filter.kinds, chunks.prefix(16 * limit).map { StoreChunkID($0) }, limit)
  }

  /// The first `limit` of `chunks` whose symbols are of `kinds`.
  private func passing(
    _ kinds: SymbolKindFilter?, _ chunks: [StoreChunkID], _ limit: Int
  ) throws(Failure) -> [StoreChunkID] {
    guard let kinds else { return Array(chunks.prefix(limit)) }
    let rows = try connection.run(
      """
      SELECT id FROM unnest($1::int8[]) WITH ORDINALITY AS wanted(id, number) JOIN \(tables.chunk) USING (id)
      WHERE \(Self.kindCondition(2)) ORDER BY number LIMIT $4
      """, [.int8s(chunks)] + Self.parameters(of: kinds) + [.int8(Int64(limit))])
    return (0..<rows.rowCount).map { rows.integer($0, 0) }
  }

  /// `SymbolKindFilter.passes`, of two parameters.
  private static func kindCondition(_ first: Int) -> String {
    let (wanted, excluded) = ("$\(first)", "$\(first + 1)")
    return "(\(wanted)::int4 = 0 OR kinds & \(wanted) <> 0) "
      + "AND (\(excluded)::int4 = 0 OR kinds = 0 OR kinds & ~\(excluded) <> 0)"
  }
  private static func parameters(of kinds: SymbolKindFilter?) -> [PostgresValue] {
    [.int4(Int32(truncatingIfNeeded: kinds?.wanted ?? 0)), .int4(Int32(truncatingIfNeeded: kinds?.excluded ?? 0))]
  }

  /// The chunks that pass a filter on files and words; nil for all.
  private func eligible(_ filter: StoreFilter) throws(Failure) -> BitSet? {
    var eligible: BitSet?
    if let files = filter.files {
      let rows = try connection.run(
        "SELECT first_chunk, chunk_count FROM \(tables.file) WHERE id = ANY($1::int8[])", [.int8s(files)],
        isPrepared: false)
      var passing = BitSet(capacity: chunkEnd)
      for row in 0..<rows.rowCount {
        let first = rows.int(row, 0)
        for chunk in first..<first + rows.int(row, 1) where chunk < chunkEnd { passing.insert(chunk) }
      }
      eligible = passing
    }
    for terms in filter.holding {
      var holding = BitSet(capacity: chunkEnd)
      for term in terms { lists[term]?.formUnion(into: &holding) }
      eligible =
        eligible.map {
          var both = $0; both.formIntersection(holding); return both
        } ?? holding
    }
    return eligible
  }

  private func nearest(_ vector: [Float], _ limit: Int, _ filter: StoreFilter) throws(Failure) -> [StoreChunkID] {
    guard vector.contains(where: { $0 != 0 }) else { return [] }
    let eligible = try eligible(filter)
    let wanted = PostgresValue.raw(HalfVector.encode(vector))
    let rows: PostgresResult
    if let eligible, eligible.count <= Self.exactLimit {
      rows = try connection.run(
        """
        SELECT id FROM \(tables.chunk) WHERE id = ANY($1::int4[]) AND \(Self.kindCondition(3))
        ORDER BY vector <#> $2::halfvec LIMIT $5
        """,
        [.int4s(eligible.members.map { Int32($0) }), wanted] + Self.parameters(of: filter.kinds)
          + [.int8(Int64(limit))], isPrepared: false)
    } else {
      // What the filter lets pass is searched for among several times as many: most of them pass, or the scan goes on.
      let count = eligible == nil ? limit : 8 * limit
      let results = try connection.pipeline([
        .init("SET LOCAL hnsw.ef_search = \(min(Self.searchWidth, max(2 * limit, 100)))", isPrepared: false),
        .init(
          """
          SELECT id FROM \(tables.chunk) WHERE \(Self.kindCondition(2)) ORDER BY vector <#> $1::halfvec LIMIT $4
          """, [wanted] + Self.parameters(of: filter.kinds) + [.int8(Int64(count))], isPrepared: false),
      ])
      rows = results[1]
    }
    let found = (0..<rows.rowCount).map { rows.integer($0, 0) }
    guard let eligible else { return found }
    return Array(found.lazy.filter { eligible.contains(Int($0)) }.prefix(limit))
  }

  // MARK: Records

  func records(of chunks: [StoreChunkID], terms: [Term]) throws(Failure) -> [StoreRecord] {
    try fetch(terms)
    let rows = try connection.run(
      """
      SELECT chunk.id, chunk.hash, chunk.length_code, chunk.record, chunk.planes,
        file.id, file.path, file.language, file.kind, file.hash, file.chunk_count
      FROM \(tables.chunk) AS chunk JOIN \(tables.file) AS file ON file.id = chunk.file
      WHERE chunk.id = ANY($1::int4[]) ORDER BY chunk.id
      """, [.int4s(chunks.map { Int32(truncatingIfNeeded: $0) })])
    let known = Set(terms).compactMap { term in lists[term].map { (term, $0) } }
    var records: [StoreRecord] = []
    records.reserveCapacity(rows.rowCount)
    // Of the files there are fewer than chunks.
    var files: [StoreFileID: StoreFileEntry] = [:]
    for row in 0..<rows.rowCount {
      let id = rows.integer(row, 0)
      guard
        let vector = QuantisedVector(
          planes: rows.bytes(row, 4), dimensions: collection.identity.model.dimensions)
      else { throw Failure(.damaged, "a vector of the collection \(collection.name) is not what was written") }
      var chunk = StoreChunk(
        chunk: try ChunkCoding.decode(rows.bytes(row, 3)),
        contentHash: .init(bits: UInt32(bitPattern: Int32(truncatingIfNeeded: rows.integer(row, 1)))),
        lengthCode: UInt8(clamping: rows.int(row, 2)), vector: vector)
      for (term, list) in known {
        if let code = list.code(of: UInt32(truncatingIfNeeded: id)) {
          chunk.postings.append(StoreChunk.Posting(term: term, code: code))
        }
      }
      let file = rows.integer(row, 5)
      let entry = files[file] ?? PostgresStore.entry(rows, row, from: 5)
      files[file] = entry
      records.append(StoreRecord(id: id, file: entry, chunk: chunk))
    }
    return records
  }

  func records(
    ofFiles files: [StoreFileID], without known: Set<StoreChunkID>, terms: [Term]
  ) throws(Failure) -> [StoreRecord] {
    // By numbers, for which the server has an index: it would join ranges by reading all chunks.
    let rows = try connection.run(
      "SELECT first_chunk, chunk_count FROM \(tables.file) WHERE id = ANY($1::int4[])",
      [.int4s(files.map { Int32(truncatingIfNeeded: $0) })])
    let chunks = (0..<rows.rowCount).flatMap { row in
      rows.integer(row, 0)..<rows.integer(row, 0) + rows.integer(row, 1)
    }
    return try records(of: chunks.filter { !known.contains($0) }.sorted(), terms: terms)
  }

  func text(of path: FilePath) throws(Failure) -> [UInt8]? {
    let rows = try connection.run("SELECT text FROM \(tables.file) WHERE path = $1", [.bytes(path.bytes)])
    return rows.rowCount == 1 && !rows.isNull(0, 0) ? rows.bytes(0, 0) : nil
  }
}
