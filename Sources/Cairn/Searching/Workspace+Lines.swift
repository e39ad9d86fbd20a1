package import LineSearch
package import Patterns
import Primitives
import Searching

extension Workspace {
  /// Searches lines for a pattern, as `IndexSession.findLines`, which it calls: for doors. Blocks the calling thread.
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

  /// As `IndexSession.listFiles`, which it calls: for doors.
  package func listFiles(
    _ wanted: LineSearchFiles, wantsLanguages: Bool, _ body: ([UInt8], Int, String?) -> Bool
  ) throws(CairnError) -> [CairnError] {
    try asCairnError { () throws(Failure) in
      try session.listFiles(wanted, wantsLanguages: wantsLanguages, body)
    }.map { CairnError($0) }
  }
}
