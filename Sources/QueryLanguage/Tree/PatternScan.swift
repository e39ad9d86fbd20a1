import Patterns
import Primitives

/// The patterns of a query, `/…/`, and what is left of it without them. What may be a path, a route or code is none.
struct PatternScan {
  struct Found {
    /// In the bytes of the query, with its slashes and flags.
    var range: Range<Int>
    /// Whether a dash stands before it.
    var isNegated: Bool
    var pattern: TextPattern

    var node: QueryNode { isNegated ? .not(.pattern(pattern)) : .pattern(pattern) }
  }

  private(set) var found: [Found] = []
  private(set) var mistakes: [PatternMistake] = []
  /// What has the form of a pattern and is a path, since a file or a directory is called so.
  private(set) var paths: [String] = []
  /// The query without the patterns.
  private(set) var rest: String

  /// Of more, and in longer queries, they are words.
  private static let countLimit = 32
  private static let byteCountLimit = 16 << 10

  /// - Parameters:
  ///   - ignoresCase: whether all of them match in any case of letters.
  ///   - isPath: whether a file or a directory of the corpus is called so.
  init(_ text: String, ignoresCase: Bool = false, isPath: ((String) -> Bool)?) {
    rest = text
    guard text.utf8.contains(UInt8(ascii: "/")), text.utf8.count <= Self.byteCountLimit else { return }
    let bytes = Array(text.utf8)
    if bytes.contains(0x0A) { return }
    let pieces = Self.pieces(of: bytes)
    let shapes = pieces.compactMap(\.shape)
    guard !shapes.isEmpty, shapes.count <= Self.countLimit else { return }
    let words = pieces.filter { $0.shape == nil && !$0.isOperator && !QueryToken.isFilter($0.text) }
    // A line of code has expressions of its language, and divisions.
    if !pieces.contains(where: \.isOperator), words.contains(where: { Self.isOfCode($0.text) }) { return }
    for (number, piece) in pieces.enumerated() {
      guard let shape = piece.shape else { continue }
      let isJoined =
        piece.isNegated || number > 0 && pieces[number - 1].isOperator
        || number + 1 < pieces.count && pieces[number + 1].isOperator
      let typed = String(decoding: bytes[shape.range], as: UTF8.self)
      let isDenied = piece.isNegated || number > 0 && pieces[number - 1].text == "NOT"
      // What is denied is no path: that would be `-path:`.
      guard isDenied || shape.mayBeMeant(isAlone: words.isEmpty, isJoined: isJoined) else { continue }
      if !isDenied, shape.isNamed(isPath) {
        paths.append(typed)
        continue
      }
      var pattern = Pattern(shape.source)
      if shape.ignoresCase || ignoresCase { pattern.caseFolding = .ignored }
      do throws(PatternError) {
        let made = TextPattern(typed: typed, compiled: try CompiledPattern(pattern))
        let start = piece.isNegated ? shape.range.lowerBound - 1 : shape.range.lowerBound
        found.append(Found(range: start..<shape.range.upperBound, isNegated: piece.isNegated, pattern: made))
      } catch {
        let isWhole = shapes.count == 1 && words.isEmpty
        mistakes.append(PatternMistake(typed: typed, reason: error.message, isWhole: isWhole))
      }
    }
    if found.isEmpty { return }
    var left: [UInt8] = []
    var next = 0
    for found in found {
      left += bytes[next..<found.range.lowerBound]
      next = found.range.upperBound
    }
    left += bytes[next...]
    rest = String(decoding: left, as: UTF8.self)
  }

  /// What results must satisfy where no operator joins the patterns; nil if there are none.
  var condition: QueryNode? { found.isEmpty ? nil : .all(of: found.map(\.node)) }

  // MARK: Reading

  /// A word, or what has the form of a pattern; what is quoted is neither.
  private struct Piece {
    var text: String
    var shape: Shape?
    var isNegated = false
    var isOperator: Bool { shape == nil && ["AND", "OR", "NOT"].contains(text) }
  }

  private static func pieces(of bytes: [UInt8]) -> [Piece] {
    let (open, dash, quote) = (UInt8(ascii: "("), UInt8(ascii: "-"), UInt8(ascii: "\""))
    var pieces: [Piece] = []
    var i = 0
    while i < bytes.count {
      let space = QueryToken.spaceCount(in: bytes.span, at: i)
      if space > 0 {
        i += space
        continue
      }
      if let end = QueryToken.quotationEnd(bytes, at: i, false) {
        i = end + 1
        continue
      }
      var start = i
      while start < bytes.count, bytes[start] == open { start += 1 }
      let isNegated = start + 1 < bytes.count && bytes[start] == dash && bytes[start + 1] == UInt8(ascii: "/")
      if let shape = Shape(in: bytes, at: isNegated ? start + 1 : start, isInGroup: start > i || isOpen(bytes[..<i])) {
        pieces.append(Piece(text: "", shape: shape, isNegated: isNegated))
        i = shape.range.upperBound
        continue
      }
      let first = i
      while i < bytes.count, QueryToken.spaceCount(in: bytes.span, at: i) == 0 {
        if bytes[i] == quote, i > first, let end = bytes[(i + 1)...].firstIndex(of: quote) { i = end }
        i += 1
      }
      let text = String(decoding: bytes[first..<i], as: UTF8.self)
      // The parentheses of a group are no part of the word.
      pieces.append(Piece(text: ["AND", "OR", "NOT"].contains(text) ? text : trimmed(text)))
    }
    return pieces.filter { $0.shape != nil || !$0.text.isEmpty }
  }

