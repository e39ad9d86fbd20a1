import Chunking
import Primitives
package import Segments

/// Reads a query: filters, quoted phrases, names, paths and words. Pure; never fails, whatever the text is.
///
/// `lang:python`, `path:src/**/*.go`, `path:"my files/*"`, `ext:go`, `kind:function` and their opposites with a `-`
/// before them are filters; `AND`, `OR` and `NOT` are operators (`QueryExpression`). What is not understood stays a
/// word of the query.
package struct QueryParser: Sendable {
  /// Beyond this a query is cut, so that its cost is bounded.
  package static let maximumByteCount = 4 << 20
  /// A query with more words is pasted: the retriever chooses those that count.
  package static let typedTermCount = 48
  /// Of a pasted text so many different words are used, three quarters of them names and the like.
  package static let maximumTermCount = 4000

  let analyzer: Analyzer

  package init(analyzer: Analyzer = Analyzer()) { self.analyzer = analyzer }

  /// - Parameters:
  ///   - isThere: whether there is a file that a place names. Where it is given, a query with words beside its
  ///     places is those words, and of the places those that are there: the others are in `absentFiles`.
  ///   - isPath: whether a file or a directory is called so, which is no pattern then: `/src/`.
  package func parse(
    _ query: SearchQuery, isThere: ((PlaceReference) -> Bool)? = nil, isPath: ((String) -> Bool)? = nil
  ) -> ParsedQuery {
    let scan = PatternScan(query.text, ignoresCase: query.ignoresCaseOfPatterns, isPath: isPath)
    let reading = QueryExpression.reading(of: query.text, patterns: scan.found) {
      condition(ofItems: $0, from: query.origin)
    }
    var parsed: ParsedQuery
    switch reading {
    case .plain:
      parsed = parse(plain: scan.rest, query, isThere)
      parsed.condition = scan.condition
    case .expression(let expression):
      parsed = parse(plain: expression.text, query, isThere, isItem: true)
      parsed.condition = expression.condition
    case .broken(let reason):
      parsed = parse(plain: scan.rest, query, isThere)
      parsed.condition = scan.condition
      parsed.brokenOperators = reason
    }
    parsed.patternMistakes = scan.mistakes
    parsed.patternsTakenForPaths = scan.paths
    return parsed
  }

  /// What the items of a query with operators must satisfy that stand beside each other: filters, texts in quotation
  /// marks, and words, of which those that carry meaning count.
  private func condition(ofItems items: [String], from origin: PathOrigin) -> QueryNode {
    func isQuoted(_ item: String) -> Bool { item.utf8.count > 2 && item.first == "\"" && item.last == "\"" }
    let rest = items.filter { !isQuoted($0) }.joined(separator: " ")
    let parsed = parse(QueryReading(rest, from: origin, isItem: true), from: origin)
    var nodes: [QueryNode] = parsed.filters.isEmpty ? [] : [.fields(parsed.filters)]
    // Stop words are in too many chunks to be looked up.
    nodes += parsed.terms.filter { !$0.isStopWord }.map { .word($0) }
    let quoted = items.filter(isQuoted).map { String($0.dropFirst().dropLast()) }
    nodes += (quoted + parsed.quotations).map { .phrase(QueryPhrase($0)) }
    // A word with a sign behind it may be the end of a sentence.
    if let signed = parsed.signed, signed.isCertain { nodes.append(.phrase(QueryPhrase(signed.text, signed: signed))) }
    return .all(of: nodes)
  }

  /// The same for `text` in place of that of `query`, in which nothing is an operator.
  private func parse(
    plain text: String, _ query: SearchQuery, _ isThere: ((PlaceReference) -> Bool)?, isItem: Bool = false
  ) -> ParsedQuery {
    let whole = QueryReading(text, from: query.origin, isItem: isItem)
    var parsed: ParsedQuery
    if let isThere, let place = Self.placeWithBlanks(whole.text), isThere(place) {
      parsed = parse(whole, from: query.origin)
      (parsed.places, parsed.hasBlanksInPlace) = ([place], true)
    } else if let isThere, let beside = whole.besidePlaces(from: query.origin) {
      parsed = parse(beside, from: query.origin)
      parsed.places = whole.places.filter(isThere)
      let bytes = Array(whole.text.utf8)
      parsed.absentFiles = whole.places.filter { !parsed.places.contains($0) }.map { $0.written(in: bytes) }
      parsed.hasPlaceBeside = true
      parsed.written = whole.texts.joined(separator: " ")
    } else {
      parsed = parse(whole, from: query.origin)
    }
    parsed.filters.languages += query.languages
    parsed.filters.paths += query.paths.map { PathGlob($0, from: query.origin) }
    if let glob = PathGlob(ofExtensions: query.extensions) { parsed.filters.extensions.append(glob) }
    parsed.filters.excludedLanguages += query.excludedLanguages
    parsed.filters.excludedPaths += query.excludedPaths.map { PathGlob($0, from: query.origin) }
    parsed.filters.kinds.formUnion(query.kinds)
    return parsed
  }

  /// The place that all of `text` may be, with blanks in its path: `my file.py:3`.
  private static func placeWithBlanks(_ text: String) -> PlaceReference? {
    var bytes = Array(text.utf8)[...]
    if let first = bytes.first, bytes.count > 2, first == bytes.last, "\"'`".utf8.contains(first) {
      bytes = bytes.dropFirst().dropLast()
    }
    guard bytes.count <= PlaceReference.longestPath, bytes.contains(UInt8(ascii: " ")),
      bytes.contains(where: { $0.isASCIIDigit }),
      let reading = PlaceReference.readings(of: Array(bytes)).first, reading.path.contains(UInt8(ascii: " "))
    else { return nil }
    return PlaceReference(path: slashed(String(decoding: reading.path, as: UTF8.self)), line: reading.line)
  }

  /// The same for a text in which nothing is an operator.
  ///
  /// - Parameter origin: where paths in the query begin.
  package func parse(_ text: String, from origin: PathOrigin = PathOrigin()) -> ParsedQuery {
    parse(QueryReading(text, from: origin), from: origin)
  }

  private func parse(_ reading: QueryReading, from origin: PathOrigin) -> ParsedQuery {
    let (texts, places, isPasted) = (reading.texts, reading.places, reading.isPasted)
    var quotations = reading.quotations
    var terms: [QueryTerm] = []
    var runs: [String] = []
    var fragments: [String] = []
    var tokens: [String] = []
    let kept = isPasted ? Self.telling(texts) : texts
    let headCount = isPasted ? 0 : PrintedMessage.headCount(of: kept)
    let signed = kept.count <= 2 && quotations.isEmpty && places.isEmpty ? SignedName(kept) : nil
    for (number, written) in kept.enumerated() {
      // Most words are of small letters: neither names nor paths, and there is nothing to take off.
      if Self.isOfSmallLetters(written) {
        tokens.append(written)
        terms.append(Self.wordTerm(written, lower: written, hasForms: !isPasted))
        continue
      }
      // Lines begin at 1: where line 0 is named it is the file that can be found.
      let hasLines = !places.isEmpty || !reading.pathsOfLineZero.isEmpty
      var token = Self.trimmed(hasLines ? PlaceReference.withoutLines(written) : written)
      if token.utf8.contains(UInt8(ascii: ":")), token.contains("://"),
        let path = FileAddress.path(of: Array(token.utf8)[...]), path.first == UInt8(ascii: "/")
      {
        token = String(decoding: path, as: UTF8.self)
      }
      if let plain = signed?.plain, number == 0 { token = plain }
      if token.isEmpty { continue }
      tokens.append(token)
      if PathShape.isCertain(token) || PathShape.isPossible(token) { fragments.append(Self.slashed(token)) }
      let first = terms.count
      terms +=
        token.utf8.allSatisfy { $0 < 0x80 }
        ? self.terms(of: token, isAlone: kept.count == 1, hasForms: !isPasted) : scriptTerms(of: token, runs: &runs)
      if MessageHead.isOne(written, wordsAround: (number, kept.count - number - 1)) {
        for i in first..<terms.count { terms[i].markAsMessageHead() }
      } else if number < headCount {
        for i in first..<terms.count { terms[i].isStopWord = true }
      }
    }
    // `//=` has the shape of a path and names none.
    let isOfSigns = tokens.allSatisfy { token in token.utf8.allSatisfy { $0 < 0x80 && !WordBytes.isOfWord($0) } }
    if quotations.isEmpty, signed == nil, fragments.isEmpty || isOfSigns, places.isEmpty,
      terms.allSatisfy({ $0.word.utf8.count < 2 }),
      let signs = Self.signs(of: texts)
    {
      quotations = [signs]
      if isOfSigns { (fragments, tokens) = ([], []) }
    }
    terms.removeLast(max(0, terms.count - Self.maximumTermCount))
    Self.passOverDecoration(&terms)
    var parsed = ParsedQuery(
      text: texts.joined(separator: " "), shape: Self.shape(of: tokens, terms: terms), terms: terms,
      phrases: quotations.map { FoldedText.folded($0) }, runs: runs,
      pathFragments: Array(fragments.prefix(Self.fragmentLimit)), places: places, isPasted: isPasted,
      filters: reading.filters, misunderstood: reading.misunderstood)
    parsed.foreign = reading.foreign
    parsed.quotations = quotations
    parsed.cutFilterCount = reading.cutFilterCount
    parsed.isUnquoted = reading.quotations.isEmpty
    if !terms.isEmpty { parsed.signed = signed }
    if tokens.count == 1, quotations.isEmpty, parsed.shape == .symbol { parsed.module = ModuleName(tokens[0]) }
    // A path in quotation marks, which may have blanks in it.
    if reading.quotations.count == 1, parsed.isOneQuotation, tokens.count > 1,
      PathShape.isCertain(reading.quotations[0])
    {
      parsed.pathFragments = [Self.slashed(reading.quotations[0])]
    }
    parsed.directory = String(decoding: origin.directory.bytes, as: UTF8.self).lowercased()
    if !isPasted, signed == nil, parsed.shape != .path, places.isEmpty {
      let text = reading.copied.withSingleSpaces
      if CopiedText.isOne(text, unquoted: reading.unquoted) { (parsed.isCopied, parsed.copied) = (true, text) }
      if parsed.isCopied { (parsed.head, parsed.message) = PrintedMessage.parts(of: parsed.copied) }
    }
    return parsed
  }

  /// The different tokens of a pasted text that say something: of those that are not plain words, and of plain words,
  /// the first and the last.
  private static func telling(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    var names: [String] = []
    var words: [String] = []
    for text in texts {
      if isOfSmallLetters(text) {
        if seen.insert(text).inserted { words.append(text) }
      } else if text.utf8.contains(where: { $0.isASCIILetter || $0 >= 0x80 }),
        seen.insert(text).inserted
      {
        names.append(text)
      }
    }
    func ends(_ tokens: [String], _ count: Int) -> [String] {
      tokens.count <= count ? tokens : Array(tokens.prefix(count / 2) + tokens.suffix(count / 2))
    }
    return ends(names, maximumTermCount * 3 / 4) + ends(words, maximumTermCount / 4)
  }

  /// Each is matched against every path.
  private static let fragmentLimit = 64

  /// Numbers, and what logs write before a message, carry no meaning where there are words enough beside them.
  private static func passOverDecoration(_ terms: inout [QueryTerm]) {
    func isDecoration(_ term: QueryTerm) -> Bool {
      term.word.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 } || levels.contains(term.text)
    }
    let isNoise = terms.map(isDecoration)
    guard zip(terms, isNoise).count(where: { !$0.isStopWord && !$1 }) >= 2 else { return }
    for i in terms.indices where isNoise[i] { terms[i].isStopWord = true }
  }
  /// As they are written in logs; in small letters they are words.
  static let levels: Set = [
    "ERROR", "WARNING", "WARN", "INFO", "DEBUG", "TRACE", "FATAL", "CRITICAL", "NOTICE", "SEVERE",
  ]

  /// The terms of one token: one for a name, one for each word of anything else.
  /// - Parameter isAlone: whether it is all of the query, and so a name with whatever it is called with.
  private func terms(of token: String, isAlone: Bool, hasForms: Bool) -> [QueryTerm] {
    // `wait(timeout=0)`: what is between the parentheses counts too.
    if !isAlone, let open = token.utf8.firstIndex(of: UInt8(ascii: "(")), open > token.startIndex {
      let inner = token[token.utf8.index(after: open)...]
      if inner.utf8.count > 1 {
        return terms(of: String(token[..<open]) + "()", isAlone: true, hasForms: hasForms)
          + words(in: String(inner)).flatMap { terms(of: $0, isAlone: true, hasForms: hasForms) }
      }
    }
    if let names = IdentifierShape.components(of: token), IdentifierShape.isIdentifierLike(token) {
      return names.enumerated().map { i, name in identifierTerm(name, isLast: i == names.count - 1) }
    }
    // The analyzer gives each whole followed by its parts. A whole that is split here (`e-mail`, `TCP/IP`) is words.
    let words = words(in: token)
    return words.map { word in
      if IdentifierShape.isIdentifierLike(word) { return identifierTerm(word, isLast: true) }
      var term = Self.wordTerm(word, lower: word.lowercased(), hasForms: hasForms)
      // In `--read-only` the words are parts of a name.
      if words.count > 1, term.word.utf8.count > 1 { term.isStopWord = false }
      return term
    }
  }

  /// The term of a word that people write.
  static func wordTerm(_ word: String, lower: String, hasForms: Bool = true) -> QueryTerm {
    if !hasForms { return QueryTerm(text: word, word: lower, isStopWord: StopWords.contains(lower)) }
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
    !word.isEmpty && word.utf8.allSatisfy { $0.isASCIILowercase }
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

  /// A query without a word that the index has (`->`, `C++`, `→`), without quotation marks around it; nil if it is a
  /// letter or two.
  private static func signs(of texts: [String]) -> String? {
    var text = Substring(texts.joined(separator: " "))
    while let first = text.first, text.count > 2, first == text.last, "'\"`".contains(first) {
      text = text.dropFirst().dropLast()
    }
    return text.contains { !$0.isLetter && !$0.isNumber && !$0.isWhitespace } ? String(text) : nil
  }

  /// A path in small letters with `/` between its components, as other systems write it too: `C:\src\a.py`.
  private static func slashed(_ path: String) -> String {
    let lower = path.lowercased()
    return lower.utf8.contains(UInt8(ascii: "\\")) ? String(lower.map { $0 == "\\" ? "/" : $0 }) : lower
  }

  package static func trimmed(_ token: String) -> String {
    var text = Substring(token)
    // A token may be a whole pasted line of signs, so nothing here may count it again for each of them.
    while let first = text.first, ",;:!?\"'`([{<>".contains(first) {
      let behind = text.index(after: text.startIndex)
      if behind == text.endIndex { break }
      text = text[behind...]
    }
    while let last = text.last, ",;:!?\"'`]}>.".contains(last) { text.removeLast() }
    if text.last == ")", !text.contains("(") { text.removeLast() }
    return String(text)
  }

  /// - Parameter tokens: none of them is empty.
  private static func shape(of tokens: [String], terms: [QueryTerm]) -> QueryShape {
    if tokens.count == 1 {
      if PathShape.isCertain(tokens[0]) { return .path }
      if terms.contains(where: \.isIdentifier) { return .symbol }
      return PathShape.isPossible(tokens[0]) ? .path : .words
    }
    if terms.contains(where: { $0.isIdentifier || $0.isMessageHead }) || tokens.contains(where: PathShape.isCertain) {
      return .mixed
    }
    return .words
  }
}

extension String {
  /// The words with one space between them, whatever white space there is.
  fileprivate var withSingleSpaces: String {
    var last = UInt8(ascii: " ")
    let isSo = utf8.allSatisfy { byte in
      defer { last = byte }
      return byte > 0x20 && byte < 0x7F || byte == 0x20 && last != 0x20
    }
    return isSo && last != UInt8(ascii: " ") ? self : split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
