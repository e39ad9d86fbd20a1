import Disk
import Glibc
import Primitives
import SQLite
import TestSupport
import Testing

/// SQLite as the rooms use it, with a table of our own. What the catalog and the cache make of it is theirs to test.
@Suite struct SQLiteConnectionTests {
  let tree: TemporaryTree
  let wording = DatabaseWording(name: "the list", consequence: "it is begun anew", remedy: .index)
  var path: FilePath { tree.root.appending("list.sqlite") }

  init() throws { tree = try TemporaryTree(inMemory: true) }

  private func open(_ access: SQLiteConnection.Access = .readWrite) throws(Failure) -> SQLiteConnection {
    let connection = try SQLiteConnection(path, access: access, wording: wording)
    if access == .readWrite {
      try connection.useLog()
      try connection.execute("CREATE TABLE IF NOT EXISTS list (number INTEGER, bytes BLOB, text TEXT)")
    }
    return connection
  }

  private func add(_ numbers: ClosedRange<Int>, to connection: SQLiteConnection) throws(Failure) {
    let insert = try connection.statement("INSERT INTO list (number) VALUES (?)")
    for number in numbers {
      insert.bind(1, number)
      try insert.run()
    }
  }

  private func count(_ connection: SQLiteConnection) throws(Failure) -> Int64? {
    try connection.number("SELECT count(*) FROM list")
  }

  @Test func `values come back as they were bound, however odd`() throws {
    let connection = try open()
    let insert = try connection.statement("INSERT INTO list VALUES (?, ?, ?)")
    let rows: [(Int64, [UInt8], String)] = [
      (.min, [], ""), (.max, [0, 255, 0], "a\0b"), (0, Array(repeating: 7, count: 70_000), "größer 🪨"),
    ]
    for (number, bytes, text) in rows {
      insert.bind(1, number)
      insert.bind(2, bytes)
      insert.bind(3, text)
      try insert.run()
    }
    insert.bindNull(1)
    insert.bindNull(2)
    insert.bindNull(3)
    try insert.run()
    let query = try connection.statement("SELECT * FROM list ORDER BY rowid")
    for (number, bytes, text) in rows {
      #expect(try query.step())
      #expect(query.integer(0) == number && query.bytes(1) == bytes && query.text(2) == text)
      #expect(!query.isNull(1) && !query.isNull(2))
    }
    #expect(try query.step())
    #expect(query.isNull(0) && query.isNull(1) && query.bytes(1).isEmpty && query.text(2).isEmpty)
    #expect(try !query.step())
  }

  @Test func `a statement is prepared once, and asking for it again forgets its values`() throws {
    let connection = try open()
    let first = try connection.statement("INSERT INTO list (number) VALUES (?)")
    first.bind(1, 5)
    #expect(try connection.statement("INSERT INTO list (number) VALUES (?)") === first)
    try first.run()
    #expect(try connection.number("SELECT number FROM list") == 0)
    #expect(try connection.number("SELECT count(*) FROM list WHERE number IS NULL") == 1)
  }

  @Test func `sixteen bytes are two numbers, and any other size is none`() throws {
    let connection = try open()
    let insert = try connection.statement("INSERT INTO list (bytes) VALUES (?)")
    for count in [16, 15, 17, 0] {
      insert.bind(1, (0..<count).map { UInt8($0) })
      try insert.run()
    }
    let query = try connection.statement("SELECT bytes FROM list ORDER BY rowid")
    #expect(try query.step())
    let words = try #require(query.twoWords(0))
    #expect(words.high == 0x0001_0203_0405_0607 && words.low == 0x0809_0A0B_0C0D_0E0F)
    while try query.step() { #expect(query.twoWords(0) == nil) }
  }

  @Test func `a transaction is applied whole or not at all`() throws {
    let connection = try open()
    #expect(
      try connection.transaction(writes: true) { () throws(Failure) in
        try add(1...3, to: connection)
        return "done"
      } == "done")
    let stopped = failure { () throws(Failure) in
      try connection.transaction(writes: true) { () throws(Failure) in
        try add(4...9, to: connection)
        throw Failure(.cancelled, "stopped")
      }
    }
    #expect(stopped?.code == .cancelled)
    #expect(try count(connection) == 3)
    // The connection is as good as before.
    try connection.transaction(writes: true) { () throws(Failure) in try add(4...4, to: connection) }
    #expect(try count(open(.readOnly)) == 4)
  }

