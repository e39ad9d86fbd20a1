import Chunking
import Disk
import Inspection
import PostgreSQL
package import Primitives
import Segments

extension PostgresStore {
  package func write(_ files: [StoreFile], to collection: StoreCollection) throws(Failure) {
    try write(files, removing: [], to: collection) { () throws(Failure) in }
  }

  /// The same that also removes the files at `removed`, and has `body` in the transaction, which is rolled back where
  /// that throws: what a task's completion is part of. Tried again where another program writes the same files.
  package func write(
    _ files: [StoreFile], removing removed: [FilePath], to collection: StoreCollection,
    with body: () throws(Failure) -> Void
  ) throws(Failure) {
    try check()
    for attempt in 0... {
      do throws(Failure) { return try writeOnce(files, removing: removed, to: collection, with: body) } catch {
        // 23505: a file or a list of the same number is there. 40: a deadlock.
        guard error.postgresState == "23505" || error.postgresState?.hasPrefix("40") == true else { throw error }
        if attempt == Self.writeAttempts {
          throw Failure(
            .storeBusy,
            "other programs write the same files of the collection \(collection.name) again and again: try again when "
              + "they have ended", cause: error.message)
        }
        pause(milliseconds: UInt32.random(in: 1...50) << UInt32(attempt))
        try context.check()
      }
    }
  }
  private static let writeAttempts = 6

  private func writeOnce(
    _ files: [StoreFile], removing removed: [FilePath], to collection: StoreCollection,
    with body: () throws(Failure) -> Void
  ) throws(Failure) {
    // In one order everywhere, so that two writers wait for each other and never both.
    let files = files.sorted { $0.path < $1.path }
    let tables = PostgresTables(collection.key)
    let changed = try filesThatDiffer(files, tables)
    let paths = (changed.map(\.path) + removed).sorted()
    if paths.isEmpty { return try connection.transaction { () throws(Failure) in try body() } }
    let chunkCount = changed.reduce(0) { $0 + $1.chunks.count }
    let (firstFile, firstChunk) = try numbers(files: changed.count, chunks: chunkCount, collection)
    try connection.transaction { () throws(Failure) in
      let gone = try removeFiles(paths, tables)
      try copyFiles(changed, firstFile, firstChunk, tables)
      let length = try copyChunks(changed, firstFile, firstChunk, tables)
      try copyPostings(changed, firstChunk, tables)
      try body()
      if changed.isEmpty, gone.files == 0 { return }
      // Last, since it keeps other writers from ending their transactions until this one ends.
      try count(
        collection, files: changed.count - gone.files, chunks: chunkCount - gone.chunks, length: length - gone.length)
    }
  }

  // MARK: Pushes

  /// Of advisory locks, the second number of which is the collection's key.
  private enum LockKind: Int32 {
    case push = 0x6361_6972
    case optimising
  }

  private func lock(_ kind: LockKind, _ collection: StoreCollection) throws(Failure) -> Bool {
    try connection.run(
      "SELECT pg_try_advisory_lock($1, $2)", [.int4(kind.rawValue), .int4(Int32(collection.key))]
    ).boolean(0, 0)
  }

  private func unlock(_ kind: LockKind, _ collection: StoreCollection) throws(Failure) {
    try connection.run("SELECT pg_advisory_unlock($1, $2)", [.int4(kind.rawValue), .int4(Int32(collection.key))])
  }

  /// The lock is the connection's, and ends with it.
  package func beginPush(into collection: StoreCollection) throws(Failure) -> Bool {
    try check()
    guard try lock(.push, collection) else { return false }
    try mark(collection, isUnfinished: true)
    return true
  }

  package func endPush(into collection: StoreCollection, isWhole: Bool) throws(Failure) {
    if isWhole { try mark(collection, isUnfinished: false) }
    try unlock(.push, collection)
  }

  private func mark(_ collection: StoreCollection, isUnfinished: Bool) throws(Failure) {
    try connection.run(
      "UPDATE cairn.collection SET is_unfinished = $2 WHERE key = $1 AND is_unfinished <> $2",
      [.int4(Int32(collection.key)), .boolean(isUnfinished)])
  }

