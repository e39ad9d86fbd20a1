import Disk
package import Primitives
import SQLite
import Synchronization

/// Embeddings kept by the hash of their text and the model that made them, in one SQLite file that every run, branch
/// and repository of a user shares. For models that are slower than a look-up (transformers, endpoints); a look-up
/// takes about as long as the built-in model takes to embed.
///
/// A cache never fails a run: whatever goes wrong with the file is one note, after which texts are embedded as if there
/// were none. A damaged file is put aside and created anew; a full disk ends the writing, not the reading. Any number
/// of processes and threads may use one file; calls block. A killed process loses the vectors of the window that it was
/// writing, nothing else.
package final class EmbeddingCache: Sendable {
  package static let fileName = "embeddings.sqlite"

  /// What is known besides the connection.
  private struct Facts: Sendable {
    var mayWrite = true
    var notes: [Failure] = []
    var modelIDs: [ModelIdentity: Int64] = [:]
    /// Since they were last added to the file's.
    var hitCount = 0
    var missCount = 0
    /// Since this value was made.
    var allHitCount = 0
    var allMissCount = 0
  }
  private struct State {
    var connection: SQLiteConnection?
    var inode: UInt64?
    var isOpened = false
    var facts = Facts()
  }

  private let path: FilePath
  private let limits: EmbeddingCacheLimits
  private let pageLimit: Int?
  private let wallClock: @Sendable () -> Int64
  private let state = Mutex(State())

  /// Nothing is opened or made before the first use.
  ///
  /// - Parameters:
  ///   - pageLimit: a full disk, for tests: pages that the file may have.
  ///   - wallClock: nanoseconds since 1970.
  package init(
    path: FilePath, limits: EmbeddingCacheLimits, pageLimit: Int? = nil,
    wallClock: @escaping @Sendable () -> Int64 = { wallClockNanoseconds() }
  ) {
    self.path = path
    self.limits = limits
    self.pageLimit = pageLimit
    self.wallClock = wallClock
  }

  deinit { saveCounts() }

  /// Adds the hits and misses that no window has written yet to those in the file. At the end of a run: a process that
  /// ends releases nothing.
  package func saveCounts() {
    guard state.withLock({ $0.isOpened && $0.facts.mayWrite && $0.facts.hitCount + $0.facts.missCount > 0 }) else {
      return
    }
    _ = attempt { (connection, facts) throws(Failure) in
      let counted = facts
      try connection.transaction(writes: true) { () throws(Failure) in try Self.addCounts(counted, connection) }
      (facts.hitCount, facts.missCount) = (0, 0)
    }
  }

  /// What went wrong so far, each once.
  package var notes: [Failure] { state.withLock { $0.facts.notes } }

  /// The vectors that are there, in the order of `texts`. One transaction; about 10 microseconds a text.
  package func vectors(of texts: [ContentHash], model: ModelIdentity) -> [[Float]?] {
    let now = seconds
    let found: [[Float]?]?? = attempt { (connection, facts) throws(Failure) -> [[Float]?]? in
      guard let id = try self.modelID(model, connection, &facts, adds: false) else { return nil }
      var vectors: [[Float]?] = []
      vectors.reserveCapacity(texts.count)
      var touched: [Int64] = []
      try connection.transaction(writes: false) { () throws(Failure) in
        let query = try connection.statement("SELECT id, used, vector FROM embeddings WHERE text = ? AND model = ?")
        for text in texts {
          query.reset()
          query.bind(1, text.storedBytes)
          query.bind(2, id)
          guard try query.step(),
            let vector = CachedVector.decode(query.bytes(2), of: text, dimensions: model.dimensions),
            query.integer(1) > now - self.lifetime
          else {
            vectors.append(nil)
            continue
          }
          vectors.append(vector)
          // To the hour is fine enough, and spares a run that repeats another all writing.
          if query.integer(1) < now - 3600 { touched.append(query.integer(0)) }
        }
        query.reset()
      }
      if !touched.isEmpty, facts.mayWrite { try self.touch(touched, now, connection) }
      return vectors
    }
    let vectors = (found ?? nil) ?? Array(repeating: nil, count: texts.count)
    state.withLock { state in
      let hits = vectors.count { $0 != nil }
      state.facts.hitCount += hits
      state.facts.missCount += vectors.count - hits
      state.facts.allHitCount += hits
      state.facts.allMissCount += vectors.count - hits
    }
    return vectors
  }

  /// Keeps vectors, in one transaction, and evicts what is too old or too much.
  ///
  /// - Parameter vectors: as `CachedVector` encodes them, in the order of `texts`.
  func store(_ vectors: [[UInt8]], of texts: [ContentHash], model: ModelIdentity) {
    if texts.isEmpty { return }
    let now = seconds
    _ = attempt { (connection, facts) throws(Failure) in
      guard facts.mayWrite, let id = try self.modelID(model, connection, &facts, adds: true) else { return }
      try connection.transaction(writes: true) { () throws(Failure) in
        let insert = try connection.statement(
          "INSERT OR REPLACE INTO embeddings (text, model, used, vector) VALUES (?, ?, ?, ?)")
        for (text, vector) in zip(texts, vectors) {
          insert.bind(1, text.storedBytes)
          insert.bind(2, id)
          insert.bind(3, now)
          insert.bind(4, vector)
          try insert.run()
        }
        try Self.addCounts(facts, connection)
      }
      (facts.hitCount, facts.missCount) = (0, 0)
      try self.evict(connection, now: now)
    }
  }

  /// Texts that were found and that were not, since this value was made.
  package var counts: (hits: Int, misses: Int) {
    state.withLock { ($0.facts.allHitCount, $0.facts.allMissCount) }
  }

  /// What it holds and what it was good for; reads the keys of the whole file.
  package func statistics() -> CacheStatistics {
    var statistics = CacheStatistics(
      name: "embeddings", entryCount: 0, hitCount: 0, missCount: 0, byteCount: 0, byteLimit: limits.byteCount)
    // Asking makes no file.
    guard fileExists(path) else { return statistics }
    let held: CacheStatistics? = attempt { [statistics] (connection, facts) throws(Failure) in
      var held = statistics
      held.entryCount = Int(try connection.number("SELECT count(*) FROM embeddings") ?? 0)
      held.hitCount = Int(try connection.number("SELECT hits FROM counts") ?? 0) + facts.hitCount
      held.missCount = Int(try connection.number("SELECT misses FROM counts") ?? 0) + facts.missCount
      held.byteCount = try Self.byteCount(connection)
      return held
    }
    if let held { statistics = held }
    return statistics
  }

  /// Forgets everything: the file goes. Other processes that have it open go on with what they hold.
  package func clear() throws(Failure) {
    try state.withLock { (state) throws(Failure) in
      state = State()
      try Self.removeFiles(path)
    }
  }

  // MARK: Inside

  private var seconds: Int64 { wallClock() / 1_000_000_000 }
  /// Seconds; without a limit far more than anyone will wait.
  private var lifetime: Int64 { limits.days > 0 ? Int64(limits.days) * 86_400 : 1 << 40 }

  /// Runs `body` on the connection. Returns nil if there is none, or when `body` failed, which is noted.
  private func attempt<Value: Sendable>(
    _ body: (SQLiteConnection, inout Facts) throws(Failure) -> Value
  ) -> Value? {
    state.withLock { state in
      do throws(Failure) {
        guard let connection = try connection(&state) else { return nil }
        var facts = state.facts
        defer { state.facts = facts }
        return try body(connection, &facts)
      } catch {
        recover(from: error, &state)
        return nil
      }
    }
  }

  private func connection(_ state: inout State) throws(Failure) -> SQLiteConnection? {
    if state.isOpened { return state.connection }
    state.isOpened = true
    state.inode = try? FileStatus(of: path).inode
    state.connection = try Self.open(path, pageLimit: pageLimit)
    state.inode = try? FileStatus(of: path).inode
    return state.connection
  }

  private func recover(from failure: Failure, _ state: inout State) {
    var note = failure
    switch failure.code {
    case .damaged:
      let wasSetAside = state.facts.notes.contains { $0.code == .damaged }
      state.connection = nil
      state.facts.modelIDs = [:]
      // Once: a disk that damages every file is not worth a second one.
      if !wasSetAside, (try? Self.setAside(path, inode: state.inode)) != nil {
        state.isOpened = false
        note.message = "the cache of embeddings was damaged: it was put aside and a new one created"
      } else {
        note.message = "the cache of embeddings is damaged; this run goes without it"
      }
    case .diskFull:
      state.facts.mayWrite = false
      note.message = "the disk is full: what is embedded from now on is not kept for later runs"
    case .busy:
      // Another process is at work on it for long; the next window may find it free.
      note.message = "the cache of embeddings was busy: some texts were embedded again or not kept"
    default:
      state.connection = nil
      note.message = "the cache of embeddings cannot be used; this run goes without it"
    }
    if note.cause == nil || note.message != failure.message {
      note.cause = [failure.message, failure.cause].compactMap(\.self).joined(separator: ": ")
    }
    if !state.facts.notes.contains(where: { $0.code == note.code && $0.message == note.message }) {
      state.facts.notes.append(note)
    }
  }

  private func modelID(
    _ model: ModelIdentity, _ connection: SQLiteConnection, _ facts: inout Facts, adds: Bool
  ) throws(Failure) -> Int64? {
    if let known = facts.modelIDs[model] { return known }
    let values = { (statement: SQLiteStatement) in
      statement.bind(1, model.name)
      statement.bind(2, model.contentHash.storedBytes)
      statement.bind(3, model.dimensions)
    }
    if adds {
      let insert = try connection.statement("INSERT OR IGNORE INTO models (name, hash, dimensions) VALUES (?, ?, ?)")
      values(insert)
      try insert.run()
    }
    let query = try connection.statement("SELECT id FROM models WHERE name = ? AND hash = ? AND dimensions = ?")
    defer { query.reset() }
    values(query)
    guard try query.step() else { return nil }
    facts.modelIDs[model] = query.integer(0)
    return query.integer(0)
  }

  private func touch(_ ids: [Int64], _ now: Int64, _ connection: SQLiteConnection) throws(Failure) {
    try connection.transaction(writes: true) { () throws(Failure) in
      let update = try connection.statement("UPDATE embeddings SET used = ? WHERE id = ?")
      for id in ids {
        update.bind(1, now)
        update.bind(2, id)
        try update.run()
      }
    }
  }

  /// Each turn is a transaction of its own, so that the log stays small however much must go.
  private func evict(_ connection: SQLiteConnection, now: Int64) throws(Failure) {
    while let oldest = try connection.number("SELECT used FROM embeddings ORDER BY used LIMIT 1") {
      let isTooOld = oldest <= now - lifetime
      let excess = isTooOld ? 0 : try Self.byteCount(connection) - limits.byteCount
      guard isTooOld || excess > 0 else { break }
      let delete = try connection.statement(
        """
        DELETE FROM embeddings WHERE id IN
        (SELECT id FROM embeddings WHERE used <= ? ORDER BY used, id LIMIT ?)
        """)
      delete.bind(1, isTooOld ? now - lifetime : .max)
      // About a kilobyte each; not many more than must go.
      delete.bind(2, isTooOld ? 256 : max(1, min(256, excess / 1024)))
      try delete.run()
    }
    // A few free pages are filled by the next window; many, after the limit was lowered, are given back.
    let free = try connection.number("PRAGMA freelist_count") ?? 0
    let pages = try connection.number("PRAGMA page_count") ?? 0
    if free * 4 > pages { try connection.execute("PRAGMA incremental_vacuum") }
  }

  /// Bytes of the pages that hold something.
  private static func byteCount(_ connection: SQLiteConnection) throws(Failure) -> Int {
    let pages = try connection.number("PRAGMA page_count") ?? 0
    let free = try connection.number("PRAGMA freelist_count") ?? 0
    return Int((pages - free) * (try connection.number("PRAGMA page_size") ?? 0))
  }

  private static func addCounts(_ facts: Facts, _ connection: SQLiteConnection) throws(Failure) {
    let add = try connection.statement("UPDATE counts SET hits = hits + ?, misses = misses + ?")
    add.bind(1, facts.hitCount)
    add.bind(2, facts.missCount)
    try add.run()
  }
}

extension ContentHash {
  /// 16 bytes, most significant first.
  fileprivate var storedBytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } }
  }
}
