import Inspection
package import Primitives
import Retrieval
package import Segments
import Synchronization

/// A view of a collection as the searcher asks it while it ranks: one question at a time, whatever thread asks, and the
/// first that fails is kept.
// `@unchecked Sendable`: the view and the answers are used under the lock alone.
package final class SharedCollection: CollectionView, @unchecked Sendable {
  package let chunkCount: Int
  package let totalLength: Int
  /// Why files may be missing.
  let gaps: [CollectionGap]
  /// Gone before what keeps the store is.
  private var view: (any StoreView)?
  private let keeper: AnyObject?
  private let lock = Mutex(())
  private var frequencies: [Term: Int] = [:]
  private var found: Failure?

  /// - Parameter keeper: lives as long as the view does: what the view's store is given back by.
  package init(_ view: any StoreView, keeper: AnyObject? = nil) {
    self.view = view
    self.keeper = keeper
    chunkCount = view.chunkCount
    totalLength = view.totalLength
    gaps = view.gaps
  }

  deinit { view = nil }

  private func held() throws(Failure) -> any StoreView {
    guard let view else { throw Failure(.storeUnavailable, "the view of the store is gone") }
    return view
  }

  package var failure: Failure? { lock.withLock { _ in found } }

  /// What `ask` gives of the view, or `otherwise` where it fails or something failed before.
  private func answer<Answer: Sendable>(
    _ otherwise: Answer, _ ask: (any StoreView) throws(Failure) -> Answer
  ) -> Answer {
    lock.withLock { _ in
      if found != nil { return otherwise }
      do throws(Failure) { return try ask(try held()) } catch {
        found = error
        return otherwise
      }
    }
  }

  /// The same for who can throw.
  func ask<Answer: Sendable>(_ ask: (any StoreView) throws(Failure) -> Answer) throws(Failure) -> Answer {
    let result = lock.withLock { _ in
      let result = Result { () throws(Failure) in try ask(try held()) }
      if case .failure(let failure) = result { found = found ?? failure }
      return result
    }
    return try result.get()
  }

  package func documentFrequencies(of terms: [Term]) -> [Int] {
    answer([Int](repeating: 0, count: terms.count)) { view throws(Failure) in
      let unknown = Array(Set(terms.filter { frequencies[$0] == nil }))
      if !unknown.isEmpty {
        for (term, frequency) in zip(unknown, try view.documentFrequencies(of: unknown)) {
          frequencies[term] = frequency
        }
      }
      return terms.map { frequencies[$0] ?? 0 }
    }
  }

  package func terms(withPrefix prefix: [UInt8], field: Term.Field, limit: Int) -> [Term] {
    answer([]) { view throws(Failure) in try view.terms(withPrefix: prefix, field: field, limit: limit) }
  }

  func fileEntries() throws(Failure) -> [StoreFileEntry] {
    try ask { view throws(Failure) in try view.fileEntries() }
  }

  package func forEachPath(_ body: (Span<UInt8>) -> Void) {
    let entries = answer([]) { view throws(Failure) in try view.fileEntries() }
    for entry in entries { body(entry.path.bytes.span) }
  }
}
