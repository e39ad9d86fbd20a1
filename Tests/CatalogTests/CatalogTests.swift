import Catalog
import Corpus
import Disk
import Inspection
import Primitives
import TestSupport
import Testing

/// A record whose fields follow from `seed`.
func file(_ path: FilePath, _ seed: Int, _ state: FileRecord.State) -> FileRecord {
  FileRecord(
    path: path,
    fingerprint: Fingerprint(
      byteCount: seed, modified: Int64(seed) * 1_000_003, changed: -Int64(seed), inode: UInt64.max - UInt64(seed)),
    contentHash: ContentHash(high: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15, low: UInt64.max - UInt64(seed)), state: state)
}

func segment(_ id: SegmentID, files: Int, tombstoned: [Int] = []) -> SegmentRecord {
  var set = BitSet(capacity: files)
  for number in tombstoned { set.insert(number) }
  return SegmentRecord(
    id: id, fileCount: files, chunkCount: 2 * files, byteCount: 100 * files,
    checksum: UInt64.max / UInt64(id), tombstones: set)
}

let identity = IndexIdentity(
  modelName: "hashing", modelHash: ContentHash(high: .max, low: 7), dimensions: 64, chunkerVersion: 3,
  analyzerVersion: 4, settings: "chunk-bytes=1500")

/// A change that adds segment `id` with one file for each of `paths`.
func addition(_ id: SegmentID, _ paths: [FilePath], isComplete: Bool = true) -> CatalogChange {
  var change = CatalogChange(isComplete: isComplete)
  change.addedSegments = [segment(id, files: paths.count)]
  for (number, path) in paths.enumerated() {
    change.upsertedFiles.append(file(path, number, .indexed(segment: id, number: number)))
  }
  return change
}

