import Catalog
import Corpus
import Disk
import Foundation
import Glibc
import Inspection
import Primitives
import TestSupport
import Testing

/// Bytes that change after they were written. `CAIRN_FLIPS` says how many of each file are tried; 1500 when it is not
/// set.
@Suite struct CatalogDamageTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }

  struct State: Equatable {
    var snapshot: CatalogSnapshot
    var files: [FileRecord]
  }
  static let names = ["catalog.sqlite", "catalog.sqlite-wal", "catalog.newest"]
  var flipCount: Int {
    processEnvironment()["CAIRN_FLIPS"].flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 1500
  }

  /// A catalog with pages of every kind, its newest commits in the log alone; gives its files as a killed process
  /// leaves them.
  func make(emptiesLog: Bool) throws -> (state: State, bytes: [String: [UInt8]]) {
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      try catalog.reset(to: identity)
      for id in 1...4 {
        var change = addition(SegmentID(id), (0..<90).map { FilePath("some/directory/\(id)/file\($0).swift") })
        change.upsertedFiles += (0..<9).map { file(FilePath("skipped/\(id)/\($0)"), $0, .skipped(.binary)) }
        _ = try catalog.commit(change)
      }
    }
    func change(_ catalog: IndexCatalog) throws {
      var change = addition(5, ["some/directory/1/file3.swift"], isComplete: false)
      change.tombstones = [1: [3]]
      change.removedFiles = ["skipped/2/1"]
      _ = try catalog.commit(change)
      change = CatalogChange(isComplete: true)
      change.removedFiles = ["some/directory/2/file7.swift"]
      change.tombstones = [2: [7]]
      _ = try catalog.commit(change)
    }
    var bytes: [String: [UInt8]] = [:]
    func copy() throws {
      for name in Self.names { bytes[name] = (try? readFile(tree.root.appending(FilePath(name))).bytes) ?? [] }
    }
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      try change(catalog)
      if !emptiesLog { try copy() }
    }
    if emptiesLog { try copy() }
    #expect(bytes["catalog.sqlite-wal"]?.isEmpty == emptiesLog)
    let reader = try IndexCatalog(directory: tree.root, mode: .reading)
    return (State(snapshot: try reader.snapshot(), files: try reader.files()), bytes)
  }

  /// Puts the files of a catalog into a directory of their own.
  func put(_ bytes: [String: [UInt8]]) throws -> FilePath {
    let directory = tree.root.appending("copy")
    removeTree(directory)
    try makeDirectory(directory)
    for (name, content) in bytes {
      _ = FileManager.default.createFile(
        atPath: directory.appending(FilePath(name)).description, contents: Data(content))
    }
    return directory
  }

  func read(_ directory: FilePath) throws(Failure) -> State {
    let catalog = try IndexCatalog(directory: directory, mode: .reading)
    return State(snapshot: try catalog.snapshot(), files: try catalog.files())
  }

  @Test(arguments: ["catalog.sqlite", "catalog.sqlite-wal", "catalog.newest"])
  func `whichever byte is flipped, the answer is the same or damage is told`(_ name: String) throws {
    let (state, sound) = try make(emptiesLog: name == "catalog.sqlite")
    #expect(try read(put(sound)) == state)
    var random = SeededRandom(seed: 2026)
    var told = 0
    for round in 0..<flipCount {
      var bytes = sound
      let place = Int.random(in: 0..<(sound[name]?.count ?? 0), using: &random)
      // A single bit as a memory flips it, or a byte of something else.
      let change = round % 2 == 0 ? 1 << UInt8(round / 2 % 8) : UInt8.random(in: 1...255, using: &random)
      bytes[name]?[place] ^= change
      do {
        let found = try read(put(bytes))
        #expect(found == state, "byte \(place) of \(name), \(change): another answer without a word")
      } catch let failure as Failure {
        told += 1
        // The version of the tables: a newer one is no damage.
        let isVersion = name == "catalog.sqlite" && (60..<64).contains(place) && failure.code == .unsupportedVersion
        #expect(failure.code == .damaged || isVersion, "byte \(place) of \(name): \(failure)")
      }
    }
    #expect(name == "catalog.newest" ? told == 0 : told > flipCount / 4, "\(told)")
  }

  @Test func `a log that was lost or cut takes no commit back in silence`() throws {
    let (state, sound) = try make(emptiesLog: false)
    let log = try #require(sound["catalog.sqlite-wal"])
    for length in [0, 31, 32, 5000, log.count / 2, log.count - 4200] {
      var bytes = sound
      bytes["catalog.sqlite-wal"] = Array(log.prefix(length))
      do {
        _ = try read(put(bytes))
        Issue.record("\(length) bytes of the log were enough")
      } catch let failure as Failure {
        #expect(failure.code == .damaged, "\(failure)")
        #expect(failure.remedy == .index)
      }
      // A writer is told which, and its next commit is newer than what was lost.
      let directory = tree.root.appending("copy")
      let writer = try IndexCatalog(directory: directory, mode: .writing)
      #expect(try writer.lostGeneration() == state.snapshot.generation)
      #expect(try writer.commit(CatalogChange(isComplete: true)) == state.snapshot.generation + 1)
      #expect(try writer.lostGeneration() == nil)
      _ = try read(directory)
    }
  }

  @Test(arguments: [0, 4096, 16384])
  func `a log's index that is cut while it is mapped costs a call, and no commit`(_ length: Int) throws {
    let (state, sound) = try make(emptiesLog: false)
    for mode in [IndexCatalog.Mode.reading, .writing] {
      let directory = try put(sound)
      var isCut = false
      let index = directory.appending("catalog.sqlite-shm").description
      let files = ["catalog.sqlite", "catalog.sqlite-wal"].map { directory.appending(FilePath($0)) }
      var before: [[UInt8]] = []
      do {
        let catalog = try IndexCatalog(directory: directory, mode: mode)
        #expect(try catalog.snapshot() == state.snapshot)
        before = try files.map { try readFile($0).bytes }
        #expect(!before[1].isEmpty)
        try #require(unsafe truncate(index, off_t(length)) == 0)
        // The list of files needs pages that only the log has; what is left of the first page of its index may do for
        // less.
        let told = failure { () throws(Failure) in _ = try catalog.commit(CatalogChange(isComplete: true)) }
        if mode == .writing { #expect(told?.code == .cut, "\(String(describing: told))") }
        if told?.code == .cut {
          isCut = true
          #expect(failure { () throws(Failure) in _ = try catalog.files() }?.code == .cut)
          #expect(failure { () throws(Failure) in _ = try catalog.changeNumber() }?.code == .cut)
        }
        // Another connection shares the map, and says so too.
        if told?.code == .cut {
          #expect(
            failure { () throws(Failure) in _ = try IndexCatalog(directory: directory, mode: .reading).files() }?.code
              == .cut)
        }
      }
      if isCut {
        // Closing empties no log that it could not read; a commit that was cut short may have reached it.
        let after = try files.map { try readFile($0).bytes }
        #expect(after[0] == before[0] && after[1].starts(with: before[1]))
      }
      let found = try read(directory)
      if found != state {
        // All of that commit, then, and of nothing else.
        #expect(mode == .writing && found.snapshot.generation == state.snapshot.generation + 1)
        #expect(found.snapshot.segments == state.snapshot.segments)
      }
    }
  }

  @Test func `a log's index that was cut and made longer again is built anew from the log`() throws {
    let (state, sound) = try make(emptiesLog: false)
    var index: [UInt8] = []
    do {
      let directory = try put(sound)
      let catalog = try IndexCatalog(directory: directory, mode: .reading)
      _ = try catalog.snapshot()
      index = try readFile(directory.appending("catalog.sqlite-shm")).bytes
    }
    #expect(index.count == 32768)
    for length in [48, 136, 140, 4096, 16384] {
      var bytes = sound
      bytes["catalog.sqlite-shm"] = Array(index.prefix(length)) + Array(repeating: 0, count: index.count - length)
      let directory = try put(bytes)
      // The lock of one who has the index open, or the first connection would begin it anew; such a lock is not the
      // process's own.
      let held = unsafe open(directory.appending("catalog.sqlite-shm").description, O_RDWR)
      defer { close(held) }
      var lock = flock(l_type: Int16(F_RDLCK), l_whence: Int16(SEEK_SET), l_start: 128, l_len: 1, l_pid: 0)
      let ofd: Int32 = 37
      try #require(unsafe fcntl(held, ofd, &lock) == 0)
      #expect(try read(directory) == state, "\(length)")
    }
  }

  @Test func `a mark that is damaged or missing is told by the one who asks for it`() throws {
    let (_, sound) = try make(emptiesLog: true)
    for mark in [nil, [], Array("cairn-generation 99 0 0\n".utf8)] as [[UInt8]?] {
      var bytes = sound
      bytes["catalog.newest"] = mark
      let directory = try put(bytes)
      let writer = try IndexCatalog(directory: directory, mode: .writing)
      #expect(try writer.damageOfMark()?.failure.code == .damaged)
      _ = try writer.commit(CatalogChange(isComplete: true))
      #expect(try writer.damageOfMark() == nil)
    }
  }

  @Test func `no second generation is committed before the first one has its mark`() throws {
    let tree = try TemporaryTree(inMemory: true)
    let mark = tree.root.appending("catalog.newest")
    let writer = try IndexCatalog(directory: tree.root, mode: .writing)
    #expect(try writer.commit(addition(1, ["a"])) == 1)
    // As a full disk or a killed process leaves it.
    removeTree(mark)
    #expect(try writer.damageOfMark() == nil)
    // Nothing can be written beside it for the time of one transaction.
    let failed = failure { () throws(Failure) in
      _ = try writer.commit(CatalogChange(isComplete: true)) { (_) throws(Failure) in
        #expect(fileExists(mark), "the first is marked before anything of the second is there")
        throw Failure(.diskFull, "stopped")
      }
    }
    #expect(failed?.code == .diskFull && fileExists(mark))
    #expect(try writer.commit(CatalogChange(isComplete: true)) == 2)
    #expect(try writer.damageOfMark() == nil)
  }

  @Test func `a mark from before, none, or one that makes no sense raises no alarm`() throws {
    let (state, sound) = try make(emptiesLog: true)
    let old = try TemporaryTree(inMemory: true)
    try { _ = try IndexCatalog(directory: old.root, mode: .writing).commit(addition(1, ["a"])) }()
    let earlier = try readFile(old.root.appending("catalog.newest")).bytes
    #expect(!earlier.isEmpty)
    for mark in [earlier, [], Array("cairn-generation 99 0 0\n".utf8), [0xFF, 0x20, 0x20, 0x20]] {
      var bytes = sound
      bytes["catalog.newest"] = mark
      #expect(try read(put(bytes)) == state)
    }
    var bytes = sound
    bytes["catalog.newest"] = nil
    #expect(try read(put(bytes)) == state)
  }

  @Test func `a catalog that is gone while its mark is there is damage, and a new one begins anew`() throws {
    let (_, sound) = try make(emptiesLog: true)
    for content in [nil, [UInt8]()] {
      var bytes = sound
      bytes["catalog.sqlite"] = content
      let directory = try put(bytes)
      #expect(failure { () throws(Failure) in _ = try read(directory) }?.code == .damaged)
      let writer = try IndexCatalog(directory: directory, mode: .writing)
      #expect(try writer.lostGeneration() == nil)
      #expect(try writer.commit(addition(1, ["a"])) == 1)
      #expect(try read(directory).files.count == 1)
    }
  }

  @Test(arguments: ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"])
  func `what is no file in the place of one is damage, and removing the catalog removes it`(_ name: String) throws {
    let (_, sound) = try make(emptiesLog: true)
    let outside = tree.root.appending("outside")
    try tree.write("outside", "untouched")
    let kinds: [(FilePath) throws -> Void] = [
      { try makeDirectory($0) }, { makeLink($0, to: outside) }, { makeLink($0, to: $0) },
      { _ = unsafe mkfifo($0.description, 0o600) },
    ]
    for make in kinds {
      var bytes = sound
      bytes[name] = nil
      let directory = try put(bytes)
      try make(directory.appending(FilePath(name)))
      for mode in [IndexCatalog.Mode.reading, .writing] {
        do {
          _ = try IndexCatalog(directory: directory, mode: mode)
          Issue.record("it was opened")
        } catch { #expect(error.code == .damaged) }
      }
      try IndexCatalog.remove(from: directory)
      #expect(try listDirectory(directory).isEmpty)
      #expect(try readFile(outside).bytes == Array("untouched".utf8))
    }
  }

  @Test(arguments: [
    "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM segments; END", "CREATE TABLE x (y)",
    "CREATE INDEX i ON files (segment)", "CREATE VIEW v AS SELECT 1", "DROP TABLE runs",
  ])
  func `tables that are not those of the program are damage`(_ edit: String) throws {
    try { _ = try IndexCatalog(directory: tree.root, mode: .writing).commit(addition(1, ["a"])) }()
    #expect(execute(edit, in: tree.root.appending("catalog.sqlite")))
    for mode in [IndexCatalog.Mode.reading, .writing] {
      do {
        _ = try IndexCatalog(directory: tree.root, mode: mode)
        Issue.record("it was opened")
      } catch { #expect(error.code == .damaged) }
    }
  }

  @Test(arguments: [
    "DELETE FROM files WHERE path = x'61'", "UPDATE files SET modified = modified + 1 WHERE path = x'61'",
    "UPDATE files SET path = x'7a' WHERE path = x'61'", "UPDATE files SET checksum = checksum + 1 WHERE path = x'61'",
    "UPDATE segments SET chunk_count = chunk_count + 1", "UPDATE segments SET checksum = 5", "DELETE FROM builds",
    "UPDATE segments SET retired_files = x'0100000000000000'", "UPDATE builds SET model_name = 'other'",
    "UPDATE builds SET file_count = 3", "UPDATE generations SET is_complete = 0", "DELETE FROM generations",
    "UPDATE generations SET committed = 0 WHERE number = (SELECT max(number) FROM generations)",
    "DELETE FROM generations WHERE number = (SELECT max(number) FROM generations)",
    "INSERT INTO files SELECT build, x'7a', byte_count, modified, changed, inode, content_hash, segment, number, "
      + "skip_reason, checksum FROM files WHERE path = x'61'",
  ]) func `a row that is not as it was committed is damage`(_ edit: String) throws {
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      try catalog.reset(to: identity)
      _ = try catalog.commit(addition(1, ["a", "b"]))
      _ = try catalog.commit(CatalogChange(isComplete: true))
    }
    #expect(execute(edit, in: tree.root.appending("catalog.sqlite")))
    do {
      _ = try read(tree.root)
      Issue.record("it was taken for sound")
    } catch { #expect(error.code == .damaged) }
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      try catalog.forEachFile { _ in }
      _ = try catalog.commit(addition(2, ["c"]))
      Issue.record("it was written to")
    } catch { #expect(error.code == .damaged) }
  }

  @Test(arguments: [
    "UPDATE counters SET next_value = 1", "DELETE FROM counters", "UPDATE counters SET next_value = -7",
    "UPDATE counters SET next_value = 9223372036854775807",
  ]) func `a damaged counter never gives the number of a segment that is there`(_ edit: String) throws {
    do {
      let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
      for _ in 1...3 { _ = try catalog.reserveSegmentID() }
      _ = try catalog.commit(addition(3, ["a"]))
    }
    #expect(execute(edit, in: tree.root.appending("catalog.sqlite")))
    let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
    #expect(try catalog.reserveSegmentID { $0 < 7 } == 7)
    #expect(try catalog.reserveSegmentID() == 8)
  }
}
