package import Cairn
package import ForeignConfiguration
package import JSON
import Primitives
package import Settings

// The objects of `cairn config` that `Docs/JSON.md` describes.

extension JSONValue {
  package static func setting(_ entry: SettingValues.Entry) -> JSONValue {
    .object([
      ("type", .string("setting")), ("key", .string(entry.setting.key)), ("value", value(entry.value.withoutPassword)),
      ("origin", .string(entry.origin.description)), ("environment", .string(entry.setting.environmentVariable)),
      ("flag", .string("--" + entry.setting.flag)), ("summary", .string(entry.setting.summary)),
    ])
  }

  /// What `config set` and `config unset` did to `file`, with what holds after it.
  package static func configured(
    _ entry: SettingValues.Entry, in file: SettingFile, isChanged: Bool
  ) -> JSONValue {
    .object([
      ("type", .string("configured")), ("key", .string(entry.setting.key)), ("file", .string(file.path.description)),
      ("changed", .boolean(isChanged)), ("value", value(entry.value.withoutPassword)),
      ("origin", .string(entry.origin.description)),
      ("overridden", .boolean(entry.wins(over: file))),
    ])
  }

  package static func configurationFile(_ file: SettingFile) -> JSONValue {
    .object([
      ("type", .string("configuration-file")), ("scope", .string(file.scope.rawValue)),
      ("path", .string(file.path.description)), ("exists", .boolean(file.exists)),
    ])
  }

  package static func profile(_ profile: SizeProfile, written: Path?) -> JSONValue {
    .object([
      ("type", .string("profile")), ("name", .string(profile.rawValue)), ("settings", settings(profile.values)),
      ("toml", .string(profile.toml)), ("written", .array(written.map { [.string($0.description)] } ?? [])),
    ])
  }

  package static func importedKey(_ entry: ConfigurationImport.Entry) -> JSONValue {
    var held: (setting: Setting, value: Setting.Value?)?
    switch entry.outcome {
    case .taken(let setting, let value), .changed(let setting, let value, _): held = (setting, value)
    case .alreadyDefault(let setting), .covered(let setting, _): held = (setting, nil)
    default: break
    }
    return .object([
      ("type", .string("imported")), ("key", .string(entry.key)), ("line", .integer(entry.line)),
      ("given", .string(entry.value)), ("outcome", .string(entry.outcome.code)),
      ("setting", held.map { .string($0.setting.key) } ?? .null), ("value", held?.value.map(value) ?? .null),
      ("note", .string(entry.outcome.words)),
    ])
  }

  package static func imported(_ imported: ConfigurationImport, written: [Path]) -> JSONValue {
    .object([
      ("type", .string("configuration")), ("settings", settings(imported.values)), ("toml", .string(imported.toml)),
      ("personal_settings", settings(imported.personalValues)), ("personal_toml", .string(imported.personalToml)),
      ("ignore_patterns", .array(imported.ignorePatterns.map { .string($0) })),
      ("written", .array(written.map { .string($0.description) })),
    ])
  }

  private static func settings(_ values: [Setting: Setting.Value]) -> JSONValue {
    .object(Setting.all.compactMap { setting in values[setting].map { (name: setting.key, value: value($0)) } })
  }

  private static func value(_ value: Setting.Value) -> JSONValue {
    switch value {
    case .integer(let number): .integer(number)
    case .boolean(let flag): .boolean(flag)
    case .text(let text): .string(text)
    case .path(let path): .string(path.description)
    }
  }
}
