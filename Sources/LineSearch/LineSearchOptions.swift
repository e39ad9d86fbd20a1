package import Patterns
package import Primitives
package import QueryLanguage

/// What a search for lines looks for, where, and what of it is wanted.
package struct LineSearchOptions: Sendable {
  package var pattern: Pattern
  /// Whether lines without a match are the ones that are found.
  package var isInverted = false
  /// After so many lines of a file the search of it ends; nil is no limit.
  package var lineLimit: Int?
  /// Lines before and after each one that are shown with it.
  package var linesBefore = 0
  package var linesAfter = 0
  /// Whether lines that are not found are shown too, in between.
  package var showsAll = false
  /// Whether one line of a file is enough.
  package var isExistence = false
  /// Whether the places of all matches are wanted, not the lines alone.
  package var wantsMatches = false
  /// Whether lines themselves are wanted, or only how many they are.
  package var wantsLines = true
  /// Whether lines are numbered.
  package var wantsNumbers = true
  /// What each match is shown as, where it is to be another text; `$1` and `${name}` are groups of the pattern.
  package var replacement: [UInt8]?
  /// Whether files in which nothing matches are shown too, so that all must be read.
  package var needsAllFiles = false
  /// Whether NUL is a byte like any other.
  package var isText = false
  /// Whether files that are no text are searched to their end, as those that were named are.
  package var searchesBinary = false

  package init(_ pattern: Pattern) { self.pattern = pattern }
}

/// Which files are searched.
package struct LineSearchFiles: Sendable {
  /// As they were named; none means the current directory.
  package var paths: [[UInt8]] = []
  /// From where paths and globs are meant, absolute.
  package var directory: FilePath
  /// From where globs are meant, as it was named, where that is another directory.
  package var globRoot: [UInt8]?
  /// `-g` and `--iglob` in their order, the latter without regard to case.
  package var globs: [(glob: [UInt8], foldsCase: Bool)] = []
  package var languages: LanguageFilter?
  package var excludedLanguages: LanguageFilter?
  package var includesHidden = false
  package var obeysIgnoreFiles = true
  package var followsLinks = false
  /// How many directories below one that was named files may lie, itself among them; nil is no limit.
  package var depthLimit: Int?
  /// Larger files are left out where they were not named; nil is no limit.
  package var byteCountLimit: Int?
  package var order = Order.paths
  package var isReversed = false

  package enum Order: Sendable {
    case paths
    /// By the time when they were last changed, oldest first.
    case times
  }
  /// What a path of `-` stands for; nil where it is a path like any other.
  package var standardInput: [UInt8]?

  package init(directory: FilePath) { self.directory = directory }
}
