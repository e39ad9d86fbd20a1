import Chunking

/// A query cut into its pieces, before anything is made of its words: filters, quoted texts, places, and all else.
struct QueryReading {
  /// What of the query is read.
  let text: String
  private(set) var filters = QueryFilters()
  /// Filters that were not understood, as written.
  private(set) var misunderstood: [String] = []
  /// What is syntax of other tools and none here.
  private(set) var foreign: [ForeignSyntax] = []
  /// What stood in quotation marks, as it was typed; of a place, its path is none.
  private(set) var quotations: [String] = []
  /// All words, those in quotation marks too, in their order.
  private(set) var texts: [String] = []
  private(set) var places: [PlaceReference]
  let pathsOfLineZero: [String]
  /// The tokens outside of quotation marks.
  private(set) var unquoted: [String] = []
  private var tokens: [String] = []

  private static let quotationLimit = 32
  /// Each is matched against every path, or shown in a note where it matches none; of more, only the first count.
  private static let filterLimit = 256
  /// Those that were taken, each once however often it is typed; how many there were beyond the limit.
  private var seenFilters: Set<String> = []
  private(set) var cutFilterCount = 0

  /// - Parameters:
  ///   - origin: where paths in the query begin.
  ///   - isItem: whether it is a part of a query with operators, in which a filter may stand alone.
  init(_ whole: String, from origin: PathOrigin, isItem: Bool = false) {
    let isShort = whole.utf8.count <= QueryParser.maximumByteCount
    text = isShort ? whole : String(decoding: whole.utf8.prefix(QueryParser.maximumByteCount), as: UTF8.self)
    (places, pathsOfLineZero) = PlaceReference.scan(text)
    if places.isEmpty, text.utf8.contains(UInt8(ascii: ":")),
      let place = PlaceReference.ofBareName(text.trimmingSpaces)
    {
      places = [place]
    }
    let all = QueryToken.withoutCode(QueryToken.tokens(of: text))
    if !isItem, all.count == 1, case .filter(let name, let value, false, let written) = all[0],
      QueryToken.mayBeWords(name: name, value: value)
    {
      // A path is all that is asked for.
      let isPath = name == "path" || name == "file"
      let isNamed = isPath && (value.contains("/") || PathShape.isCertain(value))
      take(.word(isNamed ? value : written), origin)
      if !isNamed { misunderstood.append(written) }
    } else {
      foreign = isItem ? [] : ForeignSyntax.find(in: all)
      let wordCount = all.count { if case .filter = $0 { false } else { true } }
      for token in all { take(meant(by: token, isAlone: wordCount == 1), origin) }
    }
    // Where nothing else is asked for, or very much, it is a word of what was copied.
    if texts.isEmpty && quotations.isEmpty || texts.count > QueryParser.typedTermCount {
      let words = filters.takeUnknownKinds()
      misunderstood += words
      texts += words
    }
    if quotations.isEmpty { texts.removeFirst(Self.decorationCount(of: texts)) }
  }

  /// Whether it is more than anybody types.
  var isPasted: Bool { texts.count > QueryParser.typedTermCount }

  /// All of it as it was typed, but for filters.
  var copied: String { filters.isEmpty ? text : tokens.joined(separator: " ") }

  /// The rest of a query that has words beside its places; nil if it has none, or no places.
  func besidePlaces(from origin: PathOrigin) -> QueryReading? {
    if places.isEmpty || isPasted { return nil }
    if places.count == 1, PlaceReference.isAll(of: texts.joined(separator: " ")) { return nil }
    let written = PlaceReference.written(in: Array(text.utf8)).places
    if written.isEmpty { return nil }
    let rest = QueryReading(PrintedMessage.text(text, without: written.map(\.range)), from: origin)
    let hasWord = rest.texts.contains { $0.contains { $0.isLetter || $0.isNumber || $0 == "_" } }
    return hasWord ? rest : nil
  }

  /// What is searched for of `token`: of a symbol that other tools' syntax asks for, and that is all of the query, its
  /// name, and what is quoted behind `content:`.
  private func meant(by token: QueryToken, isAlone: Bool) -> QueryToken {
    guard case .word(let word) = token, let syntax = foreign.first(where: { $0.written == word }) else { return token }
    switch syntax.kind {
    case .definition where isAlone: return .word(syntax.value)
    case .content: return word.contains("\"") ? .phrase(syntax.value) : .word(syntax.value)
    default: return token
    }
  }

