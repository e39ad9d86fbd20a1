import Disk
import Primitives
import Synchronization

/// The files outside of what a walk lists on which it hangs what belongs to a tree, as they were just before each was
/// read: git's own and the user's, and those of them that are not there. Who keeps it can tell later, for a few system
/// calls, whether they would say the same. Safe to share by threads.
final class ConsultedFiles: Sendable {
  /// What was asked of one file, and the answer.
  private struct Entry {
    enum Answer: Hashable {
      case kind(FileStatus.Kind)
      case content(Fingerprint)
      case missing
      case failed(Failure.Code)
    }
    var path: FilePath
    var followsLinks: Bool
    var wantsContent: Bool
    var answer: Answer
    /// In nanoseconds since 1970.
    var askedAt: Int64

    init(_ path: FilePath, followsLinks: Bool, wantsContent: Bool, answer: Answer, askedAt: Int64) {
      self.path = path
      self.followsLinks = followsLinks
      self.wantsContent = wantsContent
      self.answer = answer
      self.askedAt = askedAt
    }

    /// Asks now.
    init(_ path: FilePath, followsLinks: Bool, wantsContent: Bool) {
      self.path = path
      self.followsLinks = followsLinks
      self.wantsContent = wantsContent
      askedAt = wallClockNanoseconds()
      do throws(Failure) {
        let status = try FileStatus(of: path, followsLinks: followsLinks)
        answer = wantsContent && status.kind == .file ? .content(Fingerprint(status)) : .kind(status.kind)
      } catch { answer = error.code == .notFound ? .missing : .failed(error.code) }
    }

    /// Whether the file may have been written after it was read without its times telling.
    var isRacy: Bool {
      guard case .content(let fingerprint) = answer else { return false }
      return fingerprint.isRacy(readAt: askedAt)
    }
  }

  private let entries = Mutex<[Entry]>([])

  init() {}

  /// Notes down the content of the file at `path`, which is read next; a link is followed.
  func note(contentOf path: FilePath, followsLinks: Bool = true) {
    let entry = Entry(path, followsLinks: followsLinks, wantsContent: true)
    entries.withLock { $0.append(entry) }
  }

  /// Notes down what is at `path`, whatever is in it.
  func note(kindOf path: FilePath, followsLinks: Bool = true) {
    let entry = Entry(path, followsLinks: followsLinks, wantsContent: false)
    entries.withLock { $0.append(entry) }
  }

  /// Whether every file is as it was.
  ///
  /// - Parameter distrustsTimes: a file that was written just before it was read counts as changed, since it may have
  ///   been written once more in the same moment.
  func isUnchanged(distrustsTimes: Bool) -> Bool {
    entries.withLock { $0 }.allSatisfy { old in
      if distrustsTimes, old.isRacy { return false }
      return Entry(old.path, followsLinks: old.followsLinks, wantsContent: old.wantsContent).answer == old.answer
    }
  }

  /// The places where a change of them shows: directories, and the names in each that matter. They are the directory
  /// of each file, and the one above that, since a directory may be moved or shut; further up, as long as these are not
  /// there and may be made; and, where links are followed, also those of each link on the way and of what they lead to.
  func places() -> [FilePath: Set<FilePath>] {
    var places: [FilePath: Set<FilePath>] = [:]
    func add(_ path: FilePath) {
      var path = path
      var count = 0
      while path.isAbsolute, path.parent != path, count < 2 || !fileExists(path) {
        places[path.parent, default: []].insert(path.lastComponent)
        path = path.parent
        count += 1
      }
    }
    for entry in entries.withLock({ $0 }) {
      add(entry.path)
      // The path to a file that is not followed may lead through links, too.
      linksFollowed(by: entry.followsLinks ? entry.path : entry.path.parent).forEach(add)
      guard entry.followsLinks else { continue }
      if let resolved = try? resolvedPath(entry.path), resolved != entry.path { add(resolved) }
    }
    return places
  }

  /// Whether it says as much as `other` does: of the same files the same, and of none that it was written too recently.
  func isAsGood(as other: ConsultedFiles) -> Bool {
    let (own, others) = (entries.withLock { $0 }, other.entries.withLock { $0 })
    return own.count == others.count
      && zip(own, others).allSatisfy {
        $0.path == $1.path && $0.followsLinks == $1.followsLinks && $0.wantsContent == $1.wantsContent
          && $0.answer == $1.answer && $0.isRacy == $1.isRacy
      }
  }

  // MARK: Between two processes

  /// Appends what `init(_:)` reads: the number of the files, and of each its path, a byte that says how it was asked
  /// for and what the answer was, the answer, and when.
  func append(to bytes: inout [UInt8]) {
    let entries = entries.withLock { $0 }
    bytes.append(varint: UInt64(entries.count))
    for entry in entries {
      bytes.append(run: entry.path.bytes)
      let asked: UInt8 = (entry.followsLinks ? 1 : 0) | (entry.wantsContent ? 2 : 0)
      switch entry.answer {
      case .missing: bytes.append(asked)
      case .kind(let kind):
        bytes.append(asked | 4)
        bytes.append(UInt8(Self.kinds.firstIndex(of: kind) ?? 0))
      case .content(let fingerprint):
        bytes.append(asked | 8)
        bytes.append(varint: UInt64(bitPattern: Int64(fingerprint.byteCount)))
        bytes.append(varint: fingerprint.inode)
        bytes.append(signed: fingerprint.modified)
        bytes.append(signed: fingerprint.changed)
      case .failed(let code):
        bytes.append(asked | 12)
        bytes.append(run: Array(code.rawValue.utf8))
      }
      bytes.append(signed: entry.askedAt)
    }
  }

  /// Takes over what another process was told. A path that is not absolute means another file in each directory, and
  /// counts as damage.
  init(_ reader: inout CacheReader) {
    var read: [Entry] = []
    for _ in 0..<reader.count() where !reader.isDamaged {
      let path = FilePath(bytes: Array(reader.run()))
      if !path.isAbsolute || path.bytes.contains(0) { reader.refuse() }
      let asked = reader.byte()
      let answer: Entry.Answer
      switch asked >> 2 {
      case 0: answer = .missing
      case 1:
        let number = Int(reader.byte())
        if number >= Self.kinds.count { reader.refuse() }
        answer = .kind(Self.kinds[min(number, Self.kinds.count - 1)])
      case 2:
        let byteCount = Int(truncatingIfNeeded: reader.number())
        let inode = reader.number()
        let modified = reader.signedNumber()
        answer = .content(
          Fingerprint(byteCount: byteCount, modified: modified, changed: reader.signedNumber(), inode: inode))
      default: answer = .failed(Failure.Code(rawValue: String(decoding: reader.run(), as: UTF8.self)))
      }
      read.append(
        Entry(
          path, followsLinks: asked & 1 != 0, wantsContent: asked & 2 != 0, answer: answer,
          askedAt: reader.signedNumber()))
    }
    entries.withLock { [read] in $0 = read }
  }

  private static let kinds: [FileStatus.Kind] = [.file, .directory, .symbolicLink, .other]
}
