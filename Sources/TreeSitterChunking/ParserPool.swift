import CTreeSitter
import Synchronization

/// Parsers at rest. A parser keeps the memory of its last file for the next one, so the one that came back last goes out
/// first. Thread-safe.
final class ParserPool: Sendable {
  /// A parser. One thread uses it at a time: the one that took it out of the pool.
  ///
  /// `@unchecked Sendable`: tree-sitter's parser is bound to no thread; it must only not be used by two at once, and the
  /// pool hands each one to a single caller.
  @safe final class Parser: @unchecked Sendable {
    let raw: OpaquePointer

    init?() {
      guard let raw = unsafe ts_parser_new() else { return nil }
      unsafe self.raw = raw
    }

    deinit { unsafe ts_parser_delete(raw) }
  }

  /// More than this many are not kept.
  private static let capacity = 64
  private let resting = Mutex<[Parser]>([])

  /// A parser at rest or a new one; nothing only when memory is out.
  func take() -> Parser? { resting.withLock { $0.popLast() } ?? Parser() }

  func giveBack(_ parser: Parser) {
    resting.withLock { if $0.count < ParserPool.capacity { $0.append(parser) } }
  }
}
