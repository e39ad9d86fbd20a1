import Disk
package import Primitives

/// The rules that hold in a directory: those of its own ignore file and, behind them, those of the scopes around it.
/// Shared by everything below and never changed. Directories without an ignore file add none.
///
/// What a lookup costs does not grow with the number of ignore files above: names and suffixes of all but the outermost
/// and the largest are in one table that each scope shares with those around it, and a file whose patterns for paths
/// cannot reach so deep any more is not asked for them. Only patterns for names with wildcards are tried file by file
/// (`IgnoreRules.costLimit`).
package final class RuleScope: Sendable {
  /// The rules of one ignore file.
  private final class Link: Sendable {
    let rules: IgnoreRules
    /// How many bytes of a path come before what the rules see: the directory of the ignore file and its slash.
    let baseByteCount: Int
    /// Slashes among them, where that is known.
    let baseDepth: Int?
    /// Ignore files around this one.
    let level: Int

    init(_ rules: IgnoreRules, baseByteCount: Int, baseDepth: Int?, level: Int) {
      self.rules = rules
      self.baseByteCount = baseByteCount
      self.baseDepth = baseDepth
      self.level = level
    }
  }

  private struct Asked: Sendable {
    let link: Link
    /// Its names and suffixes are not in the shared table.
    let asksNames: Bool

    /// Whether it may have something to say of entries of a directory so many levels below the top.
    func reaches(_ depth: Int) -> Bool {
      if asksNames || link.rules.hasNamePatterns { return true }
      return link.rules.greatestPathDepth >= depth - (link.baseDepth ?? depth)
    }
  }

  private let level: Int
  /// Innermost first.
  private let asked: [Asked]
  private let shared: SharedNames
  private let foldsCase: Bool
  private let patternCount: Int
  private let cost: Int
  /// Of all that the rules here are made of: scopes with the same hash say the same of every path.
  let contentHash: ContentHash

  /// Ignore files with more literal names and suffixes are asked by themselves, and so is what would make the shared
  /// table larger than the second: in both forms memory follows the files' size.
  private static let sharedCountOfFile = 1_024
  private static let sharedCount = 65_536

  /// Throws where so many patterns hold here that a walk by them would hardly end, or take the machine's memory.
  ///
  /// - Parameters:
  ///   - base: the directory of the ignore file, with a slash at its end, as paths of the walk begin with; empty at the
  ///     top.
  ///   - path: of the ignore file, for errors.
  package convenience init(_ rules: IgnoreRules, base: Span<UInt8>, outer: RuleScope?, path: FilePath) throws(Failure) {
    var depth = 0
    for i in base.indices where base[i] == .slash { depth += 1 }
    try self.init(rules, baseByteCount: base.count, baseDepth: depth, outer: outer, path: path)
  }

  /// The same for a file that rules the whole of a tree whose paths begin after so many bytes of those of the walk.
  convenience init(
    ofTree rules: IgnoreRules, baseByteCount: Int, outer: RuleScope?, path: FilePath
  ) throws(Failure) {
    try self.init(rules, baseByteCount: baseByteCount, baseDepth: nil, outer: outer, path: path)
  }

  private init(
    _ rules: IgnoreRules, baseByteCount: Int, baseDepth: Int?, outer: RuleScope?, path: FilePath
  ) throws(Failure) {
    patternCount = rules.count + (outer?.patternCount ?? 0)
    cost = rules.greatestCost + (outer?.cost ?? 0)
    if patternCount > IgnoreRules.countLimit {
      throw DecidingFile.undecided(
        Failure(.tooLarge, "with it, \(patternCount) patterns would hold there; take some out"), path)
    }
    if cost > IgnoreRules.costLimit {
      throw DecidingFile.undecided(
        Failure(.tooLarge, "it has too many patterns that begin with a wildcard, or alike; take some out"), path)
    }
    contentHash = Self.hash(rules, baseByteCount: baseByteCount, outer: outer)
    level = outer.map { $0.level + 1 } ?? 0
    foldsCase = outer?.foldsCase ?? rules.foldsCase
    let link = Link(rules, baseByteCount: baseByteCount, baseDepth: baseDepth, level: level)
    var shared = outer?.shared ?? SharedNames()
    let literalCount = rules.names.count + rules.suffixes.count
    let isShared =
      level > 0 && rules.foldsCase == foldsCase && literalCount <= Self.sharedCountOfFile
      && shared.count + literalCount <= Self.sharedCount
    if isShared { shared.add(rules, level: level) }
    self.shared = shared
    let all = [Asked(link: link, asksNames: !isShared)] + (outer?.asked ?? [])
    asked = all.filter { $0.reaches(baseDepth ?? 0) }
  }

  private static func hash(_ rules: IgnoreRules, baseByteCount: Int, outer: RuleScope?) -> ContentHash {
    // The parts are hashes already: once for each directory, they are only stirred together (SplitMix64's finaliser).
    func stirred(_ number: UInt64) -> UInt64 {
      var number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
      number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
      return number ^ number >> 31
    }
    let place = stirred((UInt64(baseByteCount) << 1 | (rules.foldsCase ? 1 : 0)) &+ 0x9E37_79B9_7F4A_7C15)
    let (outerHigh, outerLow) = (outer?.contentHash.high ?? 1, outer?.contentHash.low ?? 2)
    return ContentHash(
      high: stirred(rules.contentHash.high &+ stirred(outerHigh ^ place)),
      low: stirred(rules.contentHash.low &+ stirred(outerLow &+ place)))
  }

  /// How many ignore files a path is matched against one by one, at most.
  package var askedCount: Int { asked.count }

  /// What the innermost rules that match say of the entry at `path`. That a directory above it is ignored is for the
  /// caller to know: nothing below such a directory is asked about.
  package func verdict(path: Span<UInt8>, nameStart: Int, isDirectory: Bool) -> IgnoreRules.Verdict? {
    guard foldsCase || asked.contains(where: { $0.link.rules.foldsCase }) else {
      return verdict(path: path, folded: path, nameStart: nameStart, isDirectory: isDirectory)
    }
    var folded: [UInt8] = []
    folded.reserveCapacity(path.count)
    for i in path.indices { folded.append(path[i].asciiLowercased) }
    return verdict(path: path, folded: folded.span, nameStart: nameStart, isDirectory: isDirectory)
  }

  private func verdict(
    path: Span<UInt8>, folded: Span<UInt8>, nameStart: Int, isDirectory: Bool
  ) -> IgnoreRules.Verdict? {
    let own = foldsCase ? folded : path
    var best = shared.last(for: own.extracting(nameStart..<own.count), isDirectory: isDirectory)
    for one in asked {
      let link = one.link
      // Those that follow are further out still.
      if let best, best.level > link.level { break }
      let base = link.baseByteCount
      let text = link.rules.foldsCase ? folded : path
      let number = link.rules.lastMatch(
        path: text.extracting(base..<path.count), nameStart: nameStart - base, isDirectory: isDirectory,
        asksNames: one.asksNames)
      if number < 0 { continue }
      let match = SharedNames.Match(level: link.level, number: number, isNegated: link.rules.isNegated(number))
      if best.map({ $0 < match }) ?? true { best = match }
      // Innermost first.
      break
    }
    return best.map { $0.isNegated ? .included : .ignored }
  }
}
