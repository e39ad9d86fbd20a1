// What the accessors of every topic are made of; each topic has its own file.

extension Configuration {
  func integer(_ setting: Setting) -> Int {
    if case .integer(let number) = self[setting].value { number } else { 0 }
  }
  func boolean(_ setting: Setting) -> Bool { self[setting].value == .boolean(true) }
  func text(_ setting: Setting) -> String { if case .text(let text) = self[setting].value { text } else { "" } }
  func path(_ setting: Setting) -> Path { if case .path(let path) = self[setting].value { path } else { "" } }
}

extension Configuration {
  /// The lines of a configuration file.
  package static func toml(_ values: [Setting: Value]) -> String {
    Setting.all.compactMap { setting in values[setting].map { "\(setting.key) = \($0)\n" } }.joined()
  }
}
