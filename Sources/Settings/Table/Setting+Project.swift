// What a project's file, which may be someone else's, may say.

package import Primitives

extension Setting {
  /// The numbers that a project's file may set; nil if it may set any that the setting accepts.
  ///
  /// A project may ask for less of the machine than a user would give, and for somewhat more; how much more is bounded
  /// here.
  private var projectRange: ClosedRange<Int>? {
    switch self {
    // A file is read whole.
    case .maximumFileByteCount: 1...50_000_000
    case .threadCount: 0...64
    case .maximumMemoryMegabytes: 0...1024
    // What is not mapped is read whole.
    case .memoryMappingThresholdMegabytes: 0...64
    case .batchSize: 0...256
    case .embeddingDimensions: 0...8192
    case .rerankCount: 1...200
    default: nil
    }
  }

  /// The largest share of the machine's memory that a project's file may ask for.
  private static let projectMemoryShare = 25

  /// Why a project's file cannot set this to `value`, with a remedy; nil if it can.
  ///
  /// A project that someone else wrote must not choose where code is sent, which secret goes with it, what is spent
  /// there, what is loaded, what other projects find in their caches, or how much of the machine is taken.
  ///
  /// - Parameter userFile: the path of the user's own file.
  package func objection(toProjectValue value: Setting.Value, userFile: String = "") -> String? {
    let elsewhere = "\(userFile), \(environmentVariable) or --\(flag)"
    if isPersonal { return "a project's file cannot set \"\(key)\"; put it into \(elsewhere)" }
    if self == .embeddingModel || self == .rerankModel, case .text(let name) = value {
      if value.namesDirectory {
        return "in a project's file \"\(key)\" must be a model's name; name a directory in \(elsewhere)"
      }
      if Self.namesEndpoint(name) {
        return "a project's file cannot have code sent to an endpoint; put \"\(key)\" into \(elsewhere)"
      }
    }
    guard let range = projectRange else { return nil }
    switch value {
    case .integer(let number) where !range.contains(number):
      return "in a project's file \"\(key)\" must be from \(range.lowerBound) to \(range.upperBound); "
        + "set more in \(elsewhere)"
    case .text(let share):
      guard let share = Int(share.dropLast()), share > Self.projectMemoryShare else { return nil }
      return "in a project's file \"\(key)\" must be at most \(Self.projectMemoryShare)%; set more in \(elsewhere)"
    default: return nil
    }
  }

  /// What begins the name of a model behind `embedding_endpoint`.
  package static let endpointPrefix = "endpoint:"

  /// Whether `text` means a model behind an endpoint, however it is written.
  package static func namesEndpoint(_ text: String) -> Bool {
    text.lowercased().drop { $0.isWhitespace }.hasPrefix(endpointPrefix)
  }
}

extension Setting.Value {
  /// Whether a model's name is a directory: it begins with `/`, `./`, `../` or `~/`, which no name of a model does.
  var namesDirectory: Bool {
    guard case .text(let text) = self else { return false }
    return ["/", "./", "../", "~/"].contains { text.hasPrefix($0) } || text == "." || text == ".."
  }
}

extension SettingValues {
  /// Throws where a project's file brings files in that are usually left out, for before texts are sent to an endpoint:
  /// what leaves the machine is the user's to widen.
  package func checkProjectWidensNothing(_ environment: EnvironmentVariables) throws(Failure) {
    let own = Self.userFile(in: environment)
    for setting in [Setting.includesHidden, .obeysGitIgnore] {
      let entry = self[setting]
      guard case .file(let file, let line) = entry.origin, file != own, entry.value != setting.defaultValue else {
        continue
      }
      throw Failure(
        .invalidConfiguration,
        "line \(line): a project's file cannot say with \"\(setting.key)\" that more files are sent to an endpoint; "
          + "say it yourself with \(setting.environmentVariable) or on the command line", path: file)
    }
  }
}
