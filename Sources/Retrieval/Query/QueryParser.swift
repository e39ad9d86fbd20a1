import Chunking
import Primitives
package import Segments

/// Reads a question: filters, quoted phrases, names, paths and words. Pure; never fails, whatever the text is.
///
/// `lang:python`, `path:src/**/*.go`, `path:"my files/*"`, `ext:go`, `kind:function` and their opposites with a `-` before them are
/// filters. What is not understood stays a word of the question.
package struct QueryParser: Sendable {
  /// Beyond this a question is cut: nobody reads it, and its cost is bounded.
  package static let maximumByteCount = 4096
  /// Beyond this many words the rest is left to the embedder.
  package static let maximumTermCount = 48

  let analyzer: Analyzer

  package init(analyzer: Analyzer = Analyzer()) { self.analyzer = analyzer }

  package func parse(_ query: SearchQuery) -> ParsedQuery {
    var parsed = parse(query.text, from: query.origin)
    parsed.filters.languages += query.languages
    parsed.filters.paths += query.paths.map { Glob($0, from: query.origin) }
    parsed.filters.kinds.formUnion(query.kinds)
    return parsed
  }

  /// - Parameter origin: where paths in the question begin.
  package func parse(_ text: String, from origin: PathOrigin = PathOrigin()) -> ParsedQuery {
    var filters = QueryFilters()
    var misunderstood: [String] = []
    var phrases: [String] = []
    var texts: [String] = []
    let isShort = text.utf8.count <= Self.maximumByteCount
    let read = isShort ? text : String(decoding: text.utf8.prefix(Self.maximumByteCount), as: UTF8.self)
    for token in QueryToken.tokens(of: read) {
      switch token {
      case .phrase(let phrase):
        phrases.append(FoldedText.folded(phrase))
        texts += phrase.split(whereSeparator: \.isWhitespace).map(String.init)
      case .word(let word):
        texts.append(word)
      case .filter(let name, let value, let isNegated, let written):
        if !add(name: name, value: value, isNegated: isNegated, origin, to: &filters) {
          misunderstood.append(written)
          texts.append(written)
        }
      }
    }
    var terms: [QueryTerm] = []
    var runs: [String] = []
    var fragments: [String] = []
    var tokens: [String] = []
    for written in texts {
      // Most words are of small letters: neither names nor paths, and there is nothing to take off.
      if Self.isOfSmallLetters(written) {
        tokens.append(written)
        terms.append(Self.wordTerm(written, lower: written))
        continue
      }
      let token = Self.trimmed(written)
      if token.isEmpty { continue }
      tokens.append(token)
      if PathShape.isCertain(token) || PathShape.isPossible(token) { fragments.append(token.lowercased()) }
      terms += token.utf8.allSatisfy { $0 < 0x80 } ? self.terms(of: token) : scriptTerms(of: token, runs: &runs)
    }
    if terms.count > Self.maximumTermCount { terms.removeLast(terms.count - Self.maximumTermCount) }
    return ParsedQuery(
      text: texts.joined(separator: " "), shape: Self.shape(of: tokens, terms: terms), terms: terms,
      phrases: phrases, runs: runs, pathFragments: fragments, filters: filters, misunderstood: misunderstood)
  }

  /// Takes the filter in; false where its name or its value means nothing.
  private func add(
    name: String, value: String, isNegated: Bool, _ origin: PathOrigin, to filters: inout QueryFilters
  ) -> Bool {
    let values = value.split(separator: ",").map(String.init)
    if values.isEmpty { return false }
    switch name {
    case "lang", "language":
      if isNegated { filters.excludedLanguages += values } else { filters.languages += values }
    case "path", "file":
      let glob = Glob(value, from: origin)
      if isNegated { filters.excludedPaths.append(glob) } else { filters.paths.append(glob) }
    case "ext", "extension":
      let names = values.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
      let glob = Glob(names.count == 1 ? "*.\(names[0])" : "*.{\(names.joined(separator: ","))}")
      if isNegated { filters.excludedPaths.append(glob) } else { filters.paths.append(glob) }
    case "kind", "symbol":
      let kinds = values.map(Symbol.Kind.named)
      if kinds.contains(nil) { return false }
      for kind in kinds.compactMap({ $0 }) {
        if isNegated { filters.excludedKinds.formUnion(kind) } else { filters.kinds.formUnion(kind) }
      }
    default: return false
    }
    return true
  }

  /// The terms of one token: one for a name, one for each word of anything else.
  private func terms(of token: String) -> [QueryTerm] {
    if let names = IdentifierShape.components(of: token), IdentifierShape.isIdentifierLike(token) {
      return names.enumerated().map { i, name in identifierTerm(name, isLast: i == names.count - 1) }
    }
    // The analyzer gives each whole followed by its parts. A whole that is split here (`e-mail`, `TCP/IP`) is words.
    return words(in: token).map { word in
      IdentifierShape.isIdentifierLike(word)
        ? identifierTerm(word, isLast: true) : Self.wordTerm(word, lower: word.lowercased())
    }
  }

  /// The term of a word that people write.
  static func wordTerm(_ word: String, lower: String) -> QueryTerm {
    let variants = WordForms.variants(of: lower)
    var synonyms: [String] = []
    func addSynonyms(of form: String) {
      for synonym in CodeSynonyms.of(form)
      where synonym != lower && !synonyms.contains(synonym) && !variants.contains(synonym) { synonyms.append(synonym) }
    }
    addSynonyms(of: lower)
    // The first variant is the likeliest base: `arguments` has the synonyms of `argument` as well.
    for variant in variants.prefix(2) { addSynonyms(of: variant) }
    return QueryTerm(
      text: word, word: lower, variants: variants, synonyms: synonyms, isStopWord: StopWords.contains(lower))
  }

  private static func isOfSmallLetters(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.allSatisfy { $0 &- UInt8(ascii: "a") < 26 }
  }

  private func identifierTerm(_ name: String, isLast: Bool) -> QueryTerm {
    let bare = name.filter { !"$@?!".contains($0) }
    let words = analyzer.words(of: bare)
    let whole = bare.lowercased()
    return QueryTerm(
      text: name, word: whole, parts: words.filter { $0 != whole }, isIdentifier: isLast || Self.isLongName(name))
  }

  /// In `a.b.c` the last is asked for; `self` and short prefixes are not names to look up.
  private static func isLongName(_ name: String) -> Bool {
    name.utf8.count >= 4 && !["self", "this", "super", "std"].contains(name.lowercased())
  }

  private func words(in token: String) -> [String] {
    token.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  private static func trimmed(_ token: String) -> String {
    var text = Substring(token)
    while let first = text.first, ",;:!?\"'`([{<>".contains(first), text.count > 1 { text = text.dropFirst() }
    while let last = text.last, ",;:!?\"'`]}>.".contains(last) { text = text.dropLast() }
    if text.last == ")", !text.contains("(") { text = text.dropLast() }
    return String(text)
  }

  /// - Parameter tokens: none of them is empty.
  private static func shape(of tokens: [String], terms: [QueryTerm]) -> QueryShape {
    if tokens.count == 1 {
      if PathShape.isCertain(tokens[0]) { return .path }
      if terms.contains(where: \.isIdentifier) { return .symbol }
      return PathShape.isPossible(tokens[0]) ? .path : .words
    }
    if terms.contains(where: \.isIdentifier) || tokens.contains(where: PathShape.isCertain) { return .mixed }
    return .words
  }
}
