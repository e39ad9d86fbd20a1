import Corpus
import Disk
package import IndexStorage
import Inspection
package import Primitives
import Synchronization

/// The files in flight, kept in the index while a run reads them, so that the run after one that did not come to its
/// end knows what it was about.
///
/// A run may end for the fault of a file (a fault in a thread, a full stack, memory that the system's killer took back)
/// or for none (somebody kills it, the machine stops). So a file is skipped only
///
/// - when the thread that had it met a fault: the handler of the signal leaves a note of that; or
/// - when two runs ended at it, the second one while it was alone in flight: what was in flight when a run ended is
///   tried first, one by one, by the next, before any other thread begins. A file without fault takes some milliseconds
///   of that and is then as any other.
///
/// It is skipped until its content changes, another program comes (by the size and time of the executable), or a
/// rebuild is asked for. Where the file `underway` cannot be written, runs go on without it.
///
///     offset   bytes
///          0   8     "CAIRNUW1"
///         64   64n   32 files of earlier runs: path hash (16), content hash (16), program (8), stage (4),
///                    state (4: 1 suspected, 2 skipped)
///       2112   64n   256 threads: path hash (16), content hash (16), stage (4: 0 nothing, +16 alone), signal (4)
///
/// Numbers are little-endian, hashes are XXH3. The file is removed by a run that comes to its end and skips nothing.
/// Three writes of a microsecond for each file.
package final class UnderWay: Sendable {
  /// What is done with a file.
  enum Stage: UInt32, Sendable {
    /// Its syntax is read.
    case syntax = 1
    /// It is analysed and embedded.
    case analysis = 2
  }
  /// A file, by its path and its content.
  struct Subject: Hashable, Sendable {
    var path: ContentHash
    var content: ContentHash
  }
  private struct Entry: Sendable {
    var subject: Subject
    var program: UInt64
    var stage: Stage
    var isPassedOver: Bool
  }

  private static let magic = IndexDirectory.underWayMagic + Array("1".utf8)
  private static let recordByteCount = 64
  private static let entryLimit = 32
  private static let threadLimit = 256
  private static let byteCount = (1 + entryLimit + threadLimit) * recordByteCount
  private static let aloneBit: UInt32 = 16

  private let file: HeldName
  private let records = Mutex<RecordFile?>(nil)
  private let entries: Mutex<[Entry]>
  private let isThere: Bool
  /// Whether the run before was killed: it left this file, which says of no file that it is to be skipped, or of some
  /// that they were in flight.
  let isLeftBehind: Bool
  /// Files that another program skipped.
  package let released: Set<ContentHash>

  /// Reads what an earlier run left. The caller holds the writer's lock.
  ///
  /// - Parameter forgets: begins with nothing, as a rebuild does.
  package init(in directory: IndexDirectory, forgets: Bool) {
    file = directory.file(IndexDirectory.underWayName)
    let program = Self.currentProgram
    let bytes = (try? file.read(limit: Self.byteCount).bytes) ?? []
    isThere = (try? directory.held.status(of: IndexDirectory.underWayName)) != nil
    let found = Self.entries(of: bytes, program)
    isLeftBehind = isThere && (found.isEmpty || found.contains { !$0.isPassedOver })
    let left = forgets ? [] : found
    released = Set(left.filter { $0.program != program }.map(\.subject.path))
    entries = Mutex(left.filter { $0.program == program })
  }

  /// Opens the file for the threads of this run, and keeps what is suspected. Before the first file.
  package func start() {
    guard let opened = try? RecordFile(file) else { return }
    let bytes = wholeImage
    opened.write(bytes.span, at: 0)
    records.withLock { $0 = opened }
  }

  /// The files in flight when an earlier run ended, of which it is not known whether they ended it.
  package var suspects: Set<ContentHash> {
    Set(entries.withLock { $0.filter { !$0.isPassedOver }.map(\.subject.path) })
  }

  /// What must not be done with a file, because it ended a run.
  func verdict(on subject: Subject) -> Stage? {
    entries.withLock { entries in
      entries.isEmpty ? nil : entries.first { $0.isPassedOver && $0.subject == subject }?.stage
    }
  }

  /// A file that was suspected is known to be sound, or is not there any more.
  func acquit(_ path: ContentHash) {
    entries.withLock { $0.removeAll { !$0.isPassedOver && $0.subject.path == path } }
    let bytes = image
    _ = records.withLock { $0?.write(bytes.span, at: 0) }
  }

  /// What one thread is about.
  struct Thread: Sendable {
    fileprivate let records: RecordFile?
    fileprivate let offset: Int
    fileprivate let isAlone: Bool

    /// Notes that the thread is at this stage of the file. To be called on the thread itself.
    func begin(_ stage: Stage, of subject: Subject) {
      guard let records else { return }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(40)
      for word in [subject.path.high, subject.path.low, subject.content.high, subject.content.low] {
        bytes.append(littleEndian: word)
      }
      bytes.append(littleEndian: stage.rawValue | (isAlone ? UnderWay.aloneBit : 0))
      bytes.append(littleEndian: UInt32(0))
      records.write(bytes.span, at: offset)
      records.noteFault(at: offset + 36)
    }

    func reached(_ stage: Stage) { write(stage.rawValue | (isAlone ? UnderWay.aloneBit : 0)) }

    func end() {
      write(0)
      records?.noteFault(at: nil)
    }

    private func write(_ stage: UInt32) {
      guard let records else { return }
      var bytes: [UInt8] = []
      bytes.append(littleEndian: stage)
      records.write(bytes.span, at: offset + 32)
    }
  }

  /// - Parameter isAlone: no other thread has a file.
  func thread(_ number: Int, isAlone: Bool = false) -> Thread {
    let records = number < Self.threadLimit ? records.withLock { $0 } : nil
    return Thread(
      records: records, offset: (1 + Self.entryLimit + number) * Self.recordByteCount, isAlone: isAlone)
  }

  /// The run came to its end, whatever that was: what is not proved is forgotten.
  package func finish() {
    entries.withLock { $0.removeAll { !$0.isPassedOver } }
    let isNeeded = entries.withLock { !$0.isEmpty }
    let bytes = wholeImage
    records.withLock { records in
      if isNeeded {
        records?.write(bytes.span, at: 0)
      } else if records != nil || isThere {
        try? file.directory.remove(file.name)
      }
      records = nil
    }
  }

  // MARK: The bytes

  /// With no file in flight.
  private var wholeImage: [UInt8] {
    let image = image
    return image + [UInt8](repeating: 0, count: Self.byteCount - image.count)
  }

  private var image: [UInt8] {
    var bytes = Self.magic + [UInt8](repeating: 0, count: Self.recordByteCount - Self.magic.count)
    let entries = entries.withLock { Array($0.suffix(Self.entryLimit)) }
    for number in 0..<Self.entryLimit {
      let start = bytes.count
      if number < entries.count {
        let entry = entries[number]
        let subject = entry.subject
        for word in [subject.path.high, subject.path.low, subject.content.high, subject.content.low, entry.program] {
          bytes.append(littleEndian: word)
        }
        bytes.append(littleEndian: entry.stage.rawValue)
        bytes.append(littleEndian: UInt32(entry.isPassedOver ? 2 : 1))
      }
      bytes += [UInt8](repeating: 0, count: Self.recordByteCount - (bytes.count - start))
    }
    return bytes
  }

  /// What the file says of earlier runs; empty if it is not one of this kind.
  private static func entries(of bytes: [UInt8], _ program: UInt64) -> [Entry] {
    guard bytes.count >= recordByteCount, bytes.starts(with: magic) else { return [] }
    var entries: [Entry] = []
    for number in 0..<entryLimit {
      let offset = (1 + number) * recordByteCount
      guard offset + recordByteCount <= bytes.count else { continue }
      var reader = ByteReader(bytes.span, at: offset)
      guard let subject = try? subject(&reader), let program = try? reader.read(UInt64.self),
        let stage = (try? reader.read()).flatMap(Stage.init(rawValue:)), let state = try? reader.read(UInt32.self),
        state == 1 || state == 2
      else { continue }
      entries.append(Entry(subject: subject, program: program, stage: stage, isPassedOver: state == 2))
    }
    for number in 0..<threadLimit {
      var reader = ByteReader(bytes.span, at: (1 + entryLimit + number) * recordByteCount)
      guard let subject = try? subject(&reader), let word = try? reader.read(UInt32.self),
        let signal = try? reader.read(UInt32.self)
      else { break }
      guard let stage = Stage(rawValue: word & ~aloneBit) else { continue }
      let isKnown = entries.contains { $0.subject == subject && $0.isPassedOver && $0.program == program }
      entries.removeAll { $0.subject == subject }
      entries.append(
        Entry(
          subject: subject, program: program, stage: stage,
          isPassedOver: isKnown || signal != 0 || word & aloneBit != 0))
    }
    return entries
  }

  private static func subject(_ reader: inout ByteReader) throws(Failure) -> Subject {
    Subject(
      path: ContentHash(high: try reader.read(), low: try reader.read()),
      content: ContentHash(high: try reader.read(), low: try reader.read()))
  }

  /// Another executable, another number.
  private static let currentProgram: UInt64 = {
    guard let status = try? FileStatus(of: "/proc/self/exe") else { return 0 }
    return UInt64(truncatingIfNeeded: status.byteCount) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: status.modified)
  }()
}
