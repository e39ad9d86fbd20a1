package import Corpus
import Disk
import Inspection
package import Primitives

// What is said of a file that is in the tree and not in the index.

extension SkippedEntry {
  /// How to bring it in; nil for what is never indexed.
  package var remedy: String? {
    let pattern = "`!/\(Self.escaped(path.description))\(isDirectory ? "/" : "")` in .cairnignore"
    return switch reason {
    case .ignored: "\(pattern) brings it in"
    case .hidden: "\(pattern), or include_hidden, brings it in"
    case .vendored: "\(pattern), or include_vendored, brings it in"
    case .generated, .minified: "\(pattern), or include_generated, brings it in"
    case .tooLarge: "a higher max_file_bytes brings it in"
    case .secret: "include_secrets brings it in"
    case .fileLimit: "a higher file_limit brings it in"
    case .lfsPointer: "Git LFS fetches the file (git lfs pull)"
    case .symbolicLink: "follow_links follows links that lead out of the tree"
    case .binary, .empty, .unreadable, .notRegular: nil
    }
  }

  /// As a pattern that means nothing but itself.
  private static func escaped(_ path: String) -> String {
    String(path.flatMap { "\\*?[".contains($0) ? ["\\", $0] : [$0] })
  }

  /// That it is left out, why, and how to bring it in. Of a link it says where that leads.
  ///
  /// - Parameter root: the top of the tree, absolute.
  package func note(root: FilePath) -> Failure {
    let what = isDirectory ? "this directory is not indexed" : "this file is not indexed"
    var more = remedy.map { ": \($0)" } ?? ""
    if reason == .symbolicLink,
      let target = try? resolvedPath(root.appending(path))
    {
      // Of what lies outside, the name alone says too much.
      more = target.relative(to: root).map { ": it leads to \($0)" } ?? ": it leads out of the tree"
    }
    return Failure(.leftOut, "\(what) (\(reason.rawValue))\(more)", path: path)
  }
}
