// What the accessors of every topic are made of; each topic has its own file.

extension Configuration {
  func integer(_ setting: Setting) -> Int {
    if case .integer(let number) = self[setting].value { number } else { 0 }
  }
  func boolean(_ setting: Setting) -> Bool { self[setting].value == .boolean(true) }
  func text(_ setting: Setting) -> String { if case .text(let text) = self[setting].value { text } else { "" } }
  func path(_ setting: Setting) -> Path { if case .path(let path) = self[setting].value { path } else { "" } }
}