  private static func isOpen(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.contains(UInt8(ascii: "(")) }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.first == "(" { text.removeFirst() }
    while text.last == ")", !text.contains("(") { text.removeLast() }
    return String(text)
  }

  /// Whether a word has signs of a statement, which people do not put into queries: those of an assignment, of a block
  /// or of a call, and operators that stand by themselves.
  private static func isOfCode(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    if bytes.contains(where: { "={};$`\\".utf8.contains($0) }) || bytes.last == UInt8(ascii: ",") { return true }
    if bytes.allSatisfy({ "<>!+*/%&|^~-:?".utf8.contains($0) }) { return true }
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")) else { return false }
    return open + 1 == bytes.count || bytes[open + 1] != UInt8(ascii: ")")
  }

  /// What stands between two slashes, with the flags behind them.
  struct Shape {
    var range: Range<Int>
    var source: String
    var ignoresCase: Bool

    /// Nil where none begins at `start`: a slash inside is written `\/`, and behind the last one the word ends.
    init?(in bytes: [UInt8], at start: Int, isInGroup: Bool) {
      guard start + 2 < bytes.count, bytes[start] == UInt8(ascii: "/") else { return nil }
      // A comment, two slashes, or a division.
      let first = bytes[start + 1]
      if first <= 0x20 || first == UInt8(ascii: "/") || first == UInt8(ascii: "*") { return nil }
      guard
        let close = Self.close(in: bytes, from: start + 1, seesClasses: true)
          ?? Self.close(in: bytes, from: start + 1, seesClasses: false),
        close > start + 1, bytes[close - 1] > 0x20 || bytes[close - 2] == UInt8(ascii: "\\")
      else { return nil }
      var end = close + 1
      ignoresCase = end < bytes.count && bytes[end] == UInt8(ascii: "i")
      if ignoresCase { end += 1 }
      guard
        end == bytes.count || QueryToken.spaceCount(in: bytes.span, at: end) > 0
          || isInGroup && bytes[end] == UInt8(ascii: ")")
      else { return nil }
      range = start..<end
      source = String(decoding: Self.unescapingSlashes(in: bytes[(start + 1)..<close]), as: UTF8.self)
    }

    /// A slash is a character like any other for who matches.
    private static func unescapingSlashes(in written: ArraySlice<UInt8>) -> [UInt8] {
      var out: [UInt8] = []
      var isEscaped = false
      for byte in written {
        if isEscaped, byte == UInt8(ascii: "/") { out.removeLast() }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        out.append(byte)
      }
      return out
    }

    /// The first slash that no backslash is before and that is in no class.
    private static func close(in bytes: [UInt8], from start: Int, seesClasses: Bool) -> Int? {
      var depth = 0
      var i = start
      while i < bytes.count {
        switch bytes[i] {
        case UInt8(ascii: "\\"): i += 1
        case UInt8(ascii: "[") where seesClasses:
          depth += 1
          if i + 1 < bytes.count, bytes[i + 1] == UInt8(ascii: "^") { i += 1 }
          // Behind the bracket that opens a class one that closes it is of the class.
          if i + 1 < bytes.count, bytes[i + 1] == UInt8(ascii: "]") { i += 1 }
        case UInt8(ascii: "]") where depth > 0: depth -= 1
        case UInt8(ascii: "/") where depth == 0: return i
        default: break
        }
        i += 1
      }
      return nil
    }

    /// Whether it is no route and no part of a sentence, and so a pattern, or a path.
    ///
    /// - Parameters:
    ///   - isAlone: whether no word stands beside it.
    ///   - isJoined: whether an operator stands beside it.
    func mayBeMeant(isAlone: Bool, isJoined: Bool) -> Bool {
      if ignoresCase { return true }
      let hasSign = source.utf8.contains { "\\^$*+?|()[]{}".utf8.contains($0) }
      if source.utf8.contains(UInt8(ascii: " ")) { return hasSign || isAlone || isJoined }
      guard isPlain else { return true }
      // `/login/` is a path or a route beside words, and a directory where there is one.
      if !hasSign, !isAlone, !isJoined { return false }
      return source.utf8.contains(where: WordBytes.isOfWord) && !Self.systemDirectories.contains(source)
    }

    /// Whether a file or a directory is called so.
    func isNamed(_ isPath: ((String) -> Bool)?) -> Bool { !ignoresCase && isPlain && isPath?(source) ?? false }

    /// Whether all of it may be of a name.
    private var isPlain: Bool { source.utf8.allSatisfy { WordBytes.isOfWord($0) || "-.+@~%".utf8.contains($0) } }

    /// The directories at the root of a file system.
    private static let systemDirectories: Set<String> = [
      "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "nix", "opt", "proc", "root", "run", "sbin",
      "srv", "sys", "tmp", "usr", "var", "Applications", "Library", "System", "Users", "Volumes",
    ]
  }
}
