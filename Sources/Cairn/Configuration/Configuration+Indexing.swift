import Settings

// What is configured of the topics files and indexing.

extension Configuration {
  /// Files with more bytes are skipped.
  public var maximumFileByteCount: Int {
    get { integer(.maximumFileByteCount) }
    set { set(.maximumFileByteCount, to: .integer(newValue), from: .program) }
  }
  /// Whether hidden files that git does not track are indexed.
  public var includesHidden: Bool {
    get { boolean(.includesHidden) }
    set { set(.includesHidden, to: .boolean(newValue), from: .program) }
  }
  /// Whether directories of other people's code are indexed.
  public var includesVendored: Bool {
    get { boolean(.includesVendored) }
    set { set(.includesVendored, to: .boolean(newValue), from: .program) }
  }
  /// Whether minified code and generated files of any size are indexed.
  public var includesGenerated: Bool {
    get { boolean(.includesGenerated) }
    set { set(.includesGenerated, to: .boolean(newValue), from: .program) }
  }
  /// Whether files that hold keys or tokens are indexed and may be sent.
  public var includesSecrets: Bool {
    get { boolean(.includesSecrets) }
    set { set(.includesSecrets, to: .boolean(newValue), from: .program) }
  }
  /// Whether git's ignore rules hold.
  public var obeysGitIgnore: Bool {
    get { boolean(.obeysGitIgnore) }
    set { set(.obeysGitIgnore, to: .boolean(newValue), from: .program) }
  }
  /// Whether symbolic links that lead out of the tree are followed.
  public var followsLinks: Bool {
    get { boolean(.followsLinks) }
    set { set(.followsLinks, to: .boolean(newValue), from: .program) }
  }
  /// The walk ends after so many source files; 0 is no limit.
  public var fileLimit: Int {
    get { integer(.fileLimit) }
    set { set(.fileLimit, to: .integer(newValue), from: .program) }
  }
  /// The walk ends after so many seconds; 0 is no limit.
  public var walkTimeLimitSeconds: Int {
    get { integer(.walkTimeLimitSeconds) }
    set { set(.walkTimeLimitSeconds, to: .integer(newValue), from: .program) }
  }
  /// Whether several threads work.
  public var isParallel: Bool {
    get { boolean(.isParallel) }
    set { set(.isParallel, to: .boolean(newValue), from: .program) }
  }
  /// Threads for indexing; 0 is one for each core.
  public var threadCount: Int {
    get { integer(.threadCount) }
    set { set(.threadCount, to: .integer(newValue), from: .program) }
  }
  /// Whether index runs give way to whatever else runs here; nil where nobody has said, when those of a watcher do.
  public var givesWay: Bool? {
    get { resolved().givesWay }
    set { set(.givesWay, to: .boolean(newValue ?? false), from: newValue == nil ? .builtIn : .program) }
  }
  /// Memory that indexing may hold, in MiB: as set, the share that was set of the machine's memory, or what suits the
  /// machine.
  public var maximumMemoryMegabytes: Int {
    get { resolved().memoryByteCount >> 20 }
    set { set(.maximumMemoryMegabytes, to: .integer(newValue), from: .program) }
  }
  /// Segments with more MiB are mapped into memory, smaller ones read whole.
  public var memoryMappingThresholdMegabytes: Int {
    get { integer(.memoryMappingThresholdMegabytes) }
    set { set(.memoryMappingThresholdMegabytes, to: .integer(newValue), from: .program) }
  }
  /// A run commits at least so often, in seconds; 0 leaves it to the size of what is gathered.
  public var commitIntervalSeconds: Int {
    get { integer(.commitIntervalSeconds) }
    set { set(.commitIntervalSeconds, to: .integer(newValue), from: .program) }
  }
  /// Where the index lives: empty is `.cairn` at the root, `cache` is the user's cache directory, a relative path
  /// begins at the root.
  public var indexDirectory: Path {
    get { Path(values.path(.indexDirectory)) }
    set { set(.indexDirectory, to: .path(newValue.filePath), from: .program) }
  }
  /// Whether embeddings are kept across runs, branches and repositories.
  public var isCaching: Bool {
    get { boolean(.isCaching) }
    set { set(.isCaching, to: .boolean(newValue), from: .program) }
  }
}
