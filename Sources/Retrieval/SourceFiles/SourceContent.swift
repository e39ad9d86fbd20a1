import Disk
import Primitives

/// A file as a search reads it: open on the disk, or the whole content of one that is in a commit.
enum SourceContent: ~Copyable, Sendable {
  case file(OpenFile)
  case bytes([UInt8])

  /// As it was when it was opened.
  var byteCount: Int {
    switch self {
    case .file(let file): file.status.byteCount
    case .bytes(let bytes): bytes.count
    }
  }

  /// The bytes up to `end`.
  func read(upTo end: Int) throws(Failure) -> [UInt8] {
    switch self {
    case .file(let file): try file.read(upTo: end)
    case .bytes(let bytes): end < bytes.count ? Array(bytes.prefix(max(0, end))) : bytes
    }
  }

  /// The bytes in `range`, as far as there are some.
  func read(_ range: Range<Int>) throws(Failure) -> [UInt8] {
    switch self {
    case .file(let file): try file.read(range)
    case .bytes(let bytes): Array(bytes[range.clamped(to: 0..<bytes.count)])
    }
  }

  /// Hands the bytes before `end` to `body`, in order; returns how many there are.
  func forEachPiece(upTo end: Int, _ body: (Span<UInt8>) -> Void) throws(Failure) -> Int {
    switch self {
    case .file(let file): return try file.forEachPiece(upTo: end, body)
    case .bytes(let bytes):
      let count = min(max(0, end), bytes.count)
      body(bytes.span.extracting(0..<count))
      return count
    }
  }
}
