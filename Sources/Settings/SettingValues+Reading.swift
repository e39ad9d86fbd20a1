package import Primitives

// Values as they stand, by their type.

extension SettingValues {
  /// The number that `setting` is set to; 0 if it is set to a word, such as a share.
  package func integer(_ setting: Setting) -> Int {
    if case .integer(let number) = self[setting].value { number } else { 0 }
  }
  /// Whether `setting` is set to true.
  package func boolean(_ setting: Setting) -> Bool { self[setting].value == .boolean(true) }
  /// The words that `setting` is set to; empty if it is set to something else.
  package func text(_ setting: Setting) -> String { if case .text(let text) = self[setting].value { text } else { "" } }
  /// The path that `setting` is set to; empty if it is set to something else.
  package func path(_ setting: Setting) -> FilePath {
    if case .path(let path) = self[setting].value { path } else { "" }
  }
}

extension SettingValues {
  /// `values` as the lines of a configuration file, in the order of `Setting.all`.
  package static func toml(_ values: [Setting: Setting.Value]) -> String {
    Setting.all.compactMap { setting in values[setting].map { "\(setting.key) = \($0)\n" } }.joined()
  }
}