  /// Runs `body` unless somebody else is optimising the collection: two would undo what the other has half made.
  func optimisingAlone(_ collection: StoreCollection, _ body: () throws(Failure) -> Void) throws(Failure) {
    guard try lock(.optimising, collection) else { return }
    do throws(Failure) { try body() } catch {
      context = SearchContext()
      try? unlock(.optimising, collection)
      throw error
    }
    try unlock(.optimising, collection)
  }

  package func remove(_ paths: [FilePath], from collection: StoreCollection) throws(Failure) {
    try check()
    if paths.isEmpty { return }
    let tables = PostgresTables(collection.key)
    try connection.transaction { () throws(Failure) in
      let gone = try removeFiles(paths.sorted(), tables)
      if gone.files > 0 { try count(collection, files: -gone.files, chunks: -gone.chunks, length: -gone.length) }
    }
  }

  /// Those of which the collection has not the same already, each path once.
  private func filesThatDiffer(_ files: [StoreFile], _ tables: PostgresTables) throws(Failure) -> [StoreFile] {
    let rows = try connection.run(
      "SELECT path, hash, language, kind, text IS NOT NULL FROM \(tables.file) WHERE path = ANY($1)",
      [.byteStrings(files.map(\.path.bytes))])
    var known: [FilePath: (ContentHash, String, Int, Bool)] = [:]
    for row in 0..<rows.rowCount {
      known[FilePath(bytes: rows.bytes(row, 0))] = (
        ContentHash(storedBytes: rows.bytes(row, 1)), rows.text(row, 2), rows.int(row, 3), rows.boolean(row, 4)
      )
    }
    var changed: [StoreFile] = []
    for file in files where changed.last?.path != file.path {
      if let (hash, language, kind, hasText) = known[file.path], hash == file.contentHash,
        language == file.language.name, kind == Int(file.language.kind.rawValue), hasText || file.text == nil
      {
        continue
      }
      changed.append(file)
    }
    return changed
  }

  /// Numbers for so many files and chunks, which nobody else gets. By itself, so that nobody waits for a transaction.
  private func numbers(
    files: Int, chunks: Int, _ collection: StoreCollection
  ) throws(Failure) -> (file: Int, chunk: Int) {
    let rows = try connection.run(
      """
      UPDATE cairn.collection SET next_file = next_file + $2, next_chunk = next_chunk + $3 WHERE key = $1
      RETURNING next_file - $2, next_chunk - $3
      """, [.int4(Int32(collection.key)), .int4(Int32(files)), .int4(Int32(chunks))])
    guard rows.rowCount == 1 else {
      throw Failure(.notFound, "the collection \(collection.name) is not in the store any more")
    }
    return (rows.int(0, 0), rows.int(0, 1))
  }

  private func removeFiles(
    _ paths: [FilePath], _ tables: PostgresTables
  ) throws(Failure) -> (files: Int, chunks: Int, length: Int) {
    let rows = try connection.run(
      """
      WITH gone AS (DELETE FROM \(tables.file) WHERE path = ANY($1) RETURNING first_chunk, chunk_count),
      dead AS (INSERT INTO \(tables.dead) SELECT first_chunk, chunk_count FROM gone WHERE chunk_count > 0),
      chunks AS (
        DELETE FROM \(tables.chunk) AS chunk USING gone
        WHERE chunk.id >= gone.first_chunk AND chunk.id < gone.first_chunk + gone.chunk_count
        RETURNING length_code)
      SELECT NULL::int2, count(*)::bigint FROM gone
      UNION ALL SELECT length_code, count(*)::bigint FROM chunks GROUP BY length_code
      """, [.byteStrings(paths.map(\.bytes))])
    var gone = (files: 0, chunks: 0, length: 0)
    for row in 0..<rows.rowCount {
      if rows.isNull(row, 0) {
        gone.files = rows.int(row, 1)
      } else {
        gone.chunks += rows.int(row, 1)
        gone.length += rows.int(row, 1) * LengthCode.length(of: UInt8(clamping: rows.int(row, 0)))
      }
    }
    return gone
  }

