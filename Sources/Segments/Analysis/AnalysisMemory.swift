import Synchronization

/// What one thread works with while it analyses files: memory that is used again for the next one.
struct AnalysisMemory: Sendable {
  var collector = FileTermCollector()
  var finder = WordFinder()
  init() {}

  /// Working memories that are not in use. There are never more than threads that analysed at once.
  final class Pool: Sendable {
    private let idle = Mutex<[AnalysisMemory]>([])
    init() {}

    /// Calls `body` with a working memory of its own.
    func borrow<Result>(_ body: (inout AnalysisMemory) -> Result) -> Result {
      var memory = idle.withLock { $0.popLast() } ?? AnalysisMemory()
      defer { idle.withLock { [memory] in $0.append(memory) } }
      return body(&memory)
    }
  }
}
