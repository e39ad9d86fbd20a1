import Disk
package import Primitives

/// Where git's own settings lie outside the repository, so that the walk can obey the user's ignore rules and a test
/// can give it others.
package struct GitEnvironment: Hashable, Sendable {
  /// The user's home directory.
  package var home: FilePath?
  /// `$XDG_CONFIG_HOME`, where it is set; otherwise `.config` in the home directory is used.
  package var configHome: FilePath?
  /// The settings of the whole machine.
  package var systemConfig: FilePath?
  /// Takes the place of the two files in the home directory (`$GIT_CONFIG_GLOBAL`).
  package var globalConfig: FilePath?
  /// What `GIT_CONFIG_COUNT` and its kin set, as a file of settings would say it.
  package var commandSettings: [UInt8] = []

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
    var environment = GitEnvironment(
      home: value("HOME"), configHome: configHome?.isEmpty == true ? nil : configHome,
      systemConfig: noSystem ? nil : value("GIT_CONFIG_SYSTEM") ?? "/etc/gitconfig",
      globalConfig: value("GIT_CONFIG_GLOBAL"))
    environment.commandSettings = commandSettings(variables)
    return environment
  }

  /// `GIT_CONFIG_COUNT` pairs of `GIT_CONFIG_KEY_0` and `GIT_CONFIG_VALUE_0`, as git takes them.
  package static func commandSettings(_ variables: [String: [UInt8]]) -> [UInt8] {
    guard let text = variables["GIT_CONFIG_COUNT"], let count = Int(String(decoding: text, as: UTF8.self)) else {
      return []
    }
    var settings: [UInt8] = []
    for number in 0..<max(0, min(count, 1000)) {
      guard let key = variables["GIT_CONFIG_KEY_\(number)"], let value = variables["GIT_CONFIG_VALUE_\(number)"],
        let first = key.firstIndex(of: .dot), let last = key.lastIndex(of: .dot)
      else { continue }
      settings += Array("[".utf8) + key[..<first]
      if first < last { settings += Array(" \"".utf8) + escaped(key[(first + 1)..<last]) + Array("\"".utf8) }
      settings +=
        Array("]\n".utf8) + key[(last + 1)...] + Array(" = \"".utf8) + escaped(value[...]) + Array("\"\n".utf8)
    }
    return settings
  }

  private static func escaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\n"): [.backslash, UInt8(ascii: "n")]
      case .backslash, UInt8(ascii: "\""): [.backslash, byte]
      default: [byte]
      }
    }
  }

  /// What tells apart two environments that may decide otherwise which files belong to a tree.
  package var subject: String {
    let files = (configFiles + [userFile("ignore"), home].compactMap { $0 }).map { $0.bytes.hexadecimal }
    return (files + [commandSettings.hexadecimal]).joined(separator: " ")
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

  /// `path` with a leading `~/` replaced by the home directory, or nil if that cannot be done.
  func expanding(_ path: FilePath) -> FilePath? {
    guard path.bytes.first == UInt8(ascii: "~") else { return path }
    if path.bytes.count > 1, path.bytes[1] != .slash { return nil }
    guard let home else { return nil }
    return home.appending(FilePath(bytes: Array(path.bytes.dropFirst(2))))
  }
}
