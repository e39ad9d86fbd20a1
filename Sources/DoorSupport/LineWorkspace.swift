package import Cairn
package import LineSearch
package import Patterns
import Primitives
import Searching

/// A tree whose lines are searched, for doors: with an index or without one, and without a place for one.
package struct LineWorkspace: Sendable {
  /// The top of the tree whose index is asked, absolute, with no symbolic link in it.
  package let root: Path
  private let session: LineSession

  /// Throws `notFound` where `root` is no directory. Writes nothing.
  package init(root: Path, configuration: Configuration, environment: Environment = .process) throws(CairnError) {
    let resolved = try asCairnError { () throws(Failure) in try IndexSession.top(at: root.filePath) }
    self.root = Path(resolved)
    session = LineSession(root: resolved, settings: configuration.values, environment: environment.variables)
  }

  /// Searches lines for a pattern, as `LineSession.findLines`, which it calls. Blocks the calling thread.
  package func findLines(
    _ pattern: CompiledPattern, _ options: LineSearchOptions, in wanted: LineSearchFiles,
    render: @escaping @Sendable (_ name: [UInt8], _ found: FoundLines) -> [UInt8],
    consume: (LineSearchRun.Batch) -> Bool
  ) throws(CairnError) -> [CairnError] {
    try asCairnError { () throws(Failure) in
      try session.findLines(
        pattern, options, in: wanted, SearchContext(cancellation: Cancellation()), render: render, consume: consume)
    }.map { CairnError($0) }
  }

  /// As `LineSession.listFiles`, which it calls.
  package func listFiles(
    _ wanted: LineSearchFiles, wantsLanguages: Bool, _ body: ([UInt8], Int, String?) -> Bool
  ) throws(CairnError) -> [CairnError] {
    try asCairnError { () throws(Failure) in
      try session.listFiles(wanted, wantsLanguages: wantsLanguages, body)
    }.map { CairnError($0) }
  }
}
