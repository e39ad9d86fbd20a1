import Disk
import Primitives

/// The patterns of one ignore file, compiled once. The cost of a lookup hardly depends on how many there are: literal
/// names, `*suffix` and whole paths are found by hash, a pattern with wildcards is tried only on what begins with its
/// literal part, and only those without one are tried on everything.
package struct IgnoreRules: Sendable {
  package enum Verdict: Hashable, Sendable { case ignored, included }

  private var isNegated: [Bool] = []
  /// Patterns for the last component alone, wherever it is.
  private(set) var names = LiteralPatterns()
  private(set) var suffixes = LiteralPatterns()
  private var namePatterns: WildcardPatterns
  /// Patterns for the path from the ignore file on.
  private var paths = LiteralPatterns()
  private var pathPatterns: WildcardPatterns
  /// Slashes that a path may have at most to be matched by a pattern for paths; -1 where there is none.
  private(set) var greatestPathDepth = -1
  let foldsCase: Bool
  /// Of the content that they were made of.
  let contentHash: ContentHash

  /// Compiles the content of an ignore file. A pattern that is malformed matches nothing, as in git.
  package init(_ content: [UInt8], foldsCase: Bool) {
    self.foldsCase = foldsCase
    contentHash = ContentHash(of: content.span)
    namePatterns = WildcardPatterns(isForPaths: false, foldsCase: foldsCase)
    pathPatterns = WildcardPatterns(isForPaths: true, foldsCase: foldsCase)
    IgnorePattern.forEach(in: content) { add($0) }
    namePatterns.finish()
    pathPatterns.finish()
  }

  /// Parts of patterns that one lookup may meet. Ignore files that people write have some hundreds.
  static let costLimit = 65_536
  /// Patterns of the ignore files that hold in one directory: what they take is 60 bytes each and their text.
  static let countLimit = 1 << 20

  /// Parts of patterns that one lookup may meet here.
  var greatestCost: Int { namePatterns.greatestCost + pathPatterns.greatestCost }
  var count: Int { isNegated.count }
  var hasNamePatterns: Bool { !namePatterns.isEmpty }

  var isEmpty: Bool { isNegated.isEmpty }

  /// How many hash probes and comparisons a lookup takes at most, before any candidate is found: what its cost depends
  /// on.
  package var probeCount: Int {
    2 + suffixes.byteCounts.count + namePatterns.byteCounts.count + namePatterns.otherCount
      + pathPatterns.byteCounts.count + pathPatterns.otherCount
  }

  /// What the last pattern that matches says of the entry at `path`, which is relative to the directory of the ignore
  /// file and whose last component begins at `nameStart`; nil if none matches.
  package func verdict(path: Span<UInt8>, nameStart: Int, isDirectory: Bool) -> Verdict? {
    guard foldsCase else { return exactVerdict(path: path, nameStart: nameStart, isDirectory: isDirectory) }
    var folded: [UInt8] = []
    folded.reserveCapacity(path.count)
    for i in path.indices { folded.append(path[i].asciiLowercased) }
    return exactVerdict(path: folded.span, nameStart: nameStart, isDirectory: isDirectory)
  }

  private func exactVerdict(path: Span<UInt8>, nameStart: Int, isDirectory: Bool) -> Verdict? {
    let best = lastMatch(path: path, nameStart: nameStart, isDirectory: isDirectory)
    return best < 0 ? nil : isNegated(best) ? .included : .ignored
  }

  func isNegated(_ number: Int32) -> Bool { isNegated[Int(number)] }

  /// The place in the file of the last pattern that matches the entry at `path`, which is folded where case is; -1
  /// where none does.
  ///
  /// - Parameter asksNames: whether literal names and suffixes are looked up, too.
  func lastMatch(path: Span<UInt8>, nameStart: Int, isDirectory: Bool, asksNames: Bool = true) -> Int32 {
    let name = path.extracting(nameStart..<path.count)
    guard name.count > 0 else { return -1 }
    var best: Int32 = -1
    if asksNames {
      names.find(name, isDirectory: isDirectory, &best)
      if suffixes.lastBytes.contains(name[name.count - 1]) {
        for byteCount in suffixes.byteCounts {
          if byteCount > name.count { break }
          let suffix = name.extracting((name.count - byteCount)..<name.count)
          suffixes.find(suffix, isDirectory: isDirectory, &best)
        }
      }
    }
    namePatterns.find(name, isDirectory: isDirectory, &best)
    if greatestPathDepth >= 0 {
      paths.find(path, isDirectory: isDirectory, &best)
      pathPatterns.find(path, isDirectory: isDirectory, &best)
    }
    return best
  }

  // MARK: Compiling

  private mutating func add(_ pattern: IgnorePattern) {
    let number = Int32(isNegated.count)
    isNegated.append(pattern.isNegated)
    let isForDirectories = pattern.isForDirectories
    // Text is folded before it is compared, so literals are folded here; globs fold by themselves.
    func literal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
      foldsCase ? bytes.map(\.asciiLowercased) : Array(bytes)
    }

    var bytes = pattern.bytes
    var literalByteCount = pattern.literalByteCount
    var isForNames = pattern.isForNames
    // `**/name` is `name` at any depth.
    if !isForNames, bytes.starts(with: [.star, .star, .slash]), !bytes.dropFirst(3).contains(.slash), bytes.count > 3 {
      bytes.removeFirst(3)
      isForNames = true
      literalByteCount = bytes.firstIndex(where: IgnorePattern.isSpecial) ?? bytes.count
    }
    if bytes.isEmpty { return }

    if !isForNames {
      let isUnbounded = bytes.indices.dropLast().contains { bytes[$0] == .star && bytes[$0 + 1] == .star }
      greatestPathDepth = max(greatestPathDepth, isUnbounded ? .max : bytes.count { $0 == .slash })
    }
    if literalByteCount == bytes.count {
      if isForNames {
        names.add(literal(bytes), number, isForDirectories)
      } else {
        paths.add(literal(bytes), number, isForDirectories)
      }
      return
    }
    let isSuffix = bytes[0] == .star && !bytes.dropFirst().contains(where: IgnorePattern.isSpecial)
    if isForNames, isSuffix, bytes.count > 1, bytes.count <= 64 {
      suffixes.add(literal(bytes.dropFirst()), number, isForDirectories)
      return
    }
    // Git compares the literal part first and matches only the rest as a pattern, so that in `a**/b` the stars are at
    // the beginning of what is matched. For patterns that are matched against names only that makes no difference.
    let prefix = literal(bytes[..<literalByteCount])
    let rest = bytes[literalByteCount...]
    if isForNames {
      namePatterns.add(number, isForDirectories: isForDirectories, prefix: prefix, rest: rest)
    } else {
      pathPatterns.add(number, isForDirectories: isForDirectories, prefix: prefix, rest: rest)
    }
  }
}
