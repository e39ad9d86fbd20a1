import Disk
package import Settings

/// The settings of a workspace, each value with its origin.
///
///     var configuration = try Configuration.load(root: "/home/me/project")
///     configuration.limit = 20
///     for entry in configuration.entries { print(entry.key, entry.value, entry.origin) }
public struct Configuration: Hashable, Sendable {
  /// What the rooms below and the doors read.
  package var values: SettingValues

  /// The defaults.
  public init() { values = SettingValues() }

  init(_ values: SettingValues) { self.values = values }

  /// The name of a project's configuration file, at its root.
  public static let fileName = Path(SettingValues.fileName)

  /// What holds at `root`: the built-in values, then the user's file (`~/.config/cairn/config.toml`), then the
  /// project's (`cairn.toml`), then the environment (`CAIRN_...`); what comes later wins. Flags are the caller's to set
  /// last.
  ///
  /// Throws `invalidConfiguration`, with the file and the line, for a setting that does not exist or a value that it
  /// does not accept.
  ///
  ///     let configuration = try Configuration.load(root: "/home/me/project")
  public static func load(root: Path, environment: Environment = .process) throws(CairnError) -> Configuration {
    do { return Configuration(try SettingValues.load(root: root.filePath, environment: environment.variables)) } catch {
      throw CairnError(error)
    }
  }

  /// Sets `setting` to what a command line says. Throws `invalidConfiguration` for a value it does not accept.
  package mutating func apply(
    flag: String, _ setting: Setting, _ bytes: [UInt8], environment: Environment
  ) throws(CairnError) {
    do { try values.apply(flag: flag, setting, bytes, environment: environment.variables) } catch {
      throw CairnError(error)
    }
  }
}

extension Configuration {
  /// Every setting as a plain value, with what nobody has set derived from this machine and `corpus`, which is nil
  /// where no index knows it.
  package func resolved(corpus: CorpusSize? = nil) -> ResolvedSettings {
    ResolvedSettings(values, machine: .current, corpus: corpus)
  }

  package subscript(setting: Setting) -> SettingValues.Entry { values[setting] }

  package mutating func set(_ setting: Setting, to value: Setting.Value, from origin: Setting.Origin) {
    values.set(setting, to: value, from: origin)
  }

  func integer(_ setting: Setting) -> Int { values.integer(setting) }
  func boolean(_ setting: Setting) -> Bool { values.boolean(setting) }
  func text(_ setting: Setting) -> String { values.text(setting) }
}