@Suite struct CatalogTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }

  func open(_ mode: IndexCatalog.Mode = .writing) throws(Failure) -> IndexCatalog {
    try IndexCatalog(directory: tree.root, mode: mode)
  }

  @Test func `a new catalog knows nothing and is not complete`() throws {
    let catalog = try open()
    #expect(try catalog.identity() == nil)
    #expect(try catalog.snapshot() == CatalogSnapshot(generation: 0, segments: [], isComplete: false))
    #expect(try catalog.files() == [])
    try catalog.verify()
  }

  @Test func `there is nothing to read where nothing was written`() throws {
    #expect(throws: Failure.self) { try open(.reading) }
    do { _ = try open(.reading) } catch { #expect(error.code == .notFound) }
    #expect(!fileExists(tree.root.appending("catalog.sqlite")))
  }

  @Test func `a file that a killed process left empty is no index yet and can be written`() throws {
    try tree.write("catalog.sqlite", "")
    do {
      _ = try open(.reading)
      Issue.record("an empty file was taken for an index")
    } catch { #expect(error.code == .notFound) }
    #expect(try open().snapshot().generation == 0)
  }

  @Test func `what is committed is read back by another connection`() throws {
    let paths: [FilePath] = [FilePath(bytes: [0x61, 0x0A, 0xFF]), "a b.c", "z"]
    do {
      let catalog = try open()
      try catalog.reset(to: identity)
      let id = try catalog.reserveSegmentID()
      var change = addition(id, paths)
      change.upsertedFiles.append(file("binary.png", 9, .skipped(.binary)))
      #expect(try catalog.commit(change) == 2)
    }
    let reader = try open(.reading)
    #expect(try reader.identity() == identity)
    let snapshot = try reader.snapshot()
    #expect(snapshot.generation == 2)
    #expect(snapshot.isComplete)
    #expect(snapshot.identity == identity)
    #expect(snapshot.segments == [segment(1, files: 3)])
    #expect(
      try reader.files()
        == [
          file("a b.c", 1, .indexed(segment: 1, number: 1)),
          file(FilePath(bytes: [0x61, 0x0A, 0xFF]), 0, .indexed(segment: 1, number: 0)),
          file("binary.png", 9, .skipped(.binary)),
          file("z", 2, .indexed(segment: 1, number: 2)),
        ].sorted { $0.path < $1.path })
    try reader.verify()
  }

  @Test func `files come in the order of their bytes, one by one as well as all together`() throws {
    let catalog = try open()
    var random = SeededRandom(seed: 5)
    var paths: Set<FilePath> = []
    while paths.count < 300 {
      let length = Int.random(in: 1...12, using: &random)
      // Few different bytes, so that many paths share a beginning; 0x80 and above, where a signed order would differ.
      paths.insert(
        FilePath(bytes: (0..<length).map { _ in [1, 0x2F, 0x61, 0x80, 0xFF].randomElement(using: &random)! }))
    }
    _ = try catalog.commit(addition(1, Array(paths)))
    let files = try catalog.files()
    #expect(files.map(\.path) == paths.sorted())
    var streamed: [FileRecord] = []
    try catalog.forEachFile { streamed.append($0) }
    #expect(streamed == files)
  }

  @Test func `a change is applied whole or not at all`() throws {
    let catalog = try open()
    _ = try catalog.commit(addition(1, ["a", "b"]))
    let before = (try catalog.snapshot(), try catalog.files())
    var wrong = addition(2, ["c"])
    wrong.removedFiles = ["a"]
    wrong.tombstones = [9: [0]]
    #expect(throws: Failure.self) { try catalog.commit(wrong) }
    wrong.tombstones = [1: [2]]
    #expect(throws: Failure.self) { try catalog.commit(wrong) }
    wrong.tombstones = [1: [0]]
    wrong.upsertedFiles.append(file("d", 0, .indexed(segment: 77, number: 0)))
    #expect(throws: Failure.self) { try catalog.commit(wrong) }
    #expect(try catalog.snapshot() == before.0)
    #expect(try catalog.files() == before.1)
    try catalog.verify()
  }

  @Test func `tombstoned files add up, and a merge moves files to their new segment`() throws {
    let catalog = try open()
    _ = try catalog.commit(addition(1, ["a", "b", "c"]))
    var change = addition(2, ["b"])
    change.tombstones = [1: [1]]
    _ = try catalog.commit(change)
    change = CatalogChange(isComplete: true)
    change.removedFiles = ["c"]
    change.tombstones = [1: [2]]
    _ = try catalog.commit(change)
    #expect(try catalog.snapshot().segments == [segment(1, files: 3, tombstoned: [1, 2]), segment(2, files: 1)])
    try catalog.verify()

    var merge = CatalogChange(isComplete: true)
    merge.addedSegments = [segment(3, files: 2)]
    merge.movedFiles = [MovedFile(path: "a", segment: 3, number: 0), MovedFile(path: "b", segment: 3, number: 1)]
    merge.removedSegments = [1, 2]
    #expect(try catalog.commit(merge) == 4)
    #expect(try catalog.snapshot().segments == [segment(3, files: 2)])
    #expect(try catalog.files().map(\.state) == [.indexed(segment: 3, number: 0), .indexed(segment: 3, number: 1)])
    try catalog.verify()
  }

  @Test func `a tombstoned file is live again under its path, in one commit with what it replaces`() throws {
    let catalog = try open()
    _ = try catalog.commit(addition(1, ["a", "b"]))
    var change = addition(2, ["b"])
    change.tombstones = [1: [1]]
    _ = try catalog.commit(change)
    change = CatalogChange(isComplete: true)
    var file = try #require(try catalog.files().last)
    file.state = .indexed(segment: 1, number: 1)
    change.upsertedFiles = [file]
    change.revived = [1: [1]]
    change.tombstones = [2: [0]]
    _ = try catalog.commit(change)
    let snapshot = try catalog.snapshot()
    #expect(snapshot.segments == [segment(1, files: 2), segment(2, files: 1, tombstoned: [0])])
    #expect(snapshot.liveSegments == [segment(1, files: 2)])
    try catalog.verify()
    // What is live cannot come back.
    #expect(throws: Failure.self) { try catalog.commit(change) }
    #expect(try catalog.snapshot() == snapshot)
  }

  @Test func `a gap that is closed stays noted for what is tombstoned of its path`() throws {
    let catalog = try open()
    var change = addition(1, ["a", "b"])
    change.openedGaps = [SyntaxGap(path: "a", reason: .memoryLimit, byteLimit: 5)]
    _ = try catalog.commit(change)
    #expect(try catalog.syntaxGaps().map(\.path) == ["a"])
    change = CatalogChange(isComplete: true)
    change.closedGaps = ["a", "b"]
    _ = try catalog.commit(change)
    #expect(try catalog.syntaxGaps().isEmpty)
    #expect(try catalog.recordedGaps().map(\.path) == ["a"])
    change.closedGaps = []
    change.openedGaps = [SyntaxGap(path: "a", reason: .noMemory, byteLimit: 7)]
    _ = try catalog.commit(change)
    #expect(try catalog.syntaxGaps().map(\.byteLimit) == [7] && catalog.recordedGaps().count == 1)
  }

  @Test func `a segment in which files lie cannot be removed`() throws {
    let catalog = try open()
    _ = try catalog.commit(addition(1, ["a"]))
    var change = CatalogChange(isComplete: true)
    change.removedSegments = [1]
    #expect(throws: Failure.self) { try catalog.commit(change) }
    #expect(try catalog.snapshot().segments.count == 1)
  }

  @Test func `a segment's number is never given twice, not even after a reset`() throws {
    var numbers: [SegmentID] = []
    for _ in 0..<3 {
      let catalog = try open()
      numbers.append(try catalog.reserveSegmentID())
      try catalog.reset(to: identity)
      numbers.append(try catalog.reserveSegmentID())
    }
    #expect(numbers == [1, 2, 3, 4, 5, 6])
  }

  @Test func `a reset forgets files and segments and goes on counting generations`() throws {
    let catalog = try open()
    _ = try catalog.commit(addition(1, ["a"]))
    try catalog.reset(to: identity)
    let snapshot = try catalog.snapshot()
    #expect(snapshot.generation == 2)
    #expect(!snapshot.isComplete)
    #expect(snapshot.segments.isEmpty)
    #expect(try catalog.files().isEmpty)
    try catalog.verify()
  }

  @Test func `verification finds a file in a tombstoned place and a place without a file`() throws {
    let catalog = try open()
    var change = addition(1, ["a", "b"])
    change.addedSegments = [segment(1, files: 2, tombstoned: [0])]
    _ = try catalog.commit(change)
    #expect(throws: Failure.self) { try catalog.verify() }
    change = CatalogChange(isComplete: true)
    change.removedFiles = ["a", "b"]
    _ = try catalog.commit(change)
    #expect(throws: Failure.self) { try catalog.verify() }
  }

  @Test func `the journal keeps the newest runs, and one without an end was killed`() throws {
    let catalog = try open()
    var last = RunRecord(started: 0)
    for started in 1...130 {
      last = RunRecord(started: Int64(started))
      last.id = try catalog.beginRun(last)
    }
    #expect(try catalog.runs(limit: 1) == [last])
    last.finished = 500
    last.filesIndexed = 3
    last.failure = "the disk is full"
    try catalog.finishRun(last)
    #expect(try catalog.runs(limit: 1) == [last])
    #expect(try catalog.runs(limit: 1000).count == 100)
  }
}
