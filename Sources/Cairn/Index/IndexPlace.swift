import Disk
import Primitives

/// Where the index of a root lives.
struct IndexPlace {
  static let defaultName: FilePath = ".cairn"

  var directory: FilePath
  /// Said once, where the place is another than was asked for.
  var note: CairnError?

  init(root: FilePath, configuration: Configuration, environment: Environment) throws(Failure) {
    let wanted = configuration.indexDirectory
    if wanted.bytes == Array("cache".utf8) {
      directory = try Self.cache(for: root, environment)
    } else if !wanted.bytes.isEmpty {
      directory = wanted.filePath.isAbsolute ? wanted.filePath : root.appending(wanted.filePath)
    } else {
      directory = root.appending(Self.defaultName)
      if let status = try? FileStatus(of: directory, followsLinks: false), status.kind == .symbolicLink {
        // A link that came with a repository must not choose where on this machine files are written.
        throw Failure(
          .invalidArgument, "it is a symbolic link, which Cairn does not follow; name the place with --index-dir",
          path: directory)
      }
      if !isWritable(fileExists(directory) ? directory : root) {
        let refused = directory
        directory = try Self.cache(for: root, environment)
        note = CairnError(
          .permissionDenied, "it cannot be written, so the index lives in \(directory)", path: Path(refused))
      }
    }
  }

  /// A directory of the user's cache, named after the root so that roots do not share one.
  private static func cache(for root: FilePath, _ environment: Environment) throws(Failure) -> FilePath {
    guard let base = environment.absolutePath("XDG_CACHE_HOME") ?? environment.home.map({ $0.appending(".cache") })
    else {
      throw Failure(
        .notFound, "neither HOME nor XDG_CACHE_HOME is set, so there is no cache to keep the index in; use --index-dir")
    }
    return base.appending("cairn").appending(ContentHash(of: root.bytes.span).description)
  }
}
