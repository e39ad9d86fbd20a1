import Chunking
import Primitives
import QueryLanguage
import Segments
import Synchronization

/// Finds out what of a query no indexed file holds, and where its quoted phrases stand. The index knows every word;
/// where the words of a phrase stand side by side, the files themselves say.
struct AbsenceSearch: Sendable {
  let snapshot: IndexSnapshot
  let tree: SourceTree
  /// Where it is over, what is found out means nothing.
  let context: SearchContext
  /// Of the files that may hold a text no more bytes are read.
  let byteLimit: Int
  private let inside = InsideAnswers()

  /// What `standsInside` has answered: the verdict on a query asks twice for the same words.
  private final class InsideAnswers: Sendable { let answers = Mutex<[[UInt8]: Bool]>([:]) }

  private static let nearNameCount = 3
  /// Of more terms of one segment the nearest are not searched for.
  private static let nearLimit = 100_000
  /// Of the nearest names no more than these are searched for in what is live.
  private static let liveLimit = 256

  /// Whether a chunk holds `word`, whose parts the index has, inside of a longer one: `pbkdf2` in `pbkdf2_hmac`. Of the
  /// chunks that hold all of the parts the best are read, each word once in a search.
  func standsInside(_ word: [UInt8], parts: [String]) -> Bool {
    if let answer = inside.answers.withLock({ $0[word] }) { return answer }
    let answer = isFoundInside(word, parts: parts)
    inside.answers.withLock { $0[word] = answer }
    return answer
  }

  private func isFoundInside(_ word: [UInt8], parts: [String]) -> Bool {
    let parts = parts.filter { $0.utf8.count > 1 }.prefix(CollectionScorer.groupLimit)
    if parts.isEmpty { return false }
    let terms = CollectionScorer(
      LexicalPlan(words: parts.map { QueryTerm(text: $0, word: $0) }), in: snapshot, context: context)
    if terms.frequencies.contains(0) { return false }
    var reader = SourceReader(tree)
    for (i, live) in snapshot.segments.enumerated() {
      let chunks = live.segment.bestByTerms(
        terms.prepared[i], terms.bm25, eligible: live.live, limit: Self.insideLimit, context: context
      )
      .map(\.chunk).sorted()
      for chunk in chunks {
        if context.isOver { return false }
        let stored = live.segment.chunk(chunk)
        let path = snapshot.sourcePath(ofFile: stored.file, inSegment: i)
        guard let bytes = reader.chunk(at: stored.chunk.bytes, hash: stored.contentHash, of: path) else { continue }
        if SignShape.standsAsParts(word, in: bytes.span) { return true }
      }
    }
    return false
  }
  private static let insideLimit = 32

