package import Corpus
import Disk
import Embedding
package import Primitives
import Retrieval
package import Searching
import Segments
import Synchronization

extension StoreOpener {
  /// The collection as an index that answers searches.
  package var index: any SharedIndex { StoreIndex(self) }
}

/// A collection of a shared store as an index that answers searches. Connections are kept from one search to the next;
/// searches at the same time have one each.
final class StoreIndex: SharedIndex {
  private let opener: StoreOpener
  private let idle = Mutex<[HeldStore]>([])
  private static let idleLimit = 4

  init(_ opener: StoreOpener) { self.opener = opener }

  /// The address is without a password: others are refused before this.
  var description: String { "\(opener.collection) at \(opener.address)" }

  func open(_ context: SearchContext) throws(Failure) -> any SharedIndexState {
    if let kept = idle.withLock({ $0.popLast() }) {
      // A server that was restarted meanwhile has forgotten the connection.
      do throws(Failure) { return try state(kept, context) } catch {
        guard error.code == .storeUnavailable else { throw error }
      }
    }
    return try state(HeldStore(try opener.open(context)), context)
  }

  private func state(_ held: HeldStore, _ context: SearchContext) throws(Failure) -> StoreIndexState {
    let store = held.store
    store.context = context
    guard let collection = try store.collection(named: opener.collection) else {
      let names = try store.collections().map(\.name)
      throw Failure(
        .notFound,
        "\(store.description) has no collection \(opener.collection); "
          + (names.isEmpty ? "it has none yet" : "it has: \(names.joined(separator: ", "))"))
    }
    let view = try store.view(of: collection, context)
    return StoreIndexState(
      collection: collection, shared: SharedCollection(view, keeper: StoreLease(held, to: self)))
  }

  fileprivate func giveBack(_ held: HeldStore) {
    idle.withLock { if $0.count < Self.idleLimit { $0.append(held) } }
  }

  // `@unchecked Sendable`: one search has it at a time.
  fileprivate struct HeldStore: @unchecked Sendable {
    let store: any SharedStore
    init(_ store: any SharedStore) { self.store = store }
  }

  /// Gives the store back when the last that reads of the search is gone.
  fileprivate final class StoreLease: Sendable {
    private let held: HeldStore
    private let index: StoreIndex
    init(_ held: HeldStore, to index: StoreIndex) { (self.held, self.index) = (held, index) }
    deinit { index.giveBack(held) }
  }

  fileprivate struct StoreIndexState: SharedIndexState {
    let collection: StoreCollection
    let shared: SharedCollection
    var model: ModelIdentity { collection.identity.model }
    var generation: Int64 { collection.generation }
    var isComplete: Bool { shared.gaps.isEmpty }
    var failure: Failure? { shared.failure }

    var notes: [Failure] {
      var notes = [] as [Failure]
      if !shared.gaps.isEmpty {
        let reasons = shared.gaps.map(\.words).joined(separator: "; ")
        notes.append(
          Failure(
            .storeIncomplete,
            "the collection \(collection.name) is not complete, so the answer may lack files: \(reasons)"))
      }
      let (there, here) = (collection.identity.analyzerVersion, Analyzer.version)
      if there != here {
        notes.append(
          Failure(
            .modelMismatch,
            "the collection \(collection.name) was made by another version of Cairn, which takes words apart otherwise "
              + "(its analyzer is \(there), this one's \(here)): what is there may not be found; push it anew with "
              + "this program, or search with that one"))
      }
      return notes
    }

    func candidates(_ embedder: any Embedder) -> any CandidateSource {
      SharedCandidates(shared, collection, embedder: embedder)
    }

    func files(checkout root: FilePath, followsLinks: Bool) -> any RemovedFiles {
      SharedFiles(shared, checkout: try? CorpusFiles(root: root, followsLinks: followsLinks))
    }
  }
}

/// The files of a collection as a search reads them.
package struct SharedFiles: RemovedFiles {
  private let collection: SharedCollection
  private let checkout: CorpusFiles?

  package init(_ collection: SharedCollection, checkout: CorpusFiles?) {
    self.collection = collection
    self.checkout = checkout
  }

  /// The file of the checkout, so that what has changed there since is not shown as it was; else what the store keeps.
  package func bytes(of path: FilePath, limit: Int) throws(Failure) -> [UInt8] {
    if let checkout, let bytes = try? checkout.readFile(path, limit: limit).bytes { return bytes }
    let text = try collection.ask { view throws(Failure) in try view.text(of: path) }
    guard let text else {
      throw Failure(.inputOutput, "the store does not keep the text of this file", path: path)
    }
    if text.count > limit { throw Failure(.tooLarge, "it has more than \(limit) bytes", path: path) }
    return text
  }
}
