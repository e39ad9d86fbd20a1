import Disk
import Primitives
import TestSupport

/// A tree with code, the program, and a database of its own that the program is told of.
final class StoreWorld {
  let cairn: CairnProgram
  let server: PostgresServer
  let address: String
  /// The name of the database.
  let database: String

  /// - Parameter server: one that may be stopped; the common one if nil.
  init(fileCount: Int, server: PostgresServer? = nil) throws(Failure) {
    cairn = try CairnProgram(inMemory: true)
    if let server { self.server = server } else { self.server = try PostgresServer.shared() }
    database = "db_\(UInt64.random(in: 0 ..< 1 << 40))"
    address = try self.server.newDatabase(database)
    var random = SeededRandom(seed: 7)
    for number in 0..<fileCount { try cairn.write(Self.path(number), Self.text(number, &random)) }
  }

  static func path(_ number: Int) -> FilePath { FilePath("src/part\(number % 7)/module_\(number).py") }

  private static let verbs = ["open", "close", "parse", "render", "retry", "merge", "split", "verify", "load", "store"]
  private static let nouns = [
    "session", "token", "buffer", "lease", "index", "queue", "vector", "chunk", "path", "clock",
  ]

  private static func text(_ number: Int, _ random: inout SeededRandom) -> String {
    var text = "\"\"\"Module \(number) of the sample.\"\"\"\n\n"
    for part in 0..<4 {
      let verb = verbs[Int(random.next() >> 1 % 10)]
      let noun = nouns[Int(random.next() >> 1 % 10)]
      text += """
        def \(verb)_\(noun)_\(number)_\(part)(\(noun), limit=\(number)):
            # \(verb) the \(noun) until the limit is reached
            for attempt in range(limit):
                if \(noun).\(verb)(attempt):
                    return \(noun)
            raise ValueError("cannot \(verb) \(noun) \(number)")


        """
    }
    return text
  }

  /// `cairn` on the tree, with the store.
  func run(_ arguments: String..., in directory: FilePath? = nil) throws(Failure) -> ProgramResult {
    try cairn.start(arguments + ["--store", address, "--collection", "sample"], in: directory).wait(
      limit: .seconds(300))
  }

  func worker(_ arguments: String...) throws(Failure) -> Program {
    try cairn.start(["cluster", "worker", "--store", address, "--json", "--quiet"] + arguments)
  }

  /// One value that the database gives.
  func value(_ sql: String) throws(Failure) -> String {
    let result = try server.psql(database, sql)
    guard result.code == 0 else { throw Failure(.inputOutput, result.errorText) }
    return result.outputText.split(separator: "\n").first.map(String.init) ?? ""
  }

  /// Lets the leases of workers that were killed be over.
  func endLeases() throws(Failure) {
    _ = try value("UPDATE cairn.task SET lease_until = now() - interval '1 second' WHERE state = 1")
  }

  /// Waits until `isTrue`.
  func wait(until isTrue: () throws(Failure) -> Bool) throws(Failure) {
    let limit = ContinuousClock.now + .seconds(300)
    while try !isTrue() {
      guard ContinuousClock.now < limit else { throw Failure(.timedOut, "it did not come to that") }
    }
  }
}
