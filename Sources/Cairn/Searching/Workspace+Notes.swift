import Corpus
import IndexStorage
import Inspection
import Primitives
import ResultNotes
import Retrieval
import Segments
import Settings

extension CairnError.Code {
  /// There is no answer, and this is why.
  public static let noAnswer = Self(rawValue: "no-answer")
  /// What the query names is in the tree but not in the index.
  public static let leftOut = Self(rawValue: "left-out")
  /// A filter of the query can match nothing, or was not understood.
  public static let filter = Self(rawValue: "filter")
  /// Less is searched than the reader may think.
  public static let scope = Self(rawValue: "scope")
  /// A setting that limits the walk keeps files out of the index, so that another run like the last changes nothing.
  public static let limited = Self(rawValue: "limited")
}

/// What notes ask of a workspace.
private struct LeftOutFiles: LeftOutSource {
  let workspace: Workspace

  func forEach(in path: FilePath?, _ body: (SkippedEntry) -> Void) throws(Failure) {
    _ = try workspace.leftOutEntries(in: path, body)
  }
  func counts() throws(Failure) -> [String: Int] { try workspace.index.leftOutCounts() }
}

extension Workspace {
  /// What to say beside the answer to `request`. Takes out of `results` the problems that are said better here.
  func notes(
    on request: SearchRequest, _ results: inout SearchResults, in snapshot: IndexSnapshot
  ) -> [CairnError] {
    let tree = SourceTree(
      root: root.filePath, byteCountLimit: configuration.maximumFileByteCount, followsLinks: configuration.followsLinks)
    let directory = request.directory.flatMap { insidePath(ofDirectory: $0.filePath) }
    let notes = SearchNotes(
      root: root.filePath, text: request.text, directory: directory, snapshot: snapshot, tree: tree,
      leftOut: LeftOutFiles(workspace: self))
    return notes.notes(on: &results).map { CairnError($0) }
  }

  /// What to say beside an answer from an index that a limit keeps from being complete.
  func limitNotes(leftOut: [String: Int], unvisitedCount: Int?) -> [CairnError] {
    configuration.values.limitNotes(leftOut: leftOut, unvisitedCount: unvisitedCount).map { CairnError($0) }
  }
}

extension CairnError {
  /// The kind of symbol that `name` was probably meant to be, or all there are.
  package static func nearKinds(to name: String) -> String { FilterProblem.nearKinds(to: name) }
}

extension SearchRequest {
  /// What to say of `name` where it is that of no language, nor one that a language has besides; nil where it is.
  package static func languageMistake(_ name: String) -> String? {
    Language.named(name) == nil ? FilterProblem.unknownLanguageText(name) : nil
  }
}
