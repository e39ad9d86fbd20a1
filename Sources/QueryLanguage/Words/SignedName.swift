import Primitives
import Segments

/// A name with signs in it of which the index has no words, as it stands in code and is typed without quotation marks:
/// `operator[]`, `save!`, `--sort`, `initWithFrame:style:`. Pure functions over text.
///
/// The index knows it as the name of a symbol where it is defined; elsewhere the files say where it stands.
package struct SignedName: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Of C++: `operator<<`, `operator ()`.
    case cppOperator
    /// A name that ends in a sign, as Ruby, Scheme, Rust and Haskell have them: `save!`, `set-car!`, `empty?`, `name=`,
    /// `foldl'`.
    case marked
    /// A definition of signs with the word before it (`def <=>`, `func ==`), and an operator that is a word (`operator
    /// delete`).
    case definedSigns
    /// A name with a sign of its language before it: `$VERSION`, `@property`, `:through`, `~thread`, `#define EOF`.
    case sigil
    /// Of a command: `--sort`, `-Wall`.
    case option
    /// Of Objective-C, where arguments stand between its pieces: `initWithFrame:style:`.
    case selector
  }

  package let kind: Kind
  /// As it is written, without what it lies in: `operator[]` of `std::vector::operator[]`.
  package let text: String
  /// What it is called where it is defined: `<=>` of `def <=>`.
  package let name: String
  /// The same, folded.
  package let symbol: String
  /// The token without the signs, for the words of the query: `std::vector::operator`. Nil if its words are those of
  /// any token.
  let plain: String?

  /// Whether it can be nothing else, so that it is said to be nowhere where it is. A word before the end of a query or
  /// of a line has such signs too.
  package var isCertain: Bool { kind == .cppOperator || kind == .option }

  /// What is searched for in the files, folded.
  package var sought: String { FoldedText.folded(text) }

  /// - Parameter tokens: all of the query, at least one.
  package init?(_ tokens: [String]) {
    guard let last = tokens.last, tokens.count <= 2, tokens.allSatisfy({ $0.utf8.count <= Self.longest }) else {
      return nil
    }
    if tokens.count == 2 {
      if last.utf8.allSatisfy(Self.isSign), Self.hasOperatorBehind(tokens[0]) {
        self.init(cppOperator: tokens[0] + last)
      } else if tokens[0] == "operator", last.utf8.allSatisfy(WordBytes.isOfWord) {
        self.init(.definedSigns, "operator " + last)
      } else if Self.isLineBeginning(tokens[0]), last.utf8.contains(where: WordBytes.isOfWord) {
        let name = last.utf8.prefix(while: WordBytes.isOfWord)
        self.init(.sigil, tokens[0] + " " + last, symbol: name.isEmpty ? last : String(name))
      } else if Self.keywords.contains(tokens[0]), last.utf8.allSatisfy(Self.isSign) {
        self.init(.definedSigns, tokens[0] + " " + last, symbol: last)
      } else {
        return nil
      }
      return
    }
    let token = Self.withoutQuotes(last)
    // Nearly every word ends here.
    guard token.utf8.contains(where: { !WordBytes.isOfWord($0) }), token.utf8.allSatisfy({ $0 < 0x80 }) else {
      return nil
    }
    if Self.isOption(token) {
      self.init(.option, token)
    } else if Self.isSelector(token) {
      self.init(.selector, token)
    } else if token.contains("operator") {
      self.init(cppOperator: token)
    } else if let name = Self.withSigil(token) {
      self.init(.sigil, String(name))
    } else {
      self.init(marked: token)
    }
  }

  private init(_ kind: Kind, _ text: String, symbol: String? = nil, plain: String? = nil) {
    self.kind = kind
    self.text = text
    name = symbol ?? text
    self.symbol = FoldedText.folded(name)
    self.plain = plain
  }

  private static let longest = 256
  /// Words before the name of what is defined.
  private static let keywords: Set<String> = [
    "def", "defp", "defmacro", "fn", "fun", "func", "infix", "let", "method", "sub",
  ]

  private static func isSign(_ byte: UInt8) -> Bool { "=<>!&|+-*/%^~?:[](),".utf8.contains(byte) }

  // MARK: Operators of C++

  private static let operators: Set<String> = [
    "()", "[]", "->", "->*", "<<", ">>", "<<=", ">>=", "==", "!=", "<", ">", "<=", ">=", "<=>", "=", "+", "-", "*", "/",
    "%",
    "+=", "-=", "*=", "/=", "%=", "^", "&", "|", "~", "!", "^=", "&=", "|=", "&&", "||", "++", "--", ",",
  ]

  private static func hasOperatorBehind(_ token: String) -> Bool {
    token == "operator" || token.hasSuffix("::operator") || token.hasSuffix(".operator")
      || token.hasSuffix("->operator")
  }

  /// `operator<<`, `Big::operator()`, also of a call: `operator()()`.
  private init?(cppOperator token: String) {
    let bytes = Array(token.utf8)
    guard let last = bytes.lastIndex(where: WordBytes.isOfWord) else { return nil }
    let plain = String(decoding: bytes[...last], as: UTF8.self)
    guard Self.hasOperatorBehind(plain) else { return nil }
    var signs = String(decoding: bytes[(last + 1)...], as: UTF8.self)
    if !Self.operators.contains(signs), signs.hasSuffix("()") { signs.removeLast(2) }
    guard Self.operators.contains(signs) else { return nil }
    self.init(.cppOperator, "operator" + signs, plain: plain)
  }

  // MARK: Others

  /// `--sort`, `--no-verify`, `-Wall`; the index sees no word in `-x`, and `-lang` begins a filter.
  private static func isOption(_ token: String) -> Bool {
    let name = token.utf8.drop { $0 == UInt8(ascii: "-") }
    let dashCount = token.utf8.count - name.count
    return (dashCount == 1 || dashCount == 2) && name.count > 1 && name.last != UInt8(ascii: "-")
      && name.first.map { $0.isASCIILetter } ?? false
      && name.allSatisfy { WordBytes.isOfWord($0) || $0 == UInt8(ascii: "-") }
  }

  /// A directive of C's preprocessor, or what begins a comment.
  private static func isLineBeginning(_ token: String) -> Bool {
    if ["//", "///", "#", "/*", "/**"].contains(token) { return true }
    return token.utf8.first == UInt8(ascii: "#") && token.utf8.count > 2
      && token.utf8.dropFirst().allSatisfy { $0.isASCIILowercase }
  }

  /// `@lock`, `~thread` of `std::thread::~thread()`. What is called so without the sign is another.
  private static func withSigil(_ token: String) -> Substring? {
    var text = Substring(token)
    if text.hasSuffix("()") { text = text.dropLast(2) }
    if let separator = text.firstRange(of: "::~") { text = text[text.index(before: separator.upperBound)...] }
    let name = text.drop { "$@%&:~#".contains($0) }
    guard (1...2).contains(text.utf8.count - name.utf8.count), name.utf8.count > 1,
      !text.hasPrefix("::"),
      let first = name.utf8.first, first &- UInt8(ascii: "0") >= 10, name.utf8.allSatisfy(WordBytes.isOfWord)
    else { return nil }
    return text
  }

  /// Pieces with a colon behind each. A single one is told from a word before a colon by a capital inside.
  package static func isSelector(_ token: String) -> Bool {
    guard token.utf8.last == UInt8(ascii: ":") else { return false }
    let pieces = token.utf8.dropLast().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let areNames = pieces.allSatisfy { piece in
      piece.allSatisfy(WordBytes.isOfWord) && piece.first.map { $0 &- UInt8(ascii: "0") >= 10 } ?? false
    }
    return areNames && (pieces.count > 1 || pieces[0].dropFirst().contains { $0.isASCIIUppercase })
  }

  /// `save!`, `Banged#save!`, `set-car!`, `println!()`.
  private init?(marked token: String) {
    var name = Substring(token)
    for brackets in ["()", "[]", "{}"] where name.hasSuffix(brackets) { name = name.dropLast(2) }
    guard let mark = name.utf8.last, "!?='".utf8.contains(mark) else { return nil }
    for separator in ["::", "#", ".", "->"] {
      while let range = name.firstRange(of: separator) { name = name[range.upperBound...] }
    }
    let body = name.utf8.dropLast()
    guard body.count > 1, let first = body.first, first &- UInt8(ascii: "0") >= 10, WordBytes.isOfWord(first),
      body.last.map(WordBytes.isOfWord) ?? false,
      body.allSatisfy({ WordBytes.isOfWord($0) || $0 == UInt8(ascii: "-") })
    else { return nil }
    self.init(.marked, String(name))
  }

  /// What is left of `` `save!` ``.
  private static func withoutQuotes(_ token: String) -> String {
    guard token.utf8.count > 2, let first = token.utf8.first, first == token.utf8.last, "'`".utf8.contains(first) else {
      return token
    }
    return String(token.dropFirst().dropLast())
  }

  // MARK: Looking at a text

  /// Whether it stands in `text`, whatever its capitals, with nothing beside it that makes another name of it.
  package func stands(in text: Span<UInt8>) -> Bool {
    switch kind {
    case .selector: holdsPieces(text)
    case .cppOperator: holdsOperator(text)
    case .marked, .definedSigns, .option, .sigil: holdsWhole(text)
    }
  }

  private func holdsWhole(_ text: Span<UInt8>) -> Bool {
    let sought = Array(sought.utf8)
    guard let first = sought.first, let last = sought.last, sought.count <= text.count else { return false }
    let dash = UInt8(ascii: "-")
    for start in 0...(text.count - sought.count) where text[start].asciiLowercased == first {
      guard text.hasIgnoringCase(sought.span, at: start) else { continue }
      let end = start + sought.count
      if start > 0, SignShape.areOfOne(text[start - 1], first) { continue }
      // `vector-set!` is not `set!`.
      if start > 1, text[start - 1] == dash, WordBytes.isOfWord(text[start - 2]) { continue }
      if start > 0, first == dash || kind == .sigil, WordBytes.isOfWord(text[start - 1]) { continue }
      if end < text.count, SignShape.areOfOne(last, text[end]) { continue }
      // `--sort-by` is not `--sort`.
      if kind == .option, end + 1 < text.count, text[end] == dash, WordBytes.isOfWord(text[end + 1]) { continue }
      return true
    }
    return false
  }

  /// Space may stand before the signs.
  private func holdsOperator(_ text: Span<UInt8>) -> Bool {
    let word = Array("operator".utf8)
    let signs = Array(self.text.utf8.dropFirst(word.count))
    guard let last = signs.last, word.count + signs.count <= text.count else { return false }
    for start in 0...(text.count - word.count - signs.count) where text[start].asciiLowercased == word[0] {
      guard text.hasIgnoringCase(word.span, at: start), start == 0 || !WordBytes.isOfWord(text[start - 1]) else {
        continue
      }
      var offset = start + word.count
      while offset < text.count, text[offset] == 0x20 { offset += 1 }
      guard offset + signs.count <= text.count, text.hasIgnoringCase(signs.span, at: offset) else { continue }
      let end = offset + signs.count
      if end < text.count, SignShape.areOfOne(last, text[end]) { continue }
      return true
    }
    return false
  }

  /// The pieces in their order with what each is given between them: in one call or one line of a definition.
  private func holdsPieces(_ text: Span<UInt8>) -> Bool {
    let pieces = sought.utf8.dropLast().split(separator: UInt8(ascii: ":")).map(Array.init)
    for start in text.indices where text[start].asciiLowercased == pieces[0][0] {
      guard var offset = Self.end(of: pieces[0], in: text, at: start) else { continue }
      var isHeld = true
      for piece in pieces.dropFirst() where isHeld {
        if let end = Self.end(ofNext: piece, in: text, from: offset) { offset = end } else { isHeld = false }
      }
      if isHeld { return true }
    }
    return false
  }

  /// Behind the colon of `piece`, which is at `offset`; nil if it is not there.
  private static func end(of piece: [UInt8], in text: Span<UInt8>, at offset: Int) -> Int? {
    guard offset + piece.count < text.count, text.hasIgnoringCase(piece.span, at: offset),
      offset == 0 || !WordBytes.isOfWord(text[offset - 1])
    else { return nil }
    var end = offset + piece.count
    while end < text.count, text[end] <= 0x20 { end += 1 }
    return end < text.count && text[end] == UInt8(ascii: ":") ? end + 1 : nil
  }

  /// The same of the next one behind `start` outside of brackets; nil if the call or the line of the definition
  /// ends before it.
  private static func end(ofNext piece: [UInt8], in text: Span<UInt8>, from start: Int) -> Int? {
    var depth = 0
    var i = start
    while i < min(text.count, start + longestArgument) {
      let byte = text[i]
      if "([{".utf8.contains(byte) { depth += 1 }
      if ")]}".utf8.contains(byte) { depth -= 1 }
      if depth < 0 { return nil }
      if depth == 0 {
        if byte == UInt8(ascii: ";") { return nil }
        if let end = end(of: piece, in: text, at: i) { return end }
      }
      i += 1
    }
    return nil
  }
  private static let longestArgument = 2000
}
