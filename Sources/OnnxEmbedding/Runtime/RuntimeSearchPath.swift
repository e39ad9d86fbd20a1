import Disk
package import Primitives

/// Where the ONNX Runtime library is searched for, in order:
///
/// 1. `CAIRN_ONNXRUNTIME`, a file or a directory; when it is set, nowhere else.
/// 2. `.deps/onnxruntime` beside the `.build` directory that the program stands in, for those who build Cairn.
/// 3. `$XDG_DATA_HOME/cairn/runtime` (`~/.local/share/cairn/runtime`), where `Scripts/setup --onnx` puts it.
/// 4. The system's library path.
///
/// Libraries inside Python's packages are not searched: they come and go with their environment.
package struct RuntimeSearchPath: Hashable, Sendable {
  package struct Place: Hashable, Sendable {
    /// "CAIRN_ONNXRUNTIME", "this repository", "the user's data directory", "the system".
    package var title: String
    /// A file, or a directory that is searched for the library; nil for the system's path.
    package var path: FilePath?
    package init(title: String, path: FilePath?) {
      self.title = title
      self.path = path
    }
  }

  package var places: [Place]

  package init(_ places: [Place]) { self.places = places }

  /// - Parameters:
  ///   - environment: of the process.
  ///   - program: the file of the running program.
  package init(environment: [String: [UInt8]], program: FilePath?) {
    if let named = environment["CAIRN_ONNXRUNTIME"], !named.isEmpty {
      places = [Place(title: "CAIRN_ONNXRUNTIME", path: FilePath(bytes: named))]
      return
    }
    places = []
    if let program, let repository = Self.repository(of: program) {
      places.append(Place(title: "this repository", path: repository.appending(".deps/onnxruntime")))
    }
    let data =
      environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : FilePath(bytes: $0) }
      ?? environment["HOME"].flatMap { $0.isEmpty ? nil : FilePath(bytes: $0).appending(".local/share") }
    if let data { places.append(Place(title: "the user's data directory", path: data.appending("cairn/runtime"))) }
    places.append(Place(title: "the system", path: nil))
  }

  /// Those of this process.
  package static func ofThisProcess() -> RuntimeSearchPath {
    RuntimeSearchPath(environment: processEnvironment(), program: try? readLink("/proc/self/exe"))
  }

  /// The directory that holds the `.build` which the program stands in.
  private static func repository(of program: FilePath) -> FilePath? {
    var directory = program.parent
    while !directory.isEmpty, directory != "/" {
      if directory.lastComponent == ".build" { return directory.parent }
      directory = directory.parent
    }
    return nil
  }
}

extension RuntimeSearchPath.Place {
  /// The names to try to load, best first.
  func candidates() -> [FilePath] {
    guard let path else { return ["libonnxruntime.so.1", "libonnxruntime.so"] }
    guard let status = try? FileStatus(of: path) else { return [] }
    if status.kind != .directory { return [path] }
    let names = ((try? listDirectory(path)) ?? []).map(\.name).filter { name in
      let text = name.description
      return text.hasPrefix("libonnxruntime.so") || (text.hasPrefix("libonnxruntime.") && text.hasSuffix(".dylib"))
    }
    // The newest version first, as far as names tell.
    return names.sorted(by: >).map(path.appending)
  }
}
