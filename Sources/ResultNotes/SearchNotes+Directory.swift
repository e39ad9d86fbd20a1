import Corpus
import Inspection
import Primitives
import Retrieval

extension SearchNotes {
  /// Why nothing below the directory that is asked from is indexed, where a rule or its name says it, and what is left
  /// out around it.
  func directoryNotes(_ results: inout SearchResults) -> (notes: [Failure], entry: FilePath?) {
    var notes: [Failure] = []
    var around: FilePath?
    results.filterProblems.removeAll { problem in
      guard case .nothingBelow(let directory) = problem else { return false }
      var reason: String?
      if directory.isNeverIndexed { reason = "it is git's or Cairn's own" }
      try? source.forEach(in: directory) { entry in
        let path = entry.path
        guard reason == nil, path == directory || directory.relative(to: path) != nil else { return }
        around = path
        reason = "\(entry.path)/ is left out (\(entry.reason.rawValue))" + (entry.remedy.map { ", and \($0)" } ?? "")
      }
      guard let reason else { return false }
      notes.append(
        Failure(
          .filter, "no file below \(directory) is indexed: \(reason)",
          remedy: Remedy(.chooseRoot, directory.description)))
      return true
    }
    return (notes, around)
  }
}
