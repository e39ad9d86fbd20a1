import Disk
import Glibc
package import Primitives
import Synchronization

/// A PostgreSQL server with pgvector, of `Scripts/setup --checks`: its data in a temporary directory, reached through a
/// socket in it and through no network. As root it runs as `nobody`, since PostgreSQL refuses root. It ends with the
/// value.
package final class PostgresServer {
  private static let root: FilePath = FilePath(#filePath).parent.parent.parent

  /// `CAIRN_POSTGRES` names another installation, the directory above `bin`.
  private static var installation: FilePath {
    if let named = processEnvironment()["CAIRN_POSTGRES"], !named.isEmpty { return FilePath(bytes: named) }
    return root.appending(".deps/tools/postgres")
  }

  /// Whether the server is installed, and libpq for the program.
  package static var isInstalled: Bool { fileExists(installation.appending("bin/postgres")) }

  /// The same where its programs can be run: as root by a user without rights, who may not reach every checkout, so
  /// that it is copied then. Once for a process.
  private static let runnable: Result<FilePath, Failure> = Result { () throws(Failure) in
    let there = try resolvedPath(installation)
    if geteuid() != 0 { return there }
    let question =
      asNobody + ["/usr/bin/test", "-x", there.appending("bin/postgres").description].map { Array($0.utf8) }
    if try Program("/usr/bin/setpriv", question, in: "/", environment: [:]).wait().code == 0 { return there }
    let copy = FilePath("/tmp/cairn-postgres-\(getpid())")
    let words = ["-a", there.description, copy.description].map { Array($0.utf8) }
    let done = try Program("/bin/cp", words, in: "/", environment: [:]).wait(limit: .seconds(300))
    guard done.code == 0, unsafe chmod(copy.description, 0o755) == 0 else {
      throw Failure(.inputOutput, "the server could not be copied: \(done.errorText)")
    }
    atexit {
      let words = ["-rf", "/tmp/cairn-postgres-\(getpid())"].map { Array($0.utf8) }
      _ = try? Program("/bin/rm", words, in: "/", environment: [:]).wait()
    }
    return copy
  }

  private let directory: TemporaryTree
  private var program: Program?
  private static let port = 5432
  private static let user = "cairn"

  /// One server for all tests of a process that need not stop it; each takes a database of its own. Ends with the
  /// process.
  package static func shared() throws(Failure) -> PostgresServer {
    let result = common.withLock { common in
      if common == nil {
        common = Result { () throws(Failure) in Kept(server: try PostgresServer()) }
        atexit { PostgresServer.endCommon() }
      }
      return common!
    }
    return try result.get().server
  }
  // `@unchecked Sendable`: after it was made, only its address is read and psql is run.
  private struct Kept: @unchecked Sendable { var server: PostgresServer }
  private static let common = Mutex<Result<Kept, Failure>?>(nil)
  private static func endCommon() {
    let kept = common.withLock { $0 }
    if case .success(let kept)? = kept { kept.server.stop(SIGINT) }
  }

  /// Makes the data and starts the server: some seconds.
  package init() throws(Failure) {
    directory = try TemporaryTree()
    let data = directory.root.appending("data")
    guard unsafe chmod(directory.root.description, 0o755) == 0, unsafe mkdir(data.description, 0o700) == 0 else {
      throw Failure(errno: errno, path: data, action: "make")
    }
    if geteuid() == 0 {
      for path in [directory.root, data] { unsafe chown(path.description, Self.nobody, Self.nobody) }
    }
    let made = try Self.start(
      "initdb",
      [
        "-D", data.description, "-U", Self.user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
        "--no-instructions",
      ]
    ).wait(limit: .seconds(120))
    guard made.code == 0 else { throw Failure(.inputOutput, "initdb failed: \(made.errorText)") }
    try start()
  }

  deinit { stop(SIGQUIT) }

  private static let nobody: UInt32 = 65_534
  /// Before a command of setpriv.
  private static let asNobody = ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"].map { Array($0.utf8) }

  private static func start(_ name: String, _ arguments: [String]) throws(Failure) -> Program {
    let executable = try runnable.get().appending("bin").appending(FilePath(name))
    let environment = ["PATH": "/usr/bin:/bin:/usr/sbin", "LC_ALL": "C", "TZ": "UTC"]
    let words = arguments.map { Array($0.utf8) }
    if geteuid() != 0 { return try Program(executable, words, in: "/", environment: environment) }
    return try Program(
      "/usr/bin/setpriv", asNobody + [executable.bytes] + words, in: "/", environment: environment)
  }

  /// Starts it again after `stop`.
  package func start() throws(Failure) {
    let program = try Self.start(
      "postgres",
      [
        "-D", directory.root.appending("data").description, "-k", directory.root.description, "-p", "\(Self.port)",
        "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=64MB", "-c", "max_connections=60",
        "-c", "autovacuum=off",
      ])
    self.program = program
    let limit = ContinuousClock.now + .seconds(120)
    while true {
      let asked = try psql("postgres", "SELECT 1")
      if asked.code == 0 { return }
      guard program.isRunning, ContinuousClock.now < limit else {
        throw Failure(.timedOut, "the server does not begin to listen: \(program.errorsSoFar)")
      }
    }
  }

  /// Ends the server by a signal: SIGTERM waits for its users, SIGINT does not, SIGQUIT is as a crash.
  package func stop(_ signal: Int32) {
    guard let program, program.isRunning else { return }
    kill(pid_t(program.processID), signal)
    _ = program.wait(limit: .seconds(30))
    self.program = nil
  }

  /// The address of a new, empty database of this server.
  package func newDatabase(_ name: String = "db_\(UInt64.random(in: 0 ..< 1 << 40))") throws(Failure) -> String {
    let made = try psql("postgres", "CREATE DATABASE \(name)")
    guard made.code == 0 else { throw Failure(.inputOutput, "no database was made: \(made.errorText)") }
    return address(of: name)
  }

  package func address(of database: String) -> String {
    let host = directory.root.description.utf8.map { byte in
      byte.isASCIILetter || byte.isASCIIDigit
        ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    return "postgres://\(Self.user)@\(host):\(Self.port)/\(database)"
  }

  /// What psql gives for a statement, in rows of `|`.
  package func psql(_ database: String, _ sql: String) throws(Failure) -> ProgramResult {
    try Self.start(
      "psql",
      [
        "-h", directory.root.description, "-p", "\(Self.port)", "-U", Self.user, "-d", database, "-X", "-A", "-t", "-c",
        sql,
      ]
    ).wait()
  }
}
