package import Primitives

// Values as they stand, by their type.

extension SettingValues {
  package func integer(_ setting: Setting) -> Int {
    if case .integer(let number) = self[setting].value { number } else { 0 }
  }
  package func boolean(_ setting: Setting) -> Bool { self[setting].value == .boolean(true) }
  package func text(_ setting: Setting) -> String { if case .text(let text) = self[setting].value { text } else { "" } }
  package func path(_ setting: Setting) -> FilePath {
    if case .path(let path) = self[setting].value { path } else { "" }
  }
}

extension SettingValues {
  /// The lines of a configuration file.
  package static func toml(_ values: [Setting: Setting.Value]) -> String {
    Setting.all.compactMap { setting in values[setting].map { "\(setting.key) = \($0)\n" } }.joined()
  }
}
