import Disk
import Primitives
import SQLite

/// The newest generation, kept in a small file beside the catalog (`catalog.newest`): a log that was damaged takes the
/// last commits back in silence, and this tells.
///
/// Written after each durable commit, so that a crash in between leaves it behind and never ahead: only a catalog that
/// is behind it has lost something. Where it cannot be written, the one from before stays; that of the first generation
/// is written at the latest before the second is committed. It need not be durable.
///
/// One that is damaged, or missing beside more than the first generation, says nothing to a reader; `verify` tells of
/// it. One of the same generation with another checksum is of another index, or the catalog is, and a reader refuses
/// both. In all these cases the next writer looks at the tree again and writes another.
///
/// One line: `cairn-generation NUMBER CHECKSUM CHECK`, the generation's own checksum and that of the line before it, in
/// hexadecimal.
struct CatalogMark: Hashable {
  static let fileName: FilePath = "catalog.newest"

  var generation: Generation
  var checksum: UInt64

  init(generation: Generation, checksum: UInt64) {
    self.generation = generation
    self.checksum = checksum
  }

  /// What there is beside a catalog.
  enum State {
    case missing
    case sound(CatalogMark)
    /// Its content makes no sense or is too long, or it is not a regular file of one name that belongs to the
    /// directory's owner.
    case damaged
    case unreadable(Failure)
  }

  static func state(beside catalog: HeldName) -> State {
    do throws(Failure) {
      let bytes = try file(beside: catalog).read(limit: 128).bytes
      return CatalogMark(bytes).map { .sound($0) } ?? .damaged
    } catch {
      switch error.code {
      case .notFound: return .missing
      case .damaged, .tooLarge: return .damaged
      default: return .unreadable(error)
      }
    }
  }

  /// The mark beside `catalog`; nil if there is none, or none that makes sense.
  init?(beside catalog: HeldName) {
    guard case .sound(let mark) = Self.state(beside: catalog) else { return nil }
    self = mark
  }

  private init?(_ bytes: [UInt8]) {
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 4, let generation = Generation(words[1]), let checksum = UInt64(words[2], radix: 16),
      // Beyond it the next generation would be none that a catalog may have.
      generation > 0, generation < 1 << 45
    else { return nil }
    self.init(generation: generation, checksum: checksum)
    // The one text that there is for both numbers.
    if bytes != text { return nil }
  }

  private var text: [UInt8] {
    let beginning = "cairn-generation \(generation) \(String(checksum, radix: 16)) "
    return Array((beginning + String(Primitives.checksum(Array(beginning.utf8).span), radix: 16) + "\n").utf8)
  }

  /// Puts the mark in its place, also in that of an empty directory. Where that fails, there is a mark from before or
  /// none, which raises no false alarm.
  func write(beside catalog: HeldName) {
    do throws(Failure) { try put(beside: catalog) } catch {
      guard Self.isDirectory(beside: catalog), (try? catalog.directory.remove(Self.fileName)) != nil else { return }
      try? put(beside: catalog)
    }
  }

  func put(beside catalog: HeldName) throws(Failure) {
    var file = try AtomicFile(Self.file(beside: catalog))
    try file.write(text)
    try file.commit(isDurable: false)
  }

  private static func isDirectory(beside catalog: HeldName) -> Bool {
    (try? catalog.directory.status(of: fileName))?.kind == .directory
  }

  /// Whether a directory that holds something is in its place, which no run takes away.
  static func isBarred(beside catalog: HeldName) -> Bool {
    guard isDirectory(beside: catalog) else { return false }
    return (try? catalog.directory.directory(fileName).entries().isEmpty) != true
  }

  static func file(beside catalog: HeldName) -> HeldName {
    HeldName(fileName, in: catalog.directory, path: catalog.path.parent.appending(fileName))
  }

  /// Whether it and a catalog whose newest generation is `generation` cannot be of one index: each generation is
  /// committed once.
  func isForeign(to generation: Generation, _ checksum: UInt64) -> Bool {
    generation == self.generation && checksum != self.checksum
  }

  /// Throws `.damaged` where a catalog whose newest generation is `generation` has lost commits, or is of another
  /// index.
  func check(_ generation: Generation, _ checksum: UInt64, _ path: FilePath) throws(Failure) {
    if isForeign(to: generation, checksum) {
      throw Failure(
        .damaged,
        "the index's catalog and the mark of its newest generation (\(Self.fileName)) are of two indexes: the next run "
          + "looks at every file again and writes another mark", path: path, remedy: .index)
    }
    if generation >= self.generation { return }
    throw Failure.damagedCatalog(
      path,
      cause:
        "generation \(self.generation) was committed and is not there, or its mark (\(Self.fileName)) is of another "
        + "index; the newest that is there is \(generation)")
  }
}
