/// A ready-made choice of sizes for a kind of project. Without one, sizes are derived from the machine and the corpus;
/// a profile is for those who want the same sizes on every machine.
///
///     print(SizeProfile.large.toml)
package enum SizeProfile: String, CaseIterable, Sendable {
  case small, medium, large, huge

  /// The projects it is made for.
  package var summary: String {
    switch self {
    case .small: "up to 1,000 files"
    case .medium: "up to 10,000 files"
    case .large: "up to 100,000 files"
    case .huge: "more than 100,000 files"
    }
  }

  /// What it sets.
  package var values: [Setting: Setting.Value] {
    switch self {
    case .small: Self.values(threads: 2, memory: 64, commit: 0)
    case .medium: Self.values(threads: 4, memory: 128, commit: 0)
    case .large: Self.values(threads: 8, memory: 256, commit: 30)
    case .huge: Self.values(threads: 16, memory: 512, commit: 60)
    }
  }

  /// `values` as lines of a configuration file.
  package var toml: String { SettingValues.toml(values) }

  private static func values(
    threads: Int, memory: Int, commit: Int
  ) -> [Setting: Setting.Value] {
    [
      .threadCount: .integer(threads), .maximumMemoryMegabytes: .integer(memory),
      .commitIntervalSeconds: .integer(commit),
    ]
  }
}
