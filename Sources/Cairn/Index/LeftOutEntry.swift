import Corpus
import Inspection
import Primitives

/// A file, or a whole directory, that is in the tree and not in the index.
///
///     try workspace.leftOut { entry in print(entry.path, entry.reason) }
public struct LeftOutEntry: Hashable, Sendable {
  /// Relative to the root.
  public var path: Path
  /// A directory is left out whole, and told once.
  public var isDirectory: Bool
  /// The word that reports count it by: `ignored`, `generated`, ...
  public var reason: String
  /// How to bring it in; nil for what is never indexed.
  public var remedy: String?
}

extension LeftOutEntry {
  init(_ entry: SkippedEntry) {
    path = Path(entry.path)
    isDirectory = entry.isDirectory
    reason = entry.reason.rawValue
    let pattern = "`!/\(Self.escaped(entry.path.description))\(entry.isDirectory ? "/" : "")` in .cairnignore"
    remedy =
      switch entry.reason {
      case .ignored: "\(pattern) brings it in"
      case .hidden: "\(pattern), or include_hidden, brings it in"
      case .vendored: "\(pattern), or include_vendored, brings it in"
      case .generated, .minified: "\(pattern), or include_generated, brings it in"
      case .tooLarge: "a higher max_file_bytes brings it in"
      case .secret: "include_secrets brings it in"
      case .fileLimit: "a higher file_limit brings it in"
      case .lfsPointer: "`git lfs pull` fetches the file"
      case .symbolicLink: "follow_links follows links that lead out of the tree"
      case .binary, .empty, .unreadable, .notRegular: nil
      }
  }
  /// As a pattern that means nothing but itself.
  private static func escaped(_ path: String) -> String {
    String(path.flatMap { "\\*?[".contains($0) ? ["\\", $0] : [$0] })
  }
}
