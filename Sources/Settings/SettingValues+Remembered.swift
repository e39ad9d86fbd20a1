extension SettingValues {
  /// Settings that choose files, as a command line of `cairn index` gave them. Personal ones are not remembered: what
  /// stands beside an index must not bring secrets in. Bounds of a run are for that run.
  private static let remembered = Setting.all.filter {
    $0.topic == .files && !$0.isPersonal && ![.fileLimit, .walkTimeLimitSeconds].contains($0)
  }

  /// Sets what was kept with an index, but for what this command line or a program says itself.
  ///
  /// - Parameter lines: what `linesToRemember` was when the index was built.
  package mutating func recall(_ lines: [String]) {
    for line in lines {
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, let setting = Self.remembered.first(where: { $0.key == parts[0] }),
        let value = setting.value(parsing: Array(parts[2].utf8))
      else { continue }
      switch self[setting].origin {
      case .flag, .program: break
      default: set(setting, to: value, from: .index)
      }
    }
  }

  /// What is to be kept with an index: what this command line says, and what others said before it. Nil if this one
  /// says nothing new.
  package var linesToRemember: [String]? {
    let chosen = Self.remembered.filter { setting in
      switch self[setting].origin {
      case .flag, .index: true
      default: false
      }
    }
    let isNew = chosen.contains { setting in
      if case .flag = self[setting].origin { return true }
      return false
    }
    return isNew ? chosen.map { "\($0.key) = \(String(decoding: self[$0].value.bytes, as: UTF8.self))" } : nil
  }
}
