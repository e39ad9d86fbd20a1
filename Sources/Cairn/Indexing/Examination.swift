import IndexStorage
import Primitives
import Searching

/// What an examination of a tree's index found.
///
///     for check in try await workspace.examine().checks where check.state == .bad { print(check.message) }
public struct Examination: Hashable, Sendable {
  /// What one check found; one that finds several things is there several times.
  public struct Check: Hashable, Sendable {
    /// `note`: nothing is wrong, and somebody may want to know. `bad`: answers may be wrong or missing, or the next run
    /// fails. `notChecked`: it could not be looked at.
    public enum State: String, Hashable, Sendable {
      case good, note, bad
      case notChecked = "not-checked"
    }
    /// `catalog`, `segments`, `postings` ...: the names are stable, and there may be more of them.
    public var name: String
    public var state: State
    /// What was found and, where something is wrong, what that means.
    public var message: String
    public var path: Path?
    /// What to do about it; nil where the message says it.
    public var remedy: CairnError.Remedy?
  }
  public var root: Path
  public var indexDirectory: Path
  public var checks: [Check]
  /// What a repair did, a sentence each; `notes` say what kept it from something.
  public var repairs: [String] = []
  public var notes: [CairnError] = []
  public var seconds = 0.0

  /// Whether no check found anything bad.
  public var isSound: Bool { !checks.contains { $0.state == .bad } }
}

/// What became of the files of an index that was removed; of no directory where only what is not Cairn's was there.
public struct Removal: Hashable, Sendable {
  /// Directories that held an index: the tree's, and those of slower models in it.
  public var directories: [Path]
  public var fileCount: Int
  public var byteCount: Int
  /// What is still there, and why.
  public var left: [CairnError]
}

extension Workspace {
  /// Looks at everything about the index and what it needs: its directory, its catalog, every byte of its segments, the
  /// words of a sample of its files, the tree, the model, the settings, the machine. Changes nothing but that damaged
  /// segments are marked, sends no request, and takes a walk and twice the reading of the index. What is wrong is no
  /// error but a check that is `bad`, and so is an index that is not there.
  @concurrent public func examine() async throws(CairnError) -> Examination {
    try await examination { (session, cancellation) throws(Failure) in try session.examine(cancellation) }
  }

  /// Mends what can be mended, and examines again. A run reads again what is damaged; leftovers of Cairn's own go.
  /// Nothing outside of its directories is touched, and nothing in them that is not Cairn's. Throws `locked` when a
  /// writer is at work, `permissionDenied` where the index may only be read.
  @concurrent public func repair() async throws(CairnError) -> Examination {
    try await examination { (session, cancellation) throws(Failure) in try session.repair(cancellation) }
  }

  private func examination(
    _ body: @escaping @Sendable (IndexSession, Cancellation) throws(Failure) -> IndexExamination
  ) async throws(CairnError) -> Examination {
    let began = ContinuousClock.now
    let found = try await offPool { context throws(Failure) in try body(session, context.cancellation) }
    let checks = found.results.map { result in
      Examination.Check(
        name: result.check.rawValue, state: .init(rawValue: result.state.rawValue) ?? .bad, message: result.message,
        path: result.path.map { Path($0) }, remedy: CairnError.Remedy(result.remedy))
    }
    return Examination(
      root: root, indexDirectory: Path(found.directory), checks: checks, repairs: found.repairs,
      notes: found.notes.map { CairnError($0) }, seconds: began.duration(to: .now) / .seconds(1))
  }

  /// Removes the index, those of slower models beside it, and one of the tree that is not used: the files that Cairn
  /// made, and nothing else. Caches and models stay. Throws `noIndex` where none is, `locked` when a writer is at work.
  ///
  /// - Parameter revision: removes the index of that commit alone, which the repository need not have any more.
  @concurrent public func remove(revision: String? = nil) async throws(CairnError) -> Removal {
    let removal = try await reading { () throws(Failure) in try session.remove(revision: revision) }
    return Removal(
      directories: removal.directories.map { Path($0) }, fileCount: removal.fileCount, byteCount: removal.byteCount,
      left: removal.left.map { CairnError($0) })
  }
}
