import CPostgres
import Glibc
package import Primitives

/// One connection to a PostgreSQL server: statements with parameters, prepared ones, several at once in a pipeline,
/// transactions, COPY of rows to the server, notifications.
///
/// Every function blocks the thread that calls it, and none other; it wakes often enough to end within milliseconds of
/// a cancellation, when it asks the server to end the statement too. A connection serves one thread at a time. What
/// fails is a `Failure` without a password (`Failure(postgres:)`); after `.storeUnavailable` the connection is of no
/// use any more and a new one is to be opened. Knows no table.
@safe package final class PostgresConnection {
  package let address: PostgresAddress
  let raw: OpaquePointer
  /// Whether the server did not say anything for too long: then nothing more is asked of it.
  private var isSilent = false
  /// The names of statements by their text, and those that the server knows.
  private var names: [String: String] = [:]
  private var prepared: [String: String] = [:]
  /// What bounds the waits of this connection; a new one can be set between statements.
  package var context = SearchContext()
  /// How long the server may be silent before the connection counts as lost; a statement that works that long without
  /// a word is asked to end.
  package var patience = Duration.seconds(600)

  /// Connects within ten seconds, or as `connect_timeout` of the address says. To another machine the connection is
  /// encrypted unless the address says otherwise (`sslmode=disable`); `sslmode=verify-full` checks the certificate too.
  ///
  /// Throws `.storeUnavailable` where nothing answers, `.storeRefused` where the server refuses the user,
  /// `.missingLibrary` without libpq.
  package init(_ address: PostgresAddress, context: SearchContext = SearchContext()) throws(Failure) {
    try PostgresLibrary.load()
    self.address = address
    self.context = context
    var parameters = address.parameters
    func addDefault(_ name: String, _ value: String) {
      if address[name] == nil { parameters.append(PostgresAddress.Parameter(name: name, value: value)) }
    }
    addDefault("application_name", "cairn")
    addDefault("client_encoding", "UTF8")
    addDefault("keepalives_idle", "20")
    addDefault("keepalives_interval", "5")
    addDefault("keepalives_count", "4")
    addDefault("tcp_user_timeout", "60000")
    if !address.isLocal, unsafe getenv("PGSSLMODE") == nil { addDefault("sslmode", "require") }
    guard let raw = unsafe Self.start(parameters) else {
      throw Failure(.storeUnavailable, "libpq gives no more connections")
    }
    unsafe self.raw = unsafe raw
    let limit = address["connect_timeout"].flatMap { Int($0) } ?? 10
    try connect(until: .now + .seconds(max(2, limit)))
    guard unsafe cpostgres_set_nonblocking(raw) == 1 else { throw lost() }
  }

  deinit { unsafe cpostgres_close(raw) }

  private static func start(_ parameters: [PostgresAddress.Parameter]) -> OpaquePointer? {
    let names = unsafe parameters.map { unsafe strdup($0.name) }
    let values = unsafe parameters.map { unsafe strdup($0.value) }
    defer {
      let texts = unsafe names + values
      for i in unsafe texts.indices { unsafe free(texts[i]) }
    }
    let keywords = unsafe names.map { unsafe UnsafePointer($0) } + [nil]
    let settings = unsafe values.map { unsafe UnsafePointer($0) } + [nil]
    return unsafe cpostgres_connect(keywords, settings)
  }

  private func connect(until deadline: ContinuousClock.Instant) throws(Failure) {
    guard unsafe cpostgres_is_failed(raw) == 0 else { throw lost() }
    // As libpq has it: wait for writing first.
    var wish: Int32 = 2
    while true {
      if wish == 0 { throw lost() }
      if wish == 3 { return }
      if ContinuousClock.now >= deadline {
        throw Failure(
          .storeUnavailable, "\(address) did not answer in time: check the address, and that the server runs")
      }
      try context.check()
      var wait = unsafe pollfd(
        fd: cpostgres_socket(raw), events: Int16(wish == 1 ? POLLIN : POLLOUT), revents: 0)
      if unsafe poll(&wait, 1, 50) == 0 { continue }
      wish = unsafe cpostgres_connect_poll(raw)
    }
  }

  /// Of the server: 180006 for 18.6.
  package var serverVersion: Int { unsafe Int(cpostgres_server_version(raw)) }
  /// Whether the server answers reads only: a replica.
  package var isReplica: Bool {
    unsafe cpostgres_parameter(raw, "in_hot_standby").map { unsafe String(cString: $0) } == "on"
  }

  // MARK: Statements

  /// One statement with its parameters.
  package struct Statement: Sendable {
    package var sql: String
    package var parameters: [PostgresValue]
    /// Whether the server keeps its plan under a name for the next time: for what is asked again and again.
    package var isPrepared: Bool
    package init(_ sql: String, _ parameters: [PostgresValue] = [], isPrepared: Bool = true) {
      self.sql = sql
      self.parameters = parameters
      self.isPrepared = isPrepared
    }
  }

  /// Runs one statement. Prepared statements are prepared at their first use, in the same round trip.
  @discardableResult
  package func run(_ sql: String, _ parameters: [PostgresValue] = [], isPrepared: Bool = true) throws(Failure)
    -> PostgresResult
  {
    let statement = Statement(sql, parameters, isPrepared: isPrepared)
    if isPrepared, prepared[sql] == nil {
      guard let result = try pipeline([statement]).first else { throw lost() }
      return result
    }
    try send(statement)
    return try finish()
  }

  /// Runs statements that the server gets together: one round trip for all of them. They are one transaction unless one
  /// is open already; the first that fails ends the others.
  package func pipeline(_ statements: [Statement]) throws(Failure) -> [PostgresResult] {
    guard unsafe cpostgres_enter_pipeline(raw) == 1 else { throw lost() }
    var failure: Failure?
    var results: [PostgresResult] = []
    do throws(Failure) {
      // Of each statement that is sent, the text that it prepares; nil where its result is wanted.
      var sent: [String?] = []
      for statement in statements {
        if statement.isPrepared, prepared[statement.sql] == nil, !sent.contains(statement.sql) {
          try sendPrepare(statement.sql, statement.parameters)
          sent.append(statement.sql)
        }
        try send(statement)
        sent.append(nil)
      }
      guard unsafe cpostgres_sync(raw) == 1 else { throw lost() }
      for prepares in sent {
        while let result = try nextResult() {
          switch result.status {
          case Int(CPOSTGRES_PIPELINE_ABORTED): continue
          case Int(CPOSTGRES_ERROR), Int(CPOSTGRES_BAD_RESPONSE):
            failure = failure ?? Failure(postgres: result, from: address)
          default: if let prepares { prepared[prepares] = names[prepares] } else { results.append(result) }
          }
        }
      }
      _ = try nextResult()
    } catch { failure = failure ?? error }
    // Where the connection was lost in the middle this fails, as everything after it does.
    _ = unsafe cpostgres_leave_pipeline(raw)
    if let failure { throw failure }
    return results
  }

  /// Runs `body` in a transaction, which is rolled back where it throws.
  package func transaction<Result>(
    _ kind: Transaction = .write, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if kind == .write {
      _ = try pipeline([Statement(kind.rawValue, isPrepared: false), Statement(Self.bounds, isPrepared: false)])
    } else {
      try run(kind.rawValue, isPrepared: false)
    }
    let result: Result
    do throws(Failure) { result = try body() } catch {
      // A cancelled request still has to end its transaction.
      let asked = context
      context = SearchContext()
      _ = try? run("ROLLBACK", isPrepared: false)
      context = asked
      throw error
    }
    try run("COMMIT", isPrepared: false)
    return result
  }

  /// Who was cut off from the server must not keep others from what it has written and not committed: the server ends
  /// its session after a minute, be it idle or in the middle of a COPY.
  private static let bounds =
    "SELECT "
    + [
      ("idle_in_transaction_session_timeout", 60_000), ("tcp_user_timeout", 60_000), ("tcp_keepalives_idle", 20),
      ("tcp_keepalives_interval", 10), ("tcp_keepalives_count", 4),
    ].map { "set_config('\($0.0)', '\($0.1)', true)" }.joined(separator: ", ")

  package enum Transaction: String, Sendable {
    case write = "BEGIN"
    /// All statements see one state of the database, and none changes it.
    case snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
  }

  // MARK: COPY

  /// Sends rows by `COPY table (columns) FROM STDIN (FORMAT binary)`; `body` is called again and again with rows to add
  /// to, until it gives false. Returns how many rows there were.
  @discardableResult
  package func copyIn(_ sql: String, _ body: (inout PostgresCopyRows) throws(Failure) -> Bool) throws(Failure) -> Int {
    try send(Statement(sql, isPrepared: false))
    guard let opened = try nextResult() else { throw lost() }
    guard opened.status == Int(CPOSTGRES_COPY_IN) else {
      try drain()
      throw Failure(postgres: opened, from: address)
    }
    var rows = PostgresCopyRows()
    var failure: Failure?
    do throws(Failure) {
      try put(PostgresCopyRows.header)
      while try body(&rows) { if rows.bytes.count >= 1 << 18 { try put(rows.take()) } }
      rows.addEnd()
      try put(rows.take())
    } catch { failure = error }
    while true {
      let ended = unsafe cpostgres_put_end(raw, failure == nil ? nil : "given up")
      if ended < 0 { throw lost() }
      if ended > 0 { break }
      try wait(forWriting: true)
    }
    if let failure {
      try drain()
      throw failure
    }
    return try finish().touchedCount
  }

  private func put(_ bytes: [UInt8]) throws(Failure) {
    if bytes.isEmpty { return }
    while true {
      let taken = unsafe bytes.withUnsafeBytes { bytes in
        unsafe cpostgres_put(raw, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
      }
      if taken < 0 { throw lost() }
      if taken > 0 { break }
      try wait(forWriting: true)
    }
    try flush()
  }

  // MARK: Notifications

  package struct Notification: Hashable, Sendable {
    package var channel: String
    package var payload: String
  }

  /// Waits until something is notified on a channel that `LISTEN` has named, or `duration` has passed.
  package func notifications(within duration: Duration) throws(Failure) -> [Notification] {
    let end = ContinuousClock.now + duration
    while true {
      guard unsafe cpostgres_consume(raw) == 1 else { throw lost() }
      var found: [Notification] = []
      while let notice = unsafe cpostgres_next_notice(raw) {
        found.append(
          Notification(
            channel: unsafe String(cString: notice.pointee.channel),
            payload: unsafe String(cString: notice.pointee.payload)))
        unsafe cpostgres_free(notice)
      }
      if !found.isEmpty || ContinuousClock.now >= end { return found }
      try context.check()
      var wait = unsafe pollfd(fd: cpostgres_socket(raw), events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&wait, 1, 50)
    }
  }

  // MARK: Sending and waiting

  private func sendPrepare(_ sql: String, _ parameters: [PostgresValue]) throws(Failure) {
    // One that failed before has left no statement of its name.
    let name = names[sql] ?? "c\(names.count)"
    names[sql] = name
    let types = parameters.map(\.type)
    guard unsafe cpostgres_send_prepare(raw, name, sql, Int32(types.count), types) == 1 else { throw lost() }
  }

  private func send(_ statement: Statement) throws(Failure) {
    if isSilent { throw Failure(.storeUnavailable, "\(address) does not answer any more") }
    let count = statement.parameters.count
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for parameter in statement.parameters {
      parameter.encode(into: &bytes)
      ends.append(bytes.count)
    }
    // So that every value has an address.
    bytes.append(0)
    let sent = unsafe bytes.withUnsafeBufferPointer { bytes -> Int32 in
      var values: [UnsafePointer<CChar>?] = unsafe []
      var lengths: [Int32] = []
      for (i, parameter) in statement.parameters.enumerated() {
        let start = i == 0 ? 0 : ends[i - 1]
        lengths.append(Int32(ends[i] - start))
        let address = unsafe UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(to: CChar.self) + start
        if case .null = parameter { unsafe values.append(nil) } else { unsafe values.append(address) }
      }
      let formats = [Int32](repeating: 1, count: count)
      if statement.isPrepared, let name = names[statement.sql] {
        return unsafe cpostgres_send_prepared(raw, name, Int32(count), values, lengths, formats)
      }
      return unsafe cpostgres_send(
        raw, statement.sql, Int32(count), statement.parameters.map(\.type), values, lengths, formats)
    }
    guard sent == 1 else { throw lost() }
  }

  /// The one result of a statement; what follows is read as well.
  private func finish() throws(Failure) -> PostgresResult {
    var last: PostgresResult?
    var failure: Failure?
    while let result = try nextResult() {
      switch result.status {
      case Int(CPOSTGRES_ERROR), Int(CPOSTGRES_BAD_RESPONSE):
        failure = failure ?? Failure(postgres: result, from: address)
      default: last = result
      }
    }
    if let failure { throw failure }
    guard let last else { throw lost() }
    return last
  }

  private func drain() throws(Failure) { while try nextResult() != nil {} }

  private func nextResult() throws(Failure) -> PostgresResult? {
    try flush()
    while unsafe cpostgres_is_busy(raw) == 1 { try wait() }
    guard let result = unsafe cpostgres_next(raw) else { return nil }
    return unsafe PostgresResult(result)
  }

  private func flush() throws(Failure) {
    while true {
      let rest = unsafe cpostgres_flush(raw)
      if rest < 0 { throw lost() }
      if rest == 0 { return }
      // The server may want to be read before it reads on.
      try wait(forWriting: true)
    }
  }

  /// Waits until the server has sent something, or can be sent something. Where the context is over, asks the server to
  /// end the statement and reads what it says to that, so that the connection can be used again.
  private func wait(forWriting: Bool = false) throws(Failure) {
    let end = ContinuousClock.now + patience
    var isCancelled = false
    var grace = end
    while true {
      var wait = unsafe pollfd(
        fd: cpostgres_socket(raw), events: Int16(forWriting ? POLLIN | POLLOUT : POLLIN), revents: 0)
      let ready = unsafe poll(&wait, 1, 25)
      if ready > 0 {
        if Int32(wait.revents) & ~POLLOUT != 0 {
          guard unsafe cpostgres_consume(raw) == 1 else { throw lost() }
        }
        if isCancelled, unsafe cpostgres_is_busy(raw) == 0 { throw try endCancelled() }
        if !isCancelled { return }
      } else if ready < 0, errno != EINTR {
        throw lost()
      }
      let now = ContinuousClock.now
      if !isCancelled, context.isOver {
        isCancelled = true
        grace = now + .milliseconds(500)
        unsafe cpostgres_cancel_running(raw)
      }
      if now >= (isCancelled ? grace : end) {
        isSilent = true
        if isCancelled { try context.check() }
        throw Failure(.storeUnavailable, "\(address) has not said anything for \(patience.components.seconds) s")
      }
    }
  }

  private func endCancelled() throws(Failure) -> Failure {
    while let result = unsafe cpostgres_next(raw) { unsafe cpostgres_clear(result) }
    do throws(Failure) { try context.check() } catch { return error }
    return Failure(.cancelled, "the request was cancelled")
  }

  /// What libpq says of a connection that does not stand, or does not do what it should.
  private func lost() -> Failure {
    let said = unsafe cpostgres_error(raw).map { unsafe String(cString: $0) } ?? ""
    return Failure(connection: said, to: address, wantsPassword: unsafe cpostgres_wants_password(raw) == 1)
  }
}
