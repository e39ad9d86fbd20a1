import Disk
package import Primitives

extension SettingValues {
  /// The name of a project's configuration file, at its root.
  package static let fileName: FilePath = "cairn.toml"

  /// What holds at `root`: the built-in values, then the user's file (`~/.config/cairn/config.toml`), then the
  /// project's (`cairn.toml`), then the environment (`CAIRN_...`); what comes later wins. Flags are the caller's to set
  /// last.
  ///
  /// Throws `invalidConfiguration`, with the file and the line, for a setting that does not exist or a value that it
  /// does not accept.
  ///
  ///     let values = try SettingValues.load(root: "/home/me/project")
  package static func load(
    root: FilePath, environment: EnvironmentVariables = .process
  ) throws(Failure) -> SettingValues {
    var values = SettingValues()
    if let user = userFile(in: environment), fileExists(user) {
      try values.apply(try TomlDocument.nodes(of: user), of: user, projectRoot: nil, environment)
    }
    // As the workspace calls it: by another path to it, what its file says would be taken for what the user said.
    var real = root
    if let resolved = try? resolvedPath(root) {
      real = resolved
    } else if !root.isAbsolute {
      real = try currentDirectory().appending(root)
    }
    let project = try TomlDocument.nodes(ofProject: real, file: fileName)
    try values.apply(project, of: real.appending(fileName), projectRoot: real, environment)
    for setting in Setting.all {
      guard let bytes = environment.bytes(of: setting.environmentVariable), !bytes.isEmpty else { continue }
      guard let value = setting.value(parsing: bytes) else {
        throw Failure(
          .invalidConfiguration,
          "the environment variable \(setting.environmentVariable) must be \(setting.expectation)",
          cause: "it is \"\(String(decoding: bytes, as: UTF8.self))\"")
      }
      values.set(
        setting, to: value.resolved(against: try currentDirectory(), home: environment.home),
        from: .environment(setting.environmentVariable))
    }
    return values
  }

  /// Sets `setting` to what a command line says. Throws `invalidConfiguration` for a value it does not accept.
  package mutating func apply(
    flag: String, _ setting: Setting, _ bytes: [UInt8], environment: EnvironmentVariables
  ) throws(Failure) {
    guard let value = setting.value(parsing: bytes) else {
      throw Failure(
        .invalidConfiguration, "\(flag) takes \(setting.expectation)",
        cause: "it was given \"\(String(decoding: bytes, as: UTF8.self))\"")
    }
    set(
      setting, to: value.resolved(against: try currentDirectory(), home: environment.home),
      from: .flag(flag))
  }

  /// Sets the setting whose key is `key` to what a program says. Throws `invalidConfiguration` where there is none, and
  /// for a value that it does not accept.
  package mutating func set(_ key: String, to value: Setting.Value) throws(Failure) {
    guard let setting = Setting.keyed(key) else { throw Setting.unknown(key) }
    guard let accepted = setting.value(parsing: value.bytes) else {
      throw Failure(.invalidConfiguration, "\"\(key)\" must be \(setting.expectation)", cause: "it is \(value)")
    }
    set(setting, to: accepted, from: .program)
  }

  /// The user's file as a hint names it: where it is, or would be.
  package static func userFileText(in environment: EnvironmentVariables) -> String {
    let usual = "~/.config/cairn/config.toml"
    guard let file = userFile(in: environment) else { return usual }
    return environment.absolutePath("XDG_CONFIG_HOME") == nil ? usual : file.description
  }

  static func userFile(in environment: EnvironmentVariables) -> FilePath? {
    if let directory = environment.absolutePath("XDG_CONFIG_HOME") { return directory.appending("cairn/config.toml") }
    return environment.home.map { $0.appending(".config/cairn/config.toml") }
  }

  private mutating func apply(
    _ nodes: [TomlDocument.Node], of file: FilePath, projectRoot: FilePath?, _ environment: EnvironmentVariables
  ) throws(Failure) {
    for node in nodes {
      let location = "line \(node.line): "
      guard let setting = Setting.keyed(node.key) else {
        var failure = Setting.unknown(node.key)
        (failure.message, failure.path) = (location + failure.message, file)
        throw failure
      }
      guard let value = setting.value(of: node) else {
        throw Failure(
          .invalidConfiguration, location + "\"\(node.key)\" must be \(setting.expectation)", path: file,
          cause: "it is \(node.description)")
      }
      if let projectRoot, setting == .indexDirectory {
        // A project that someone else wrote must not choose where on this machine files are written.
        try Self.check(value, staysIn: projectRoot, message: location, file: file)
      }
      if projectRoot != nil,
        let objection = setting.objection(
          toProjectValue: value, userFile: Self.userFileText(in: environment))
      {
        throw Failure(.invalidConfiguration, location + objection, path: file)
      }
      set(
        setting, to: value.resolved(against: file.parent, home: projectRoot == nil ? nil : file.parent),
        from: .file(file, line: node.line))
    }
  }

  /// Throws where a project's `index_dir` leads out of the project.
  static func check(
    _ value: Setting.Value, staysIn root: FilePath, message location: String, file: FilePath
  ) throws(Failure) {
    guard case .path(let path) = value, path.bytes != Array("cache".utf8), !path.bytes.isEmpty else { return }
    let wanted = path.isAbsolute ? path : root.appending(path)
    let climbs = wanted.bytes.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    if !climbs, let real = try? resolvedPrefix(of: wanted), let realRoot = try? resolvedPath(root),
      real.relative(to: realRoot) != nil
    {
      return
    }
    throw Failure(
      .invalidConfiguration,
      location + "in a project's file \"index_dir\" must lie inside the project or be \"cache\"",
      path: file, remedy: .set("index_dir"))
  }
}

extension Setting.Value {
  /// Paths of a file begin at its directory, those of a variable or a flag where the command runs; `~/` is `home`.
  func resolved(against directory: FilePath, home: FilePath?) -> Setting.Value {
    if namesDirectory, case .text(let text) = self {
      guard case .path(let path) = Self.path(FilePath(text)).resolved(against: directory, home: home) else {
        return self
      }
      return path.utf8Text.map { .text($0) } ?? self
    }
    guard case .path(let path) = self, !path.bytes.isEmpty, path.bytes != Array("cache".utf8) else { return self }
    if let home, path.bytes.starts(with: "~/".utf8) {
      return .path(home.appending(FilePath(bytes: Array(path.bytes.dropFirst(2)))))
    }
    return .path(path.isAbsolute ? path : directory.appending(path))
  }
}