  /// All of a query that is written without a space, of several words (`CVE-2023-24329`, `--list-tests`), or is
  /// options of one letter with their values (`-n 20 -x`), where no file holds it so.
  func unit(of query: ParsedQuery) -> Absence? {
    guard query.shape == .words || query.shape == .symbol, IdentifierShape.components(of: query.text) == nil,
      !query.isPasted, query.sought.isEmpty, query.runs.isEmpty, query.pathFragments.isEmpty,
      query.places.isEmpty, query.terms.count > 1, !query.text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x80 }),
      !query.text.utf8.contains(UInt8(ascii: " ")) || isOfOptions(query), !SignedName.isSelector(query.text)
    else { return nil }
    // Signs around it are those of a sentence, or of how it is quoted.
    let text = isOfOptions(query) ? query.text : QueryParser.trimmed(query.text)
    var quoted = query
    quoted.phrases = [FoldedText.folded(text)]
    var written = WrittenQuery(quoted, frequencies: [:], chunkCount: 1)
    written.setWhole(phrase: 0)
    let holders = holders(of: 0, in: written, text: text, limit: 1)
    return holders.places.isEmpty && holders.isCertain ? Absence(kind: .text, text: query.text) : nil
  }

  /// Whether `query` is options of one letter and numbers, in which there is no word to search for.
  private func isOfOptions(_ query: ParsedQuery) -> Bool {
    query.text.utf8.first == UInt8(ascii: "-")
      && query.terms.allSatisfy { term in
        term.word.utf8.count < 2 || term.word.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
      }
  }

  /// The names and words of `query` that no chunk holds.
  /// - Parameter frequencies: in how many chunks each of them stands.
  func words(of query: ParsedQuery, frequencies: [String: Int]) -> [Absence] {
    if query.isPasted || query.shape == .path { return [] }
    var absences: [Absence] = []
    for term in query.contentTerms where frequencies[term.word] == 0 {
      if context.isOver { break }
      if absences.contains(where: { $0.text == term.text }) { continue }
      let bytes = Array(term.word.utf8)
      guard bytes.count > 1, !term.isCut else { continue }
      if !bytes.allSatisfy({ $0 < 0x80 }) {
        if let absence = absence(of: term, in: query), !absences.contains(where: { $0.text == absence.text }) {
          absences.append(absence)
        }
        continue
      }
      guard bytes.contains(where: { $0.isASCIILowercase }), !standsInside(bytes, parts: term.indexedParts) else {
        continue
      }
      absences.append(
        Absence(
          kind: term.isIdentifier ? .name : .word, text: term.text,
          nearNames: nearNames(of: bytes, isName: term.isIdentifier)))
    }
    return absences
  }

  /// That of a word of another script which no chunk holds, in no spelling; of a pair of letters, of the run that it is
  /// of.
  private func absence(of term: QueryTerm, in query: ParsedQuery) -> Absence? {
    let forms = term.variants.map { QueryTerm(text: $0, word: $0) }
    if let run = query.runs.first(where: { $0.contains(term.word) }) {
      return Absence(kind: .word, text: typed(run, in: query))
    }
    if !forms.isEmpty {
      let scorer = CollectionScorer(LexicalPlan(words: forms), in: snapshot, context: context)
      guard scorer.frequencies.allSatisfy({ $0 == 0 }) else { return nil }
    }
    // In some scripts a name cannot be told from a word.
    let near = nearNames(of: Array(term.word.utf8), isName: false)
    return Absence(kind: term.isIdentifier ? .name : .word, text: typed(term.text, in: query), nearNames: near)
  }

  /// Names that are defined, or else words, with few other letters and the same beginning, whatever `_` they have: of
  /// two letters, or of one where there is none; for a word, words come first. Only such as stand in a file as a whole
  /// word, and never `name` itself, which the dictionaries may still have.
  private func nearNames(of name: [UInt8], isName: Bool) -> [String] {
    // What nothing defines, a field or a parameter, is a word of the text alone.
    for prefixCount in [2, 1] {
      for field in isName ? [Term.Field.definition, .word] : [.word, .definition] {
        let near = nearNames(of: name, field, prefixCount: prefixCount)
        if !near.isEmpty { return near }
      }
    }
    return []
  }

  private func nearNames(of name: [UInt8], _ field: Term.Field, prefixCount: Int) -> [String] {
    let best = Self.nearStrings(to: name, field, prefixCount: prefixCount, in: snapshot, context)
    var near: [String] = []
    var lookCount = 0
    for name in best.prefix(Self.liveLimit) where !context.isOver && isLive(Term(field: field, bytes: name)) {
      if lookCount == Self.spellingLimit { break }
      lookCount += 1
      guard let spelling = spelling(of: Term(field: field, bytes: name)), !near.contains(spelling) else { continue }
      near.append(spelling)
      if near.count == Self.nearNameCount { break }
    }
    return near
  }
  /// The first `limit` terms of those from which names that are spelt nearly as `name` are chosen, of each field.
  static func nearTerms(
    to name: [UInt8], isName: Bool, in snapshot: IndexSnapshot, limit: Int, context: SearchContext
  ) -> [Term] {
    var terms: [Term] = []
    for prefixCount in [2, 1] {
      for field in isName ? [Term.Field.definition, .word] : [.word, .definition] {
        terms += nearStrings(to: name, field, prefixCount: prefixCount, in: snapshot, context).prefix(limit)
          .map { Term(field: field, bytes: $0) }
      }
      if !terms.isEmpty { break }
    }
    return terms
  }

  /// Strings of the dictionaries with few other letters than `name`, the nearest first.
  private static func nearStrings(
    to name: [UInt8], _ field: Term.Field, prefixCount: Int, in snapshot: IndexSnapshot, _ context: SearchContext
  ) -> [[UInt8]] {
    func joined(_ name: [UInt8]) -> [UInt8] { name.filter { $0 != UInt8(ascii: "_") } }
    let wanted = joined(name)
    let most = max(1, min(3, wanted.count / 4))
    var best: [(distance: Int, name: [UInt8])] = []
    for live in snapshot.segments {
      let beginning = Array(name.prefix(prefixCount))
      let terms =
        live.terms(withPrefix: beginning, field: field, limit: Self.nearLimit, context: context)
        + live.terms(
          withPrefix: [UInt8(ascii: "_")] + beginning, field: field, limit: Self.nearLimit, context: context)
      for (number, term) in terms.enumerated()
      where abs(term.bytes.count - name.count) <= most + 4 && term.bytes != name {
        if number & 255 == 0, context.isOver { return [] }
        let other = joined(term.bytes)
        if abs(other.count - wanted.count) > most || best.contains(where: { $0.name == term.bytes }) { continue }
        let distance = editDistance(wanted, other)
        if distance <= most { best.append((distance, term.bytes)) }
      }
    }
    // Of two as near, that is likelier in which letters were swapped or mistaken, and none is missing.
    func key(_ near: (distance: Int, name: [UInt8])) -> (Int, Int) {
      (near.distance, abs(near.name.count - name.count))
    }
    best.sort { key($0) != key($1) ? key($0) < key($1) : $0.name.lexicographicallyPrecedes($1.name) }
    return best.map(\.name)
  }
  /// Of so many the files are asked how they are spelt; the nearest come first.
  private static let spellingLimit = 48
  /// A word that as many chunks hold only as a part of longer ones, those that hold it most often, is taken for such
  /// a part.
  private static let chunkLimitOfSpelling = 16

  /// `term`, which a live chunk holds, as it stands in a file as a whole word: spelt as the symbol that is called so,
  /// where there is one. Nil if only parts of words are so: `deden` of `DEDENTs`.
  private func spelling(of term: Term) -> String? {
    for place in places(holding: term, limit: Self.chunkLimitOfSpelling) {
      if context.isOver { return nil }
      let stored = snapshot.segments[place.segment].segment.chunk(place.chunk)
      let folded = String(decoding: term.bytes, as: UTF8.self)
      let symbol = stored.chunk.symbols.first { FoldedText.folded($0.name) == folded }?.name
      if let spelling = spelling(of: term.bytes, symbol: symbol, at: place) { return spelling }
    }
    return nil
  }

  /// A live file that holds `word` of the index: by itself where one is found that does.
  func fileHolding(_ word: String) -> FilePath? {
    let term = Term(word)
    let places = places(holding: term, limit: Self.chunkLimitOfSpelling)
    let place = places.first { spelling(of: term.bytes, symbol: nil, at: $0) != nil } ?? places.first
    return place.map { snapshot.path(of: $0) }
  }

  /// Chunks that hold `term`, the best `limit` of each segment, those that hold it most often first.
  private func places(holding term: Term, limit: Int) -> [ChunkPlace] {
    let query = LexicalQuery(clauses: [LexicalQuery.Clause(term: term)])
    let scoring = BM25(
      query, statistics: CollectionStatistics(chunkCount: 2, totalLength: 2, documentFrequencies: [1]))
    var found: [(score: Float, place: ChunkPlace)] = []
    for (i, live) in snapshot.segments.enumerated() {
      let prepared = live.prepare(query, context: context)
      if prepared.documentFrequencies[0] == 0 { continue }
      found += live.segment.bestByTerms(prepared, scoring, eligible: live.live, limit: limit, context: context)
        .map { ($0.score, ChunkPlace(segment: i, chunk: $0.chunk)) }
    }
    found.sort { $0.score != $1.score ? $0.score > $1.score : snapshot.precedes($0.place, $1.place) }
    return found.map(\.place)
  }

  /// `word`, folded, as it stands in the chunk at `place` by itself, or `symbol` where that does; nil if
  /// neither does.
  private func spelling(of word: [UInt8], symbol: String?, at place: ChunkPlace) -> String? {
    let segment = snapshot.segments[place.segment].segment
    let stored = segment.chunk(place.chunk)
    var reader = SourceReader(tree)
    let range = stored.chunk.bytes
    guard let bytes = reader.beginning(of: snapshot.sourcePath(of: place), upTo: range.upperBound)?.bytes
    else { return nil }
    let text = bytes.span.extracting(range.clamped(to: 0..<bytes.count))
    var hash: UInt64?
    var wordCount = 0
    WrittenWords.scan(word.span) {
      hash = $1
      wordCount += 1
    }
    var found: String?
    var isSymbol = false
    WrittenWords.scan(text) { range, other in
      if isSymbol || other != hash { return }
      let spelling = String(decoding: range.map { text[$0] }, as: UTF8.self)
      isSymbol = spelling == symbol
      if isSymbol || found == nil { found = spelling }
    }
    if wordCount == 1 { return found }
    // Of signs and words, such as the name of an operator or of a section.
    guard let symbol, text.containsIgnoringCase(Array(symbol.utf8).span) else { return nil }
    return symbol
  }

  /// Whether a live chunk holds `term`: a dictionary keeps what stood in files that were changed or removed until a
  /// merge. Cost: a look-up in each segment up to the first that has it, and a pass over its postings where chunks of
  /// that segment are tombstoned.
  private func isLive(_ term: Term) -> Bool {
    let query = LexicalQuery(clauses: [LexicalQuery.Clause(term: term)])
    return snapshot.segments.contains { $0.prepare(query, context: context).documentFrequencies[0] > 0 }
  }
}
