package import Cairn
import DoorSupport

/// What is true of a repository of the list, as a person asks for it. Reads its catalog and searches nothing.
package struct RepositoryState: Sendable {
  /// The raw values are what JSON shows.
  package enum Condition: String, Sendable {
    /// A run has seen all of the tree.
    case ready
    /// A run was stopped, is still running, or could not read everything.
    case incomplete
    case noIndex = "no-index"
    /// Its directory is not there.
    case gone
    /// Its index, or its configuration, cannot be read.
    case unreadable
  }

  package var entry: RepositoryEntry
  package var condition: Condition
  /// What its index holds; nil where there is none that can be read.
  package var status: Status?
  package var fileCount: Int { status?.fileCount ?? 0 }
  package var chunkCount: Int { status?.chunkCount ?? 0 }
  /// When the newest run over the index began, in seconds since 1970.
  package var time: Double? { status?.lastRun }
  /// The full name of the commit that is checked out.
  package var commit: String?
  /// Why it is gone or unreadable.
  package var failure: CairnError?
}

extension RepositoryRegistry {
  /// What is true of `entry`. Nothing is thrown: what is wrong with it is in the state.
  package func state(of entry: RepositoryEntry) async -> RepositoryState {
    var state = RepositoryState(entry: entry, condition: .noIndex)
    do throws(CairnError) {
      let workspace = try workspace(of: entry)
      state.commit = await workspace.checkedOutCommit()
      guard let status = try workspace.status() else { return state }
      state.status = status
      state.condition = status.isComplete ? .ready : .incomplete
    } catch {
      state.condition = error.code == .notFound ? .gone : .unreadable
      state.failure = error
    }
    return state
  }
}
