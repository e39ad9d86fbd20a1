import Catalog
package import Corpus
import Disk
package import Primitives

/// The commits that a history index knows of, newest first, each with the number by which the index' files name it: the
/// file `commits` beside the index' catalog.
///
/// No two commits of the list have one number, and each keeps its own for as long as it is in the list, so that what a
/// file of the index is called says which commit it is of. New commits get numbers above all before. Older ones that a
/// greater limit takes in get those below the least in the list, which others may have had that a smaller limit
/// dropped: all of such a number is read anew. The file is replaced as a whole, before the run that reads what its new
/// commits removed and once more after it.
///
///     offset   bytes
///          0   8     "CAIRNHL1"
///          8   8     checksum of all that follows (XXH3)
///         16   4     number that the next commit gets
///         20   4     how many commits were asked for at most; 0 for all
///         24   1     flags: 1 there are more commits than these, 2 the clone is shallow, 4 of some commits
///                      not all could be read, 8 a run is at work, or was ended: of a commit there may be fewer
///                      files than its count, and then it is not read yet
///         25   1     bytes of an object name (20 or 32), or 0 where there is no commit yet
///         26   n     name of the newest commit
///          …   ?     number of commits, then the commits:
///                      number, as the difference to the one before; how many files of the index are of it, and
///                      1 more, or 0 until all are there; name (n); number of parents (1) and their names; seconds
///                      (8); author's name, address and subject, each with its length before it
///
/// Numbers are little-endian, or LEB128 where no width is given.
package struct CommitLog: Hashable, Sendable {
  /// A commit of the log.
  package struct Entry: Hashable, Sendable {
    /// Its number in the index.
    package var number: UInt32
    package var commit: HistoryCommit
    /// How many files of the index are of it; nil until all that it removed is in the index.
    package var removalCount: Int?

    package init(number: UInt32, commit: HistoryCommit, removalCount: Int? = nil) {
      self.number = number
      self.commit = commit
      self.removalCount = removalCount
    }
  }

  /// The commit from which all others were reached; nil where there is none.
  package var head: GitObjectID?
  /// How many commits were asked for at most; nil for all.
  package var limit: Int?
  /// Whether there are older commits that the limit left out.
  package var isCut = false
  /// Whether the clone does not have its oldest commits' parents.
  package var isShallow = false
  /// Whether git could not compare some of the commits, or they removed more than is kept of one.
  package var isPartial = false
  /// Whether the counts of some commits are what a run is to bring, or was to bring that was ended: what the index has
  /// of them tells which are read (`counted`).
  package var isUnderWay = false
  /// Newest first: descending by number.
  package var entries: [Entry] = []
  /// The number that the next commit gets.
  package var nextNumber: UInt32 = firstNumber

  /// Room below for older commits that a greater limit takes in later.
  private static let firstNumber: UInt32 = 1 << 31

  package init() {}

  /// The commit of this number; nil where the log has none.
  package subscript(number number: UInt32) -> Entry? {
    var range = 0..<entries.count
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if entries[middle].number == number { return entries[middle] }
      range = entries[middle].number > number ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }

  /// Whether what every commit removed is in the index, and the run that brought it has come to its end.
  package var isRead: Bool { !isUnderWay && entries.allSatisfy { $0.removalCount != nil } }

  /// The log with what is read of it: nothing is, of a commit of which the index has another number of files than it is
  /// to have.
  ///
  /// - Parameter counts: the files that the index has, by the number of their commit.
  package func counted(by counts: [UInt32: Int]) -> CommitLog {
    var log = self
    for index in log.entries.indices where log.entries[index].removalCount != counts[log.entries[index].number] ?? 0 {
      log.entries[index].removalCount = nil
    }
    return log
  }

  /// When the oldest commit was made, in seconds since 1970; nil where there is none.
  package var oldestSeconds: Int64? { entries.map(\.commit.seconds).min() }

  /// The log after `commits` (newest first) were listed from `head`: known ones keep their numbers, those that are no
  /// longer reached are dropped, new ones get the next numbers in their order, those that are older than all known ones
  /// (after a greater limit) the numbers below.
  package func updated(
    to commits: [HistoryCommit], head: GitObjectID?, limit: Int?, isCut: Bool, isShallow: Bool
  ) -> CommitLog {
    var known: [GitObjectID: Entry] = [:]
    for entry in entries { known[entry.commit.id] = entry }
    var log = CommitLog()
    (log.head, log.limit, log.isCut, log.isShallow, log.isPartial) = (head, limit, isCut, isShallow, isPartial)
    log.nextNumber = nextNumber
    var oldest = entries.last?.number ?? nextNumber
    let lastKnown = commits.lastIndex { known[$0.id] != nil }
    // New commits behind the last known one are older than all of them, as where the limit was raised.
    var numbers: [Int: UInt32] = [:]
    for index in commits.indices.reversed() where known[commits[index].id] == nil {
      if let lastKnown, index > lastKnown { continue }
      numbers[index] = log.nextNumber
      log.nextNumber += 1
    }
    if let lastKnown {
      for index in commits.indices where index > lastKnown {
        oldest -= 1
        numbers[index] = oldest
      }
    }
    for (index, commit) in commits.enumerated() {
      if var entry = known[commit.id] {
        entry.commit = commit
        log.entries.append(entry)
      } else if let number = numbers[index] {
        log.entries.append(Entry(number: number, commit: commit))
      }
    }
    log.entries.sort { $0.number > $1.number }
    return log
  }
}

// MARK: The file

