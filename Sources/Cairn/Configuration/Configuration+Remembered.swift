import IndexStorage
import Indexing
import Primitives

extension Configuration {
  /// Settings that choose files, as a command line of `cairn index` gave them. Personal ones are not remembered: what stands beside an
  /// index must not bring secrets in. Bounds of a run are for that run.
  private static let remembered = Setting.all.filter {
    $0.topic == .files && !$0.isPersonal && ![.fileLimit, .walkTimeLimitSeconds].contains($0)
  }

  /// Sets what was kept with the index in `site`, but for what this command line or a program says itself. Throws `damaged` where that
  /// cannot be read.
  mutating func recall(from site: IndexSite) throws(Failure) {
    let directory: IndexDirectory
    do throws(Failure) { directory = try site.open() } catch { return }
    for line in try directory.options() {
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

  /// Keeps what this command line says, and what others said before it, with the index in `site`, which is made where there is none.
  func remember(in site: IndexSite) throws(Failure) {
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
    if !isNew { return }
    try site.make().keep(options: chosen.map { "\($0.key) = \(text(of: self[$0].value))" })
  }

  /// As a command line has it.
  private func text(of value: Value) -> String {
    switch value {
    case .integer, .boolean: value.description
    case .text(let text): text
    case .path(let path): path.description
    }
  }
}
