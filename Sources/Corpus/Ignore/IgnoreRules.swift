import Disk
import Primitives

/// The patterns of one ignore file, compiled once. The cost of a question hardly depends on how many there are: literal
/// names, `*suffix` and whole paths are found by hash, a pattern with wildcards is tried only on what begins with its
/// literal part, and only those without one are tried on everything.
package struct IgnoreRules: Sendable {
  package enum Verdict: Hashable, Sendable { case ignored, included }

  private var isNegated: [Bool] = []
  private var names = LiteralPatterns()
  private var suffixes = LiteralPatterns()
  private var paths = LiteralPatterns()
  private var namePatterns = WildcardPatterns()
  private var pathPatterns = WildcardPatterns()
  private let foldsCase: Bool

  /// Compiles the content of an ignore file. A pattern that is malformed matches nothing, as in git.
  package init(_ content: [UInt8], foldsCase: Bool) {
    self.foldsCase = foldsCase
    IgnorePattern.forEach(in: content) { add($0) }
    namePatterns.finish()
    pathPatterns.finish()
  }

  /// The same of the file at `path`. Throws where it has so many patterns with wildcards, any of which may match any name, that
  /// a walk by them would hardly end.
  init(_ content: [UInt8], foldsCase: Bool, path: FilePath) throws(Failure) {
    self.init(content, foldsCase: foldsCase)
    if namePatterns.greatestCost + pathPatterns.greatestCost > Self.costLimit {
      throw DecidingFile.undecided(
        Failure(.tooLarge, "it has too many patterns that begin with a wildcard, or alike; take some out"), path)
    }
  }

  /// Parts of patterns that one question may meet. Ignore files that people write have some hundreds.
  static let costLimit = 65_536

  var isEmpty: Bool { isNegated.isEmpty }

  /// How many look-ups and comparisons a question takes at most, before any candidate is found: what the cost of a
  /// question depends on.
  package var probeCount: Int {
    2 + suffixes.byteCounts.count + namePatterns.byteCounts.count + namePatterns.others.count
      + pathPatterns.byteCounts.count + pathPatterns.others.count
  }

  /// What the last pattern that matches says of the entry at `path`, which is relative to the directory of the ignore file
  /// and whose last component begins at `nameStart`; nothing where none matches.
  package func verdict(path: Span<UInt8>, nameStart: Int, isDirectory: Bool) -> Verdict? {
    guard foldsCase else { return exactVerdict(path: path, nameStart: nameStart, isDirectory: isDirectory) }
    var folded: [UInt8] = []
    folded.reserveCapacity(path.count)
    for i in path.indices { folded.append(path[i].asciiLowercased) }
    return exactVerdict(path: folded.span, nameStart: nameStart, isDirectory: isDirectory)
  }

  private func exactVerdict(path: Span<UInt8>, nameStart: Int, isDirectory: Bool) -> Verdict? {
    let name = path.extracting(nameStart..<path.count)
    guard name.count > 0 else { return nil }
    var best: Int32 = -1
    names.find(name, isDirectory: isDirectory, &best)
    if suffixes.lastBytes.contains(name[name.count - 1]) {
      for byteCount in suffixes.byteCounts {
        if byteCount > name.count { break }
        let suffix = name.extracting((name.count - byteCount)..<name.count)
        suffixes.find(suffix, isDirectory: isDirectory, &best)
      }
    }
    namePatterns.find(name, isDirectory: isDirectory, &best)
    paths.find(path, isDirectory: isDirectory, &best)
    pathPatterns.find(path, isDirectory: isDirectory, &best)
    if best < 0 { return nil }
    return isNegated[Int(best)] ? .included : .ignored
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
    // Git compares the literal part first and matches only the rest as a pattern, so that in `a**/b` the stars stand at the
    // beginning of what is matched. For names alone that makes no difference.
    let rest = bytes[literalByteCount...]
    guard let glob = Glob(Array(rest).span, isForPaths: !isForNames, foldsCase: foldsCase) else { return }
    let candidate = WildcardPatterns.Candidate(
      number: number, isForDirectories: isForDirectories, prefix: literal(bytes[..<literalByteCount]), glob: glob)
    if isForNames { namePatterns.add(candidate) } else { pathPatterns.add(candidate) }
  }
}
