import Corpus
package import PostgreSQL
package import Primitives

/// The tasks of all collections, in the database beside them (`cairn.task`).
///
/// A worker claims some by `FOR UPDATE SKIP LOCKED`, so that no two wait for each other; a claim is a lease with a
/// token and an end, which heartbeats move. The results of a task and its completion are one transaction, which the
/// token guards: who has lost the lease changes nothing. So a task has effect exactly once, whatever dies when. One
/// that fails is tried again later, each time after twice as long; after `attemptLimit` times it is dead, with the
/// reason.
package struct TaskQueue {
  package let connection: PostgresConnection

  /// A task that was started so often is not tried again.
  package static let attemptLimit = 4
  /// How long a claim lasts without a heartbeat.
  package static let leaseSeconds = 60
  /// The channel on which new tasks are told of.
  package static let channel = "cairn_task"

  package init(_ store: PostgresStore) { connection = store.connection }

  // `cairn.task.state` in the statements: 0 ready, 1 leased, 2 done, 3 dead.

  // MARK: Filling

  /// Adds tasks, by COPY.
  package func add(_ tasks: [ClusterTask], to collection: StoreCollection) throws(Failure) {
    var number = 0
    try connection.copyIn(
      """
      COPY cairn.task (collection, root, address, revision, paths, hashes, flags, needs, priority)
      FROM STDIN (FORMAT binary)
      """
    ) { rows throws(Failure) in
      if number == tasks.count { return false }
      let task = tasks[number]
      rows.add(
        .int4(Int32(collection.key)), .bytes(task.root.bytes),
        task.address.map { .text($0) } ?? .null, task.revision.map { .text($0) } ?? .null,
        .byteStrings(task.files.map(\.path.bytes)), .byteStrings(task.files.map(\.contentHash.storedBytes)),
        .int4s(task.files.map { ($0.includesSecrets ? 1 : 0) | ($0.includesGenerated ? 2 : 0) }), .text(task.model),
        .int2(Int16(clamping: task.priority)))
      number += 1
      return true
    }
    // The planner knows nothing of so many new rows otherwise, and claims would read the table.
    if tasks.count >= Self.analysedCount { try connection.run("ANALYZE cairn.task", isPrepared: false) }
    try connection.run("SELECT pg_notify('\(Self.channel)', '')", isPrepared: false)
  }
  private static let analysedCount = 1000

  // MARK: Working

  /// Makes a worker known; gives its number.
  package func register(name: String, model: String) throws(Failure) -> Int64 {
    try connection.run(
      "INSERT INTO cairn.worker (name, model) VALUES ($1, $2) RETURNING id", [.text(name), .text(model)]
    ).integer(0, 0)
  }

  /// A worker that ends gives back what it has not done, and is forgotten.
  package func deregister(_ worker: Int64) throws(Failure) {
    try connection.run(
      """
      WITH given_back AS (
        UPDATE cairn.task SET state = 0, attempts = attempts - 1, lease = NULL, worker = NULL, lease_until = NULL
        WHERE worker = $1 AND state = 1)
      DELETE FROM cairn.worker WHERE id = $1
      """, [.int8(worker)])
  }

  /// Claims at most `limit` tasks that need `model`, the most urgent first.
  ///
  /// - Parameters:
  ///   - collection: of which they are; nil for all.
  ///   - clones: whether it takes tasks of repositories that it must clone.
  package func claim(
    _ limit: Int, model: String, worker: Int64, of collection: String? = nil, clones: Bool = false
  ) throws(Failure) -> [ClusterTask] {
    let rows = try connection.run(
      """
      WITH picked AS (
        SELECT task.id FROM cairn.task AS task
        WHERE task.state = 0 AND task.needs = $1 AND task.ready_at <= now()
          AND NOT EXISTS (SELECT 1 FROM cairn.collection AS c WHERE c.key = task.collection AND c.is_paused)
          AND ($4::text IS NULL OR task.collection = (SELECT key FROM cairn.collection WHERE name = $4))
          AND ($5 OR task.address IS NULL)
        ORDER BY task.priority DESC, task.id LIMIT $2 FOR UPDATE OF task SKIP LOCKED)
      UPDATE cairn.task AS task SET state = 1, attempts = attempts + 1, lease = gen_random_uuid(), worker = $3,
        lease_until = now() + make_interval(secs => \(Self.leaseSeconds))
      FROM picked, cairn.collection AS collection
      WHERE task.id = picked.id AND collection.key = task.collection
      RETURNING task.id, collection.name, task.root, task.revision, task.needs, task.priority, task.attempts,
        task.lease::text, task.address
      """,
      [
        .text(model), .int8(Int64(limit)), .int8(worker), collection.map { .text($0) } ?? .null, .boolean(clones),
      ])
    var tasks: [ClusterTask] = []
    for row in 0..<rows.rowCount {
      var task = ClusterTask(
        collection: rows.text(row, 1), root: FilePath(bytes: rows.bytes(row, 2)),
        revision: rows.isNull(row, 3) ? nil : rows.text(row, 3), files: [], model: rows.text(row, 4),
        priority: rows.int(row, 5))
      task.address = rows.isNull(row, 8) ? nil : rows.text(row, 8)
      (task.id, task.attempts, task.lease) = (rows.integer(row, 0), rows.int(row, 6), rows.text(row, 7))
      tasks.append(task)
    }
    let files = try files(of: tasks.map(\.id))
    for i in tasks.indices { tasks[i].files = files[tasks[i].id] ?? [] }
    return tasks.sorted { $0.priority != $1.priority ? $0.priority > $1.priority : $0.id < $1.id }
  }

  /// Whether no task that `claim` could give is left, now or later.
  package func isEmpty(model: String, of collection: String?, clones: Bool = false) throws(Failure) -> Bool {
    try connection.run(
      """
      SELECT NOT EXISTS (SELECT 1 FROM cairn.task WHERE needs = $1 AND state IN (0, 1)
        AND ($2::text IS NULL OR collection = (SELECT key FROM cairn.collection WHERE name = $2))
        AND ($3 OR address IS NULL))
      """, [.text(model), collection.map { .text($0) } ?? .null, .boolean(clones)]
    ).boolean(0, 0)
  }

  private func files(of tasks: [Int64]) throws(Failure) -> [Int64: [ClusterTask.File]] {
    if tasks.isEmpty { return [:] }
    let rows = try connection.run(
      """
      SELECT task.id, file.path, file.hash, file.flags FROM cairn.task AS task,
        unnest(task.paths, task.hashes, task.flags) WITH ORDINALITY AS file(path, hash, flags, number)
      WHERE task.id = ANY($1) ORDER BY task.id, file.number
      """, [.int8s(tasks)])
    var files: [Int64: [ClusterTask.File]] = [:]
    for row in 0..<rows.rowCount {
      let flags = rows.int(row, 3)
      files[rows.integer(row, 0), default: []].append(
        ClusterTask.File(
          path: FilePath(bytes: rows.bytes(row, 1)), contentHash: ContentHash(storedBytes: rows.bytes(row, 2)),
          includesSecrets: flags & 1 != 0, includesGenerated: flags & 2 != 0))
    }
    return files
  }

  /// Says that the worker lives, and moves the end of its leases; takes the leases that are over, whose tasks are ready
  /// again, or dead where they were started too often.
  ///
  /// - Parameter tasks: those that the worker knows it has. A claim whose answer was lost is none of them, and ends.
  package func beat(_ worker: Int64, holding tasks: [Int64]) throws(Failure) {
    _ = try connection.pipeline([
      .init("UPDATE cairn.worker SET seen = now() WHERE id = $1", [.int8(worker)]),
      .init(
        """
        UPDATE cairn.task SET lease_until = now() + make_interval(secs => \(Self.leaseSeconds))
        WHERE id = ANY($2) AND worker = $1 AND state = 1
        """, [.int8(worker), .int8s(tasks)]),
      .init(
        """
        UPDATE cairn.task SET state = CASE WHEN attempts >= \(Self.attemptLimit) THEN 3 ELSE 0 END, ready_at = now(),
          lease = NULL, worker = NULL, lease_until = NULL, finished = now(),
          reason = 'its worker was not heard of any more'
        WHERE id IN (SELECT id FROM cairn.task WHERE state = 1 AND lease_until < now() FOR UPDATE SKIP LOCKED)
        """),
      .init("DELETE FROM cairn.worker WHERE seen < now() - interval '1 hour'"),
    ])
  }

  /// Marks tasks as done; to be called in the transaction that writes their results. Throws `.leaseLost` where one is
  /// not this worker's any more.
  package func complete(_ tasks: [(task: ClusterTask, chunkCount: Int)]) throws(Failure) {
    let done = try connection.run(
      """
      UPDATE cairn.task AS task SET state = 2, finished = now(), chunk_count = given.chunks, lease = NULL,
        lease_until = NULL, reason = NULL
      FROM unnest($1::int8[], $2::text[], $3::int4[]) AS given(id, lease, chunks)
      WHERE task.id = given.id AND task.state = 1 AND task.lease = given.lease::uuid
      """,
      [
        .int8s(tasks.map(\.task.id)), .texts(tasks.map { $0.task.lease ?? "" }),
        .int4s(tasks.map { Int32(clamping: $0.chunkCount) }),
      ])
    guard done.touchedCount == tasks.count else {
      let which = tasks.count == 1 ? "the task \(tasks[0].task.id)" : "one of \(tasks.count) tasks"
      throw Failure(.leaseLost, "\(which) went to another worker meanwhile; nothing was written")
    }
    guard let first = tasks.first else { return }
    try connection.run(
      "UPDATE cairn.worker SET done = done + $2 WHERE id = (SELECT worker FROM cairn.task WHERE id = $1)",
      [.int8(first.task.id), .int8(Int64(tasks.count))])
  }

  /// Gives a task back that failed: it is tried again after a while, or dead where it was started too often.
  package func fail(_ task: ClusterTask, _ failure: Failure) throws(Failure) {
    try connection.run(
      """
      UPDATE cairn.task SET state = CASE WHEN attempts >= \(Self.attemptLimit) THEN 3 ELSE 0 END,
        ready_at = now() + make_interval(secs => least(600, power(2, attempts))), finished = now(), reason = $3,
        lease = NULL, worker = NULL, lease_until = NULL
      WHERE id = $1 AND state = 1 AND lease = $2::text::uuid
      """, [.int8(task.id), .text(task.lease ?? ""), .text(String(failure.description.prefix(2000)))])
  }

  /// Puts a task for each file in the place of a task of several.
  package func split(_ task: ClusterTask) throws(Failure) {
    try connection.transaction { () throws(Failure) in
      let gone = try connection.run(
        """
        WITH gone AS (
          DELETE FROM cairn.task WHERE id = $1 AND state = 1 AND lease = $2::text::uuid
          RETURNING collection, root, address, revision, paths, hashes, flags, needs, priority, reason)
        INSERT INTO cairn.task (collection, root, address, revision, paths, hashes, flags, needs, priority, reason)
        SELECT collection, root, address, revision, ARRAY[file.path], ARRAY[file.hash], ARRAY[file.flags], needs,
          priority, reason
        FROM gone, unnest(gone.paths, gone.hashes, gone.flags) AS file(path, hash, flags)
        """, [.int8(task.id), .text(task.lease ?? "")])
      guard gone.touchedCount == task.files.count else {
        throw Failure(.leaseLost, "the task \(task.id) went to another worker meanwhile; nothing was written")
      }
    }
  }

  // MARK: Looking after it

  /// Of one collection.
  package func status(of collection: StoreCollection) throws(Failure) -> QueueStatus {
    let key = PostgresValue.int4(Int32(collection.key))
    let results = try connection.pipeline([
      .init(
        """
        SELECT count(*) FILTER (WHERE state = 0 AND ready_at <= now()),
          count(*) FILTER (WHERE state = 0 AND ready_at > now()), count(*) FILTER (WHERE state = 1),
          count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 3)
        FROM cairn.task WHERE collection = $1
        """, [key]),
      .init(
        """
        SELECT count(*), coalesce(sum(cardinality(paths)), 0)::bigint, coalesce(sum(chunk_count), 0)::bigint,
          coalesce(extract(epoch FROM now() - min(finished)), 60)::float8
        FROM cairn.task WHERE collection = $1 AND state = 2 AND finished > now() - interval '1 minute'
        """, [key]),
      .init("SELECT is_paused FROM cairn.collection WHERE key = $1", [key]),
      .init(
        """
        SELECT id, name, model, done, (SELECT count(*) FROM cairn.task WHERE worker = w.id AND state = 1),
          extract(epoch FROM now() - seen)::float8
        FROM cairn.worker AS w ORDER BY id
        """),
    ])
    var status = QueueStatus()
    status.readyCount = results[0].int(0, 0)
    status.waitingCount = results[0].int(0, 1)
    status.leasedCount = results[0].int(0, 2)
    status.doneCount = results[0].int(0, 3)
    status.deadCount = results[0].int(0, 4)
    // What began half a minute ago has done half of what it does in one.
    let seconds = max(1, min(60, results[1].double(0, 3)))
    func perMinute(_ column: Int) -> Int { Int(60 * Double(results[1].int(0, column)) / seconds) }
    status.recentTasks = perMinute(0)
    status.recentFiles = perMinute(1)
    status.recentChunks = perMinute(2)
    status.isPaused = results[2].rowCount == 1 && results[2].boolean(0, 0)
    status.workers = (0..<results[3].rowCount).map { row in
      QueueStatus.Worker(
        id: results[3].integer(row, 0), name: results[3].text(row, 1), model: results[3].text(row, 2),
        doneCount: results[3].int(row, 3), leasedCount: results[3].int(row, 4), silence: results[3].double(row, 5))
    }
    return status
  }

  /// Whether workers claim tasks of the collection; those that they have they end.
  package func setPaused(_ isPaused: Bool, _ collection: StoreCollection) throws(Failure) {
    try connection.run(
      "UPDATE cairn.collection SET is_paused = $2 WHERE key = $1",
      [.int4(Int32(collection.key)), .boolean(isPaused)])
    if !isPaused { try connection.run("SELECT pg_notify('\(Self.channel)', '')", isPrepared: false) }
  }

  /// The tasks of the collection that were given up, the first `limit`.
  package func dead(_ collection: StoreCollection, limit: Int) throws(Failure) -> [DeadTask] {
    let rows = try connection.run(
      """
      SELECT task.id, task.attempts, task.reason, file.path FROM
        (SELECT * FROM cairn.task WHERE collection = $1 AND state = 3 ORDER BY id LIMIT $2) AS task,
        unnest(task.paths) AS file(path) ORDER BY task.id
      """, [.int4(Int32(collection.key)), .int8(Int64(limit))])
    var dead: [DeadTask] = []
    for row in 0..<rows.rowCount {
      if dead.last?.id != rows.integer(row, 0) {
        dead.append(
          DeadTask(
            id: rows.integer(row, 0), collection: collection.name, paths: [], attempts: rows.int(row, 1),
            reason: rows.text(row, 2)))
      }
      dead[dead.count - 1].paths.append(FilePath(bytes: rows.bytes(row, 3)))
    }
    return dead
  }

  /// Makes the dead tasks of the collection ready again. Returns how many.
  package func retry(_ collection: StoreCollection) throws(Failure) -> Int {
    let count = try connection.run(
      """
      UPDATE cairn.task SET state = 0, attempts = 0, ready_at = now(), reason = NULL
      WHERE collection = $1 AND state = 3
      """, [.int4(Int32(collection.key))]
    ).touchedCount
    if count > 0 { try connection.run("SELECT pg_notify('\(Self.channel)', '')", isPrepared: false) }
    return count
  }
}

extension Failure.Code {
  /// A worker's claim on a task is over.
  package static let leaseLost = Self(rawValue: "lease-lost")
}
