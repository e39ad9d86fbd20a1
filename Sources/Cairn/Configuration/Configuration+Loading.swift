import Disk
import Primitives

extension Configuration {
  /// The name of a project's configuration file, at its root.
  public static let fileName: Path = "cairn.toml"

  /// What holds at `root`: the built-in values, then the user's file (`~/.config/cairn/config.toml`), then the project's
  /// (`cairn.toml`), then the environment (`CAIRN_...`); what comes later wins. Flags are the caller's to set last.
  ///
  /// Throws `invalidConfiguration`, with the file and the line, for a setting that does not exist or a value that it does
  /// not accept.
  ///
  ///     let configuration = try Configuration.load(root: "/home/me/project")
  public static func load(root: Path, environment: Environment = .process) throws(CairnError) -> Configuration {
    var configuration = Configuration()
    if let user = userFile(in: environment), fileExists(user) {
      let nodes = try asCairnError { () throws(Failure) in try TomlDocument.nodes(of: user) }
      try configuration.apply(nodes, of: user, projectRoot: nil, environment)
    }
    // As the workspace calls it: by another path to it, what its file says would be taken for what the user said.
    let root = try asCairnError { () throws(Failure) in
      let path = root.filePath
      if let real = try? resolvedPath(path) { return real }
      return path.isAbsolute ? path : try currentDirectory().appending(path)
    }
    let project = try asCairnError { () throws(Failure) in
      try TomlDocument.nodes(ofProject: root, file: fileName.filePath)
    }
    try configuration.apply(project, of: root.appending(fileName.filePath), projectRoot: root, environment)
    for setting in Setting.all {
      guard let bytes = environment.bytes(of: setting.environmentVariable), !bytes.isEmpty else { continue }
      guard let value = setting.value(parsing: bytes) else {
        throw CairnError(
          .invalidConfiguration,
          "the environment variable \(setting.environmentVariable) must be \(setting.expectation)",
          cause: "it is \"\(String(decoding: bytes, as: UTF8.self))\"")
      }
      configuration.set(
        setting, to: value.resolved(against: try asCairnError(currentDirectory), home: environment.home),
        from: .environment(setting.environmentVariable))
    }
    return configuration
  }

  /// Sets `setting` to what a command line says. Throws `invalidConfiguration` for a value it does not accept.
  package mutating func apply(
    flag: String, _ setting: Setting, _ bytes: [UInt8], environment: Environment
  ) throws(CairnError) {
    guard let value = setting.value(parsing: bytes) else {
      throw CairnError(
        .invalidConfiguration, "\(flag) takes \(setting.expectation)",
        cause: "it was given \"\(String(decoding: bytes, as: UTF8.self))\"")
    }
    set(
      setting, to: value.resolved(against: try asCairnError(currentDirectory), home: environment.home),
      from: .flag(flag))
  }

  /// The user's file as a hint names it: where it is, or would be.
  package static func userFileText(in environment: Environment) -> String {
    let usual = "~/.config/cairn/config.toml"
    guard let file = userFile(in: environment) else { return usual }
    return environment.absolutePath("XDG_CONFIG_HOME") == nil ? usual : file.description
  }

  static func userFile(in environment: Environment) -> FilePath? {
    if let directory = environment.absolutePath("XDG_CONFIG_HOME") { return directory.appending("cairn/config.toml") }
    return environment.home.map { $0.appending(".config/cairn/config.toml") }
  }

  private mutating func apply(
    _ nodes: [TomlDocument.Node], of file: FilePath, projectRoot: FilePath?, _ environment: Environment
  ) throws(CairnError) {
    for node in nodes {
      let place = "line \(node.line): "
      guard let setting = Setting.all.first(where: { $0.key == node.key }) else {
        let near = nearestName(to: node.key, in: Setting.all.map(\.key))
        throw CairnError(
          .invalidConfiguration,
          place + "there is no setting \"\(node.key)\""
            + (near.map { "; did you mean \"\($0)\"?" } ?? ""),
          path: Path(file), remedy: near == nil ? CairnError.Remedy(.listSettings) : nil)
      }
      guard let value = setting.value(of: node) else {
        throw CairnError(
          .invalidConfiguration, place + "\"\(node.key)\" must be \(setting.expectation)", path: Path(file),
          cause: "it is \(node.description)")
      }
      if let projectRoot, setting == .indexDirectory {
        // A project that someone else wrote must not choose where on this machine files are written.
        try Self.check(value, staysIn: projectRoot, message: place, file: file)
      }
      if projectRoot != nil,
        let objection = setting.objection(
          toProjectValue: value, userFile: Self.userFileText(in: environment))
      {
        throw CairnError(.invalidConfiguration, place + objection, path: Path(file))
      }
      set(
        setting, to: value.resolved(against: file.parent, home: projectRoot == nil ? nil : file.parent),
        from: .file(Path(file), line: node.line))
    }
  }

  private static func check(
    _ value: Value, staysIn root: FilePath, message place: String, file: FilePath
  ) throws(CairnError) {
    guard case .path(let path) = value, path.bytes != Array("cache".utf8), !path.bytes.isEmpty else { return }
    let wanted = path.filePath.isAbsolute ? path.filePath : root.appending(path.filePath)
    let climbs = wanted.bytes.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    if !climbs, let real = try? resolvedPrefix(of: wanted), let realRoot = try? resolvedPath(root),
      real.relative(to: realRoot) != nil
    {
      return
    }
    throw CairnError(
      .invalidConfiguration,
      place + "in a project's file \"index_dir\" must lie inside the project or be \"cache\"",
      path: Path(file), remedy: .set("index_dir"))
  }
}

extension Configuration.Value {
  /// Paths of a file begin at its directory, those of a variable or a flag where the command runs; `~/` is `home`.
  func resolved(against directory: FilePath, home: FilePath?) -> Configuration.Value {
    if namesDirectory, case .text(let text) = self {
      guard case .path(let path) = Self.path(Path(text)).resolved(against: directory, home: home) else { return self }
      return path.utf8Text.map { .text($0) } ?? self
    }
    guard case .path(let path) = self, !path.bytes.isEmpty, path.bytes != Array("cache".utf8) else { return self }
    if let home, path.bytes.starts(with: "~/".utf8) {
      return .path(Path(home.appending(FilePath(bytes: Array(path.bytes.dropFirst(2))))))
    }
    return .path(Path(path.filePath.isAbsolute ? path.filePath : directory.appending(path.filePath)))
  }
}

/// `path` with the links of the part that exists followed; the rest is appended as it is.
func resolvedPrefix(of path: FilePath) throws(Failure) -> FilePath {
  var existing = path
  var rest: [FilePath] = []
  while !fileExists(existing), !existing.parent.isEmpty, existing.parent != existing {
    rest.append(existing.lastComponent)
    existing = existing.parent
  }
  return rest.reversed().reduce(try resolvedPath(existing)) { $0.appending($1) }
}
