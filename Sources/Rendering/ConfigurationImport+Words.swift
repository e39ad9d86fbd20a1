package import ForeignConfiguration
import Settings

/// What became of a key, as every door says it.
extension ConfigurationImport.Outcome {
  /// In words.
  package var words: String {
    switch self {
    case .taken(let setting, let value): "\(setting.key) = \(value)"
    case .changed(let setting, let value, let how): "\(setting.key) = \(value) (\(how))"
    case .alreadyDefault(let setting): "\(setting.key), already the default"
    case .covered(let setting, let key): "\(setting.key), already set by \(key)"
    case .ignorePatterns(let count): ".cairnignore, \(countText(count, "line"))"
    case .notNeeded(let why): "not needed: \(why)"
    case .secret(let advice): "not taken: \(advice)"
    case .invalid(let expectation): "not taken: \(expectation)"
    case .unknown: "unknown, not taken"
    }
  }

  /// The word for it that programs read.
  package var code: String {
    switch self {
    case .taken: "taken"
    case .changed: "changed"
    case .alreadyDefault: "default"
    case .covered: "covered"
    case .ignorePatterns: "ignore-patterns"
    case .notNeeded: "not-needed"
    case .secret: "secret"
    case .invalid: "invalid"
    case .unknown: "unknown"
    }
  }
}