extension CommitLog {
  static let magic = Array("CAIRNHL1".utf8)

  /// The bytes of the file.
  package var bytes: [UInt8] {
    var body: [UInt8] = []
    body.append(littleEndian: nextNumber)
    body.append(littleEndian: UInt32(clamping: limit ?? 0))
    body.append((isCut ? 1 : 0) | (isShallow ? 2 : 0) | (isPartial ? 4 : 0) | (isUnderWay ? 8 : 0))
    body.append(UInt8(head?.bytes.count ?? 0))
    body += head?.bytes ?? []
    body.append(varint: UInt64(entries.count))
    var last: UInt32 = .max
    for entry in entries {
      body.append(varint: UInt64(last - entry.number))
      last = entry.number
      body.append(varint: UInt64(entry.removalCount.map { $0 + 1 } ?? 0))
      body += entry.commit.id.bytes
      body.append(UInt8(entry.commit.parents.count))
      for parent in entry.commit.parents { body += parent.bytes }
      body.append(littleEndian: entry.commit.seconds)
      for text in [entry.commit.authorName, entry.commit.authorAddress, entry.commit.subject] {
        body.append(varint: UInt64(text.count))
        body += text
      }
    }
    var bytes = Self.magic
    bytes.append(littleEndian: checksum(body.span))
    return bytes + body
  }

  /// Reads the file. Throws `.damaged` where it is not what was written.
  package init(_ bytes: [UInt8]) throws(Failure) {
    guard bytes.count > 16, bytes.starts(with: Self.magic) else {
      throw Failure(.damaged, "it is no list of commits of Cairn's")
    }
    var reader = ByteReader(bytes.span, at: 8)
    let sum: UInt64 = try reader.read()
    guard checksum(bytes.span.extracting(16..<bytes.count)) == sum else {
      throw Failure(.damaged, "the list of commits is not what was written")
    }
    nextNumber = try reader.read()
    let limit: UInt32 = try reader.read()
    self.limit = limit == 0 ? nil : Int(limit)
    let flags: UInt8 = try reader.read()
    (isCut, isShallow, isPartial) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0)
    isUnderWay = flags & 8 != 0
    let nameByteCount = Int(try reader.read(UInt8.self))
    head = GitObjectID(bytes: try reader.readBytes(nameByteCount))
    let count = try reader.readVarint()
    // Each takes more than its name.
    guard head != nil || count == 0, count <= UInt64(reader.remaining / max(1, nameByteCount)) else {
      throw Failure(.damaged, "the list of commits ends too soon")
    }
    entries.reserveCapacity(Int(count))
    var last: UInt64 = UInt64(UInt32.max)
    for _ in 0..<count {
      let step = try reader.readVarint()
      guard step <= last, step > 0 || entries.isEmpty else {
        throw Failure(.damaged, "the list of commits is out of order")
      }
      last -= step
      let count = try reader.readVarint()
      guard count < 1 << 32 else { throw Failure(.damaged, "the list of commits counts what cannot be") }
      guard let id = GitObjectID(bytes: try reader.readBytes(nameByteCount)) else {
        throw Failure(.damaged, "the list of commits names what is no commit")
      }
      var parents: [GitObjectID] = []
      for _ in 0..<(try reader.read(UInt8.self)) {
        if let parent = GitObjectID(bytes: try reader.readBytes(nameByteCount)) { parents.append(parent) }
      }
      let seconds: Int64 = try reader.read()
      var texts: [[UInt8]] = []
      for _ in 0..<3 {
        let byteCount = Int(clamping: try reader.readVarint())
        texts.append(try reader.readBytes(byteCount))
      }
      entries.append(
        Entry(
          number: UInt32(last),
          commit: HistoryCommit(
            id: id, parents: parents, seconds: seconds, authorName: texts[0], authorAddress: texts[1], subject: texts[2]
          ),
          removalCount: count == 0 ? nil : Int(count) - 1))
    }
  }
}

extension IndexDirectory {
  static let commitLogName: FilePath = "commits"
  /// A log of a million commits has 200 MB.
  private static let commitLogByteLimit = 1 << 30

  /// The commits that this index, one of a history, knows of; nil where there is no list. Throws `.damaged` where it is
  /// not what was written.
  package func commitLog() throws(Failure) -> CommitLog? {
    let bytes: [UInt8]
    do throws(Failure) {
      bytes = try file(Self.commitLogName).read(limit: Self.commitLogByteLimit).bytes
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    do throws(Failure) { return try CommitLog(bytes) } catch {
      throw Failure(
        .damaged, error.message, path: path.appending(Self.commitLogName), cause: error.cause, remedy: .index)
    }
  }

  /// Keeps `log`, whole or not at all. The caller is the one writer of the index.
  package func keep(_ log: CommitLog) throws(Failure) { try write(log.bytes, to: Self.commitLogName) }
}

extension StoredIndex {
  /// The commits that this index, one of a history, knows of, with what is read of them also where the run that reads
  /// them is still at work or was ended; nil where there is no list. Reads the catalog's rows then. Throws `.damaged`
  /// as `IndexDirectory.commitLog` does.
  package func commitLog() throws(Failure) -> CommitLog? {
    let directory = try site.open()
    let log = try directory.commitLog()
    guard let log, log.isUnderWay else { return log }
    var counts: [UInt32: Int] = [:]
    try directory.catalog(.reading).forEachFile { row in
      if let number = RemovalPath.number(of: row.path.bytes.span) { counts[number, default: 0] += 1 }
    }
    return log.counted(by: counts)
  }
}
