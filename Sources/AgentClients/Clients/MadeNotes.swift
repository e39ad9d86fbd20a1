import Disk
import Primitives

/// What was made for clients that had nothing there: the files and directories that are removed again with the entry,
/// where nothing else has come into them. A file of lines: the kind, the hash of the content of a file that is Cairn's
/// alone, and the path. So are the files that were there and got an entry, which is then known from one that the user
/// wrote. One that is not there, or cannot be read, has nothing removed.
struct MadeNotes {
  enum Kind: String { case file, directory, entry }
  struct Note: Hashable {
    var kind: Kind
    var hash: ContentHash?
    var path: FilePath
  }

  private let file: FilePath
  private(set) var notes: [Note] = []
  private static let sizeLimit = 1 << 20

  init(_ file: FilePath) {
    self.file = file
    guard let status = try? FileStatus(of: file, followsLinks: false), status.isOwnFile(of: effectiveUser),
      let bytes = try? readFile(file, limit: Self.sizeLimit).bytes
    else { return }
    notes = bytes.split(separator: .newline).compactMap { line in
      let parts = line.split(separator: .tab, maxSplits: 2)
      guard parts.count == 3, let kind = Kind(rawValue: String(decoding: parts[0], as: UTF8.self)) else { return nil }
      let path = FilePath(bytes: Array(parts[2]))
      guard path.isAbsolute else { return nil }
      return Note(kind: kind, hash: ContentHash(digits: String(decoding: parts[1], as: UTF8.self)), path: path)
    }
  }

  func note(_ kind: Kind, at path: FilePath) -> Note? { notes.first { $0.kind == kind && $0.path == path } }

  /// The noted directories above `path`, the lowest first.
  func directories(above path: FilePath) -> [FilePath] {
    notes.filter { $0.kind == .directory && path.relative(to: $0.path) != nil }.map(\.path)
      .sorted { $0.bytes.count > $1.bytes.count }
  }

  /// Notes what is about to be made.
  mutating func add(_ note: Note) throws(Failure) {
    // A name with a line end in it cannot be noted, and what is there stays.
    guard !note.path.bytes.contains(.newline) else { return }
    notes.removeAll { $0.kind == note.kind && $0.path == note.path }
    notes.append(note)
    try write()
  }

  mutating func remove(_ kind: Kind, at path: FilePath) throws(Failure) {
    guard note(kind, at: path) != nil else { return }
    notes.removeAll { $0.kind == kind && $0.path == path }
    try write()
  }

  private func write() throws(Failure) {
    if notes.isEmpty { return try removeFile(file) }
    try makeDirectory(file.parent, mode: 0o700)
    var bytes: [UInt8] = []
    for note in notes {
      bytes += Array("\(note.kind.rawValue)\t\(note.hash?.description ?? "-")\t".utf8) + note.path.bytes + [.newline]
    }
    var written = try AtomicFile(HeldName(file))
    try written.write(bytes)
    try written.commit()
  }
}
