import Synchronization

/// Working memories that are not in use. There are never more than threads that encoded at once.
final class ScratchPool: Sendable {
  private let idle = Mutex<[TokenizerScratch]>([])

  /// Calls `body` with a working memory of its own.
  func borrow<Result, Problem: Error>(_ body: (TokenizerScratch) throws(Problem) -> Result) throws(Problem) -> Result {
    let scratch = idle.withLock { $0.popLast() } ?? TokenizerScratch()
    defer {
      scratch.shrink()
      idle.withLock { $0.append(scratch) }
    }
    return try body(scratch)
  }
}
