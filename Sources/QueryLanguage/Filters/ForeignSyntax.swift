import Primitives

/// A word of a query that is syntax in other tools and none here. It is told of, since it was not what narrowed the
/// search; only where it is surely meant so, and never in code that was copied.
package struct ForeignSyntax: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Of a definition, and the kind of symbol that it asks for where it says one.
    case definition(kind: String?)
    case content
    case path
    case repository
    /// What other tools set for one query: `case:yes`.
    case setting
    /// A regular expression, or a name with wildcards.
    case pattern
  }
  /// As it was typed.
  package var written: String
  /// What is behind the colon; all of a pattern.
  package var value: String
  package var kind: Kind

  package init(written: String, value: String, kind: Kind) {
    (self.written, self.value, self.kind) = (written, value, kind)
  }

  /// More words are hardly typed with such syntax among them.
  private static let wordLimit = 12

  /// Those among the tokens of a query. None where another word has signs of code.
  static func find(in tokens: [QueryToken]) -> [ForeignSyntax] {
    if tokens.count > wordLimit { return [] }
    var found: [ForeignSyntax] = []
    for token in tokens {
      guard case .word(let word) = token else { continue }
      if let syntax = one(word, isAlone: tokens.count == 1) {
        found.append(syntax)
      } else if !isPlain(word) {
        return []
      }
    }
    return found
  }

  private static func isPlain(_ word: String) -> Bool {
    word.utf8.allSatisfy { WordBytes.isOfWord($0) || "-.'?".utf8.contains($0) }
  }

  private static func one(_ word: String, isAlone: Bool) -> ForeignSyntax? {
    if isPattern(word) { return ForeignSyntax(written: word, value: word, kind: .pattern) }
    guard let colon = word.firstIndex(of: ":") else { return nil }
    let name = word[..<colon].lowercased()
    let written = word[word.index(after: colon)...]
    let value = String(written.filter { $0 != "\"" })
    guard let first = value.utf8.first, WordBytes.isOfWord(first) || ".*^/(".utf8.contains(first),
      name == "content" || !",;){".contains(value.last ?? ";")
    else { return nil }
    let kind: Kind
    switch name {
    case "sym", "def", "defs": kind = .definition(kind: nil)
    case "class", "struct", "enum", "interface", "trait", "function", "method", "macro":
      kind = .definition(kind: name)
    case "func", "fn": kind = .definition(kind: "function")
    case "content":
      if isAlone || written.first == "\"" { kind = .content } else { return nil }
    case "filename", "dir", "folder": kind = .path
    // `r:gz` is the mode of a file.
    case "f": if isAlone { return nil } else { kind = .path }
    case "r": if isAlone { return nil } else { kind = .repository }
    case "repo", "repository": kind = .repository
    case "case":
      if ["yes", "no", "auto", "true", "false", "sensitive"].contains(value) { kind = .setting } else { return nil }
    case "count": if value == "all" || value.allSatisfy(\.isNumber) { kind = .setting } else { return nil }
    case "patterntype", "fork", "archived", "timeout": kind = .setting
    case "regex", "regexp": kind = .pattern
    default: return nil
    }
    return ForeignSyntax(written: word, value: value, kind: kind)
  }

  /// A longer word is no pattern that somebody typed.
  private static let longestPattern = 256

  /// Whether `word` can hardly be anything but a regular expression or a name with wildcards.
  private static func isPattern(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    guard bytes.count > 2, bytes.count <= longestPattern, bytes.contains(where: \.isASCIILetter),
      !bytes.contains(UInt8(ascii: "\""))
    else {
      return false
    }
    func isOfName(_ i: Int) -> Bool { bytes.indices.contains(i) && WordBytes.isOfWord(bytes[i]) }
    let (star, underscore) = (UInt8(ascii: "*"), UInt8(ascii: "_"))
    // `foo_*`, `*_foo`
    let rest = bytes.filter { $0 != star }
    if bytes.count - rest.count == 1, rest.allSatisfy(WordBytes.isOfWord),
      bytes.last == star && rest.last == underscore || bytes.first == star && rest.first == underscore
    {
      return true
    }
    // `/re/` with a sign that no path has, and with the flags of other tools; `/foo/g` without.
    if bytes.first == UInt8(ascii: "/"), let last = bytes.lastIndex(of: UInt8(ascii: "/")), last > 1 {
      let (inner, flags) = (bytes[1..<last], bytes[(last + 1)...])
      if flags.count < 6, flags.allSatisfy({ "gimsuyx".utf8.contains($0) }),
        inner.contains(where: { "\\^$*+|([".utf8.contains($0) })
          || flags.contains(UInt8(ascii: "g")) && inner.allSatisfy(WordBytes.isOfWord)
      {
        return true
      }
    }
    // `^def`
    if bytes.first == UInt8(ascii: "^"), bytes.count > 3, bytes.dropFirst().allSatisfy(\.isASCIILetter) { return true }
    for (i, byte) in bytes.enumerated() {
      let next = i + 1 < bytes.count ? bytes[i + 1] : 0
      let behind = i + 2 < bytes.count ? bytes[i + 2] : 0
      switch byte {
      case UInt8(ascii: "."):
        // `foo.*bar`, and not `java.util.*`.
        if next == star || next == UInt8(ascii: "+"), isOfName(i + 2) || behind == UInt8(ascii: "\\") { return true }
      case UInt8(ascii: "\\"):
        // `\w+`, `\bfoo`
        if "wsdWSD".utf8.contains(next), behind == star || behind == UInt8(ascii: "+") { return true }
        if next == UInt8(ascii: "b"), i == 0 { return true }
      case UInt8(ascii: "("):
        // `foo(a|b)` may be a call.
        if !isOfName(i - 1) || bytes.last != UInt8(ascii: ")"), isAlternatives(bytes[i...]) { return true }
      default: break
      }
    }
    return false
  }

  /// Whether `(get|set)` begins `bytes`, and is no call's: flags of C are in capitals.
  private static func isAlternatives(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let close = bytes.firstIndex(of: UInt8(ascii: ")")) else { return false }
    let parts = bytes[(bytes.startIndex + 1)..<close].split(
      separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    return parts.count > 1
      && parts.allSatisfy { part in
        part.contains(where: \.isASCIILowercase) && part.allSatisfy { WordBytes.isOfWord($0) }
      }
  }
}
