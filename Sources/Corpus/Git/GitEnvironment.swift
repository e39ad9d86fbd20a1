import Disk
package import Primitives

/// Where git's own settings lie outside the repository, so that the walk can obey the user's ignore rules and a test can
/// give it others.
package struct GitEnvironment: Hashable, Sendable {
  /// The user's home directory.
  package var home: FilePath?
  /// `$XDG_CONFIG_HOME`, where it is set; otherwise `.config` in the home directory is used.
  package var configHome: FilePath?
  /// The settings of the whole machine.
  package var systemConfig: FilePath?
  /// Takes the place of the two files in the home directory (`$GIT_CONFIG_GLOBAL`).
  package var globalConfig: FilePath?

  package init(
    home: FilePath? = nil, configHome: FilePath? = nil, systemConfig: FilePath? = nil, globalConfig: FilePath? = nil
  ) {
    self.home = home
    self.configHome = configHome
    self.systemConfig = systemConfig
    self.globalConfig = globalConfig
  }

  /// What this process was started with, read now.
  package static var process: GitEnvironment {
    let variables = processEnvironment()
    func value(_ name: String) -> FilePath? { variables[name].map(FilePath.init(bytes:)) }
    let configHome = value("XDG_CONFIG_HOME")
    let noSystem = value("GIT_CONFIG_NOSYSTEM").map { GitConfig.boolean($0.bytes) ?? false } ?? false
    return GitEnvironment(
      home: value("HOME"), configHome: configHome?.isEmpty == true ? nil : configHome,
      systemConfig: noSystem ? nil : value("GIT_CONFIG_SYSTEM") ?? "/etc/gitconfig",
      globalConfig: value("GIT_CONFIG_GLOBAL"))
  }

  /// The file `name` of git's directory among the user's settings.
  func userFile(_ name: String) -> FilePath? {
    (configHome ?? home?.appending(".config"))?.appending("git").appending(name)
  }

  /// The files with settings outside a repository, in rising order of precedence.
  var configFiles: [FilePath] {
    let user = globalConfig.map { [$0] } ?? [userFile("config"), home?.appending(".gitconfig")].compactMap { $0 }
    return (systemConfig.map { [$0] } ?? []) + user
  }

  /// `path` with a leading `~/` replaced by the home directory, or nothing where that cannot be done.
  func expanding(_ path: FilePath) -> FilePath? {
    guard path.bytes.first == UInt8(ascii: "~") else { return path }
    if path.bytes.count > 1, path.bytes[1] != .slash { return nil }
    guard let home else { return nil }
    return home.appending(FilePath(bytes: Array(path.bytes.dropFirst(2))))
  }
}