  private func copyFiles(
    _ files: [StoreFile], _ firstFile: Int, _ firstChunk: Int, _ tables: PostgresTables
  ) throws(Failure) {
    var number = 0
    var chunk = firstChunk
    try connection.copyIn(
      "COPY \(tables.file) (id, path, language, kind, hash, first_chunk, chunk_count, text) FROM STDIN (FORMAT binary)"
    ) { rows throws(Failure) in
      if number == files.count { return false }
      let file = files[number]
      rows.add(
        .int4(Int32(firstFile + number)), .bytes(file.path.bytes), .text(file.language.name),
        .int2(Int16(file.language.kind.rawValue)), .bytes(file.contentHash.storedBytes), .int4(Int32(chunk)),
        .int4(Int32(file.chunks.count)), file.text.map { .bytes($0) } ?? .null)
      chunk += file.chunks.count
      number += 1
      return true
    }
  }

  /// Returns the sum of the chunks' lengths.
  private func copyChunks(
    _ files: [StoreFile], _ firstFile: Int, _ firstChunk: Int, _ tables: PostgresTables
  ) throws(Failure) -> Int {
    var number = 0
    var chunk = firstChunk
    var length = 0
    try connection.copyIn(
      """
      COPY \(tables.chunk) (id, file, hash, length_code, kinds, record, planes, vector) FROM STDIN (FORMAT binary)
      """
    ) { rows throws(Failure) in
      if number == files.count { return false }
      for found in files[number].chunks {
        let kinds = SymbolKindFilter.bits(of: found.chunk.symbols.lazy.map(\.kind))
        rows.add(
          .int4(Int32(chunk)), .int4(Int32(firstFile + number)), .int4(Int32(bitPattern: found.contentHash.bits)),
          .int2(Int16(found.lengthCode)), .int4(Int32(truncatingIfNeeded: kinds)),
          .bytes(ChunkCoding.encode(found.chunk)), .bytes(found.vector.planes),
          .raw(HalfVector.encode(found.vector.unit)))
        length += LengthCode.length(of: found.lengthCode)
        chunk += 1
      }
      number += 1
      return true
    }
    return length
  }

  private func copyPostings(
    _ files: [StoreFile], _ firstChunk: Int, _ tables: PostgresTables
  ) throws(Failure) {
    var runs: [Term: PostingRuns] = [:]
    var first = firstChunk
    for file in files {
      file.terms.forEachTerm { bytes, field, postings in
        let term = Term(field: field, bytes: bytes.indices.map { bytes[$0] })
        for posting in postings {
          runs[term, default: PostingRuns()].append(
            chunk: UInt32(first + posting.chunk), code: posting.code,
            lengthCode: file.chunks[posting.chunk].lengthCode)
        }
      }
      first += file.chunks.count
    }
    var sorted = runs.keys.sorted()[...]
    try connection.copyIn(
      "COPY \(tables.posting) (field, term, first_chunk, count, runs) FROM STDIN (FORMAT binary)"
    ) { rows throws(Failure) in
      guard let term = sorted.popFirst(), let run = runs[term] else { return false }
      rows.add(
        .int2(Int16(term.field.rawValue)), .bytes(term.bytes), .int4(Int32(bitPattern: run.firstChunk)),
        .int4(Int32(run.count)), .bytes(run.bytes))
      return true
    }
  }

  private func count(
    _ collection: StoreCollection, files: Int, chunks: Int, length: Int
  ) throws(Failure) {
    try connection.run(
      """
      UPDATE cairn.collection SET generation = generation + 1, file_count = file_count + $2,
        chunk_count = chunk_count + $3, total_length = total_length + $4 WHERE key = $1
      """, [.int4(Int32(collection.key)), .int8(Int64(files)), .int8(Int64(chunks)), .int8(Int64(length))])
  }
}

/// pgvector's `halfvec` in its binary form: the count of dimensions and two bytes that mean nothing, then each number
/// in 16 bits, all big-endian.
enum HalfVector {
  static func encode(_ vector: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 + 2 * vector.count)
    bytes.appendBigEndian(UInt16(clamping: vector.count))
    bytes.appendBigEndian(UInt16(0))
    for component in vector { bytes.appendBigEndian(bits(component)) }
    return bytes
  }

  /// The nearest half, of numbers from -1 to 1; others are cut to that.
  static func bits(_ component: Float) -> UInt16 {
    Float16(component.isFinite ? max(-1, min(1, component)) : 0).bitPattern
  }
}
