import Catalog

/// A place in the tree that could not be looked at. What the index had of it stays, and the index is not complete.
///
///     for place in report.unread { print(place.reason) }
public struct UnreadPlace: Hashable, Sendable {
  /// Relative to the root of the workspace.
  public var path: Path
  /// The whole of a directory, rather than one file.
  public var isDirectory: Bool
  /// Why. Its path is that of what could not be read: the place itself, or a file that decides what belongs to it, such as a
  /// `.gitignore`.
  public var reason: CairnError
}

extension UnreadPlace {
  init(_ record: UnreadRecord) {
    path = Path(record.path)
    isDirectory = record.isDirectory
    reason = CairnError(record.failure)
  }

  /// What to say of `places` beside an answer: a line for each of the first, and how many more there are.
  static func notes(_ places: [UnreadPlace]) -> [CairnError] {
    var notes = places.prefix(shownCount).map { place in
      let what = place.isDirectory ? "this directory" : "this file"
      var note = place.reason
      // Where another file is at fault, the reason names that.
      let cause = note.path == place.path ? "" : note.path.map { "\($0): " } ?? ""
      note.message = "\(what) could not be read, and answers as it was before, if at all: \(cause)\(note.message)"
      note.path = place.path
      return note
    }
    if places.count > shownCount {
      notes.append(
        CairnError(
          .inputOutput, "\(places.count - shownCount) more places could not be read",
          remedy: CairnError.Remedy(.showStatus)))
    }
    return notes
  }

  /// More lines than this hide what else there is to read.
  private static let shownCount = 3
}
