import Cairn
import DoorSupport
import Primitives

/// What of a tree, as it is indexed, is not in the commit that is checked out.
struct TreeEdits: Hashable, Sendable {
  /// Files that are new, changed or gone beside git's index, by their sizes and times.
  var count: Int
  /// Whether git's index has something that no commit has; nil where it does not say.
  var hasStaged: Bool?
}

/// How many files of a tree differ from its commit, counted anew when the index or git's own has changed, and kept
/// meanwhile. Thread-safe.
final class EditCount: Sendable {
  private struct State: Sendable {
    var mark: String?
    var edits: TreeEdits?
    var isCounting = false
  }
  private let state = Monitor(State())
  private let workspace: Workspace
  /// An answer waits no longer for a count; of a large tree not at all: it is said from the next answer on.
  static let patience = Duration.milliseconds(20)

  init(_ workspace: Workspace) { self.workspace = workspace }

  /// What is known of the state as it is; nil where that takes longer to find out, or cannot be.
  func current(waitingFor patience: Duration) async -> TreeEdits? {
    (try? await offPool { [self] in count(patience) }) ?? nil
  }

  private func count(_ patience: Duration) -> TreeEdits? {
    guard let mark = workspace.editsMark else { return nil }
    var begins = false
    state.update { state in
      begins = state.mark != mark && !state.isCounting
      if begins { state.isCounting = true }
    }
    if begins {
      let thread = BlockingThread { [self] in
        let edits = workspace.edits().map { TreeEdits(count: $0.count, hasStaged: $0.hasStaged) }
        state.update { $0 = State(mark: mark, edits: edits, isCounting: false) }
      }
      guard let thread else {
        state.update { $0.isCounting = false }
        return nil
      }
      thread.detach()
    }
    var edits: TreeEdits?
    _ = state.wait(for: patience) { state in
      if state.mark == mark { edits = state.edits }
      return state.mark == mark
    }
    return edits
  }
}