  private mutating func take(_ token: QueryToken, _ origin: PathOrigin) {
    switch token {
    case .phrase(let phrase): tokens.append("\"\(phrase)\"")
    case .word(let word):
      tokens.append(word)
      unquoted.append(word)
    case .filter: break
    }
    switch token {
    // `File "a.py", line 3` quotes a path, which need not stand in any file.
    case .phrase(let path)
    where places.contains(where: { $0.isOf(path) }) || !pathsOfLineZero.isEmpty && PathShape.isCertain(path):
      texts.append(path)
    case .phrase(let phrase):
      // Each is searched for in the files; of more, only the words are.
      if quotations.count < Self.quotationLimit { quotations.append(phrase) }
      texts += phrase.split(whereSeparator: \.isWhitespace).map(String.init)
    case .word(let word):
      texts.append(word)
    case .filter(let name, let value, let isNegated, let written):
      if seenFilters.contains(written) { return }
      guard seenFilters.count < Self.filterLimit else {
        cutFilterCount += 1
        return
      }
      seenFilters.insert(written)
      if !add(name: name, value: value, isNegated: isNegated, written, origin) {
        misunderstood.append(written)
        texts.append(written)
      }
    }
  }

  /// Takes the filter in; false if its name or its value means nothing.
  private mutating func add(
    name: String, value: String, isNegated: Bool, _ written: String, _ origin: PathOrigin
  ) -> Bool {
    // As ripgrep's globs have it.
    if value.hasPrefix("!"), !value.hasPrefix("!!") {
      let plain = String(value.dropFirst())
      return add(name: name, value: plain, isNegated: !isNegated, written, origin)
    }
    var seen: Set<Substring> = []
    let all = value.split(separator: ",").filter { seen.insert($0).inserted }
    if CommitFilters.names.contains(name) {
      return filters.commits.add(name: name, value: value, isNegated: isNegated, written: written)
    }
    if all.isEmpty { return false }
    let values = all.prefix(Self.filterLimit).map(String.init)
    // The commas of a pattern do not part it.
    if name != "path", name != "file" { cutFilterCount += all.count - values.count }
    switch name {
    case "lang", "language":
      if isNegated { filters.excludedLanguages += values } else { filters.languages += values }
    case "path", "file":
      let glob = PathGlob(value, from: origin)
      if isNegated { filters.excludedPaths.append(glob) } else { filters.paths.append(glob) }
    case "ext", "extension":
      guard let glob = PathGlob(ofExtensions: values) else { return false }
      if isNegated { filters.excludedPaths.append(glob) } else { filters.extensions.append(glob) }
    case "kind", "symbol":
      for name in values {
        guard let kinds = Symbol.Kind.named(name) else {
          filters.unknownKinds.append(
            QueryFilters.UnknownKind(name: name, written: written, isNegated: isNegated))
          continue
        }
        if isNegated { filters.excludedKinds.formUnion(kinds) } else { filters.kinds.formUnion(kinds) }
      }
    default: return false
    }
    return true
  }

  /// How many tokens at the beginning are what logs write before a message: times, levels, names of threads in
  /// brackets.
  private static func decorationCount(of texts: [String]) -> Int {
    if texts.count < 4 { return 0 }
    let count = texts.prefix(8).prefix(while: isDecoration).count
    return texts.count - count >= 3 ? count : 0
  }

  private static func isDecoration(_ token: String) -> Bool {
    let bytes = token.utf8
    if bytes.first == UInt8(ascii: "["), bytes.dropLast().last == UInt8(ascii: "]") || bytes.last == UInt8(ascii: "]") {
      return true
    }
    if bytes.last == UInt8(ascii: ":"), smallLevels.contains(token.lowercased()) { return true }
    if QueryParser.levels.contains(token) { return true }
    // `2026-03-01T12:00:01,123Z`
    return bytes.count >= 4 && bytes.first.map { $0 &- UInt8(ascii: "0") < 10 } ?? false
      && bytes.contains { "-:/".utf8.contains($0) }
      && bytes.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || "-:./,+TZ".utf8.contains($0) }
  }
  private static let smallLevels: Set = [
    "error:", "warning:", "warn:", "info:", "debug:", "trace:", "fatal:", "critical:", "notice:",
  ]
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