  @Test func `a reader's transaction sees one state while a writer commits`() throws {
    let writer = try open()
    try add(1...2, to: writer)
    let reader = try open(.readOnly)
    try reader.transaction(writes: false) { () throws(Failure) in
      #expect(try count(reader) == 2)
      try add(3...5, to: writer)
      #expect(try count(reader) == 2)
    }
    #expect(try count(reader) == 5)
  }

  @Test func `a reader cannot write, and where there is nothing it finds nothing`() throws {
    #expect(failure { () throws(Failure) in try open(.readOnly) } != nil)
    #expect(!fileExists(path))
    _ = try open()
    let reader = try open(.readOnly)
    #expect(failure { () throws(Failure) in try add(1...1, to: reader) }?.code == .permissionDenied)
  }

  @Test func `what is no database, or another's table, is damage in the words of its owner`() throws {
    try tree.write("list.sqlite", String(repeating: "no database ", count: 400))
    unsafe chmod(path.description, 0o600)
    let damaged = failure { () throws(Failure) in try open() }
    #expect(damaged?.code == .damaged && damaged?.path == path && damaged?.remedy == .index)
    #expect(damaged?.message == "the list is damaged: it is begun anew" && damaged?.cause != nil)
    try removeFile(path)
    let connection = try open()
    #expect(failure { () throws(Failure) in try connection.execute("SELECT missing FROM list") }?.code == .damaged)
    #expect(failure { () throws(Failure) in try connection.statement("SELECT missing FROM list") }?.code == .damaged)
  }

  @Test func `a number behind the largest is damage and no overflow`() throws {
    let connection = try open()
    #expect(try connection.numberAfter("SELECT max(number) FROM list WHERE number > 0") == 1)
    try add(41...41, to: connection)
    #expect(try connection.numberAfter("SELECT number FROM list") == 42)
    let update = try connection.statement("UPDATE list SET number = ?")
    update.bind(1, Int64.max)
    try update.run()
    #expect(failure { () throws(Failure) in try connection.numberAfter("SELECT number FROM list") }?.code == .damaged)
  }

  @Test func `the files are the owner's alone, and a held directory that moves keeps its database`() throws {
    let held = try OpenDirectory(notFollowing: tree.root)
    let file = HeldName("list.sqlite", in: held, path: path)
    let connection = try SQLiteConnection(file, access: .readWrite, wording: wording)
    try connection.useLog()
    connection.keepLogFiles()
    try connection.execute("CREATE TABLE list (number INTEGER)")
    for entry in try listDirectory(tree.root) {
      #expect(try FileStatus(of: tree.root.appending(entry.name)).permissions == 0o600, "\(entry.name)")
    }
    let moved = FilePath(tree.root.description + "-moved")
    try renameFile(tree.root, to: moved)
    defer { removeTree(moved) }
    try add(1...4, to: connection)
    #expect(
      try SQLiteConnection(moved.appending("list.sqlite"), access: .readOnly, wording: wording)
        .number("SELECT count(*) FROM list") == 4)
    #expect(!fileExists(tree.root))
  }

  @Test(arguments: ["", "-wal", "-shm"])
  func `a link in the place of a file is not followed`(_ suffix: String) throws {
    do { _ = try open() }
    for entry in try listDirectory(tree.root) { try removeFile(tree.root.appending(entry.name)) }
    try tree.write("victim", "precious")
    if !suffix.isEmpty { _ = try open() }
    let name = FilePath(path.description + suffix)
    try? removeFile(name)
    makeLink(name, to: tree.root.appending("victim"))
    #expect(failure { () throws(Failure) in try open() }?.code == .damaged)
    #expect(failure { () throws(Failure) in try open(.readOnly) }?.code == .damaged)
    #expect(try readFile(tree.root.appending("victim")).bytes == Array("precious".utf8))
  }

  @Test func `a journal is damage to a reader, and a writer removes it unread and says so`() throws {
    do { _ = try open() }
    try tree.write("list.sqlite-journal", [UInt8](repeating: 0xD9, count: 600))
    #expect(failure { () throws(Failure) in try open(.readOnly) }?.code == .damaged)
    #expect(try open().hasRemovedJournal)
    #expect(!fileExists(FilePath(path.description + "-journal")))
    #expect(try !open().hasRemovedJournal)
  }

  @Test func `the log is emptied, and what was in it is in the database`() throws {
    let connection = try open()
    try add(1...500, to: connection)
    let log = FilePath(path.description + "-wal")
    #expect(try FileStatus(of: log).byteCount > 0)
    connection.emptyLog()
    #expect(try FileStatus(of: log).byteCount == 0)
    #expect(try count(open(.immutable)) == 500)
  }
}
