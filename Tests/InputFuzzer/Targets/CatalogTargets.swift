import Catalog
import Corpus
import Disk
import Inspection
import Primitives

extension InputTarget {
  /// A catalog some of whose bytes are others: four bytes of the input say which byte is what. It answers as before,
  /// or says that it is damaged.
  static let catalog = InputTarget("catalog", byteLimit: 96) { input in
    let sound = SoundCatalog.shared
    var database = sound.database
    for i in 0..<input.count / 4 {
      database[(input.number(at: 4 * i) | Int(input[4 * i + 2]) << 16) % database.count] = input[4 * i + 3]
    }
    sound.write(database: database.span, mark: sound.mark.span)
    guard let state = sound.read() else { return }
    expect(state == sound.state, "a catalog with other bytes gives another answer")
  }

  /// The mark beside a catalog, which says what the newest generation is.
  static let catalogMark = InputTarget("catalog-mark", byteLimit: 256) { input in
    let sound = SoundCatalog.shared
    sound.write(database: sound.database.span, mark: input)
    guard let state = sound.read() else { return }
    expect(state == sound.state, "a catalog with another mark gives another answer")
  }
}

/// A small catalog in a directory of this process, as a run leaves it.
private struct SoundCatalog: Sendable {
  struct State: Equatable, Sendable {
    var snapshot: CatalogSnapshot
    var files: [FileRecord]
  }

  static let shared = SoundCatalog()

  let database: [UInt8]
  let mark: [UInt8]
  let state: State
  private let scratch = ScratchDirectory("catalog")

  private init() {
    do throws(Failure) {
      try Self.make(in: scratch.path)
      database = try readFile(scratch.path.appending(IndexCatalog.fileName)).bytes
      mark = try readFile(scratch.path.appending(IndexCatalog.newestName)).bytes
      let catalog = try IndexCatalog(directory: scratch.path, mode: .reading)
      state = State(snapshot: try catalog.snapshot(), files: try catalog.files())
    } catch { stop("\(error)") }
  }

  /// The state that a reader sees; nil where it says that the catalog is damaged, or is none of this format.
  func read() -> State? {
    do throws(Failure) {
      let catalog = try IndexCatalog(directory: scratch.path, mode: .reading)
      let state = State(snapshot: try catalog.snapshot(), files: try catalog.files())
      _ = try? catalog.verify()
      _ = try? catalog.damageOfMark()
      _ = try? catalog.unread()
      _ = try? catalog.runs(limit: 10)
      return state
    } catch { return nil }
  }

  func write(database: Span<UInt8>, mark: Span<UInt8>) {
    for name in IndexCatalog.fileNames { scratch.remove(name) }
    scratch.write(IndexCatalog.fileName, database)
    scratch.write(IndexCatalog.newestName, mark)
  }

  private static func make(in directory: FilePath) throws(Failure) {
    let catalog = try IndexCatalog(directory: directory, mode: .writing)
    try catalog.reset(
      to: IndexIdentity(
        modelName: "hashing", modelHash: ContentHash(high: .max, low: 7), dimensions: 64, chunkerVersion: 3,
        analyzerVersion: 4, settings: "chunk-bytes=1500"))
    for id in 1...2 {
      var change = CatalogChange(isComplete: true)
      change.addedSegments = [
        SegmentRecord(
          id: SegmentID(id), fileCount: 9, chunkCount: 40, byteCount: 9000, checksum: UInt64(id) &* 0x9E37_79B9_7F4A,
          tombstones: BitSet(capacity: 9))
      ]
      for number in 0..<9 {
        change.upsertedFiles.append(
          FileRecord(
            path: FilePath("some/directory/\(id)/file\(number).swift"),
            fingerprint: Fingerprint(
              byteCount: number, modified: Int64(number) * 1_000_003, changed: -Int64(number),
              inode: .max - UInt64(number)),
            contentHash: ContentHash(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: .max - UInt64(number)),
            state: number == 8 ? .skipped(.binary) : .indexed(segment: SegmentID(id), number: number)))
      }
      _ = try catalog.commit(change)
    }
  }
}
