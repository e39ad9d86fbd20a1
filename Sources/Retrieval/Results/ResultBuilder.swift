import Chunking
import Corpus
import Primitives
import QueryLanguage
import Segments

/// Makes results of candidates: checks each against its file as it is now, and cuts out what is shown of it.
struct ResultBuilder: Sendable {
  let query: SearchQuery
  let ranked: RankedCandidates
  let tree: SourceTree
  private let removals: (any RemovalView)?
  private let pools: [HeldPool]
  private let near: NearResults

  /// - Parameter removals: of a search of a history; what is in the tree all the same is then no result, nor is the
  ///   text of another result.
  init(_ ranked: RankedCandidates, query: SearchQuery, tree: SourceTree, removals: (any RemovalView)? = nil) {
    self.query = query
    self.ranked = ranked
    self.tree = tree
    self.removals = removals
    pools = ranked.pools.map { HeldPool($0) }
    near = NearResults(ranked, query)
  }

  /// A pool behind one reference: a copy of its value is counted in each of its parts, by every thread that makes a
  /// result of it.
  private final class HeldPool: Sendable {
    let pool: CandidatePool
    init(_ pool: CandidatePool) { self.pool = pool }
  }

  /// What became of a candidate.
  private enum Made {
    case result(SearchResult)
    /// Its code is not in its file any more, or there is no such file.
    case vanished
    /// It was removed once, and is in the tree all the same.
    case present
    case unreadable(Failure)
  }

  /// Adds the first `query.limit` candidates that are still in their files (of a file the first alone, with
  /// `countsFiles`), and what there is to say of those before the last of them that are not. Throws `.cancelled` and
  /// `.timedOut`.
  func add(to answer: inout SearchResults, _ scope: ThreadScope, _ context: SearchContext) throws(Failure) {
    let limit = max(0, query.limit)
    let chosen = chosen(limit)
    let first = chosen.map { ranked.order[$0] }
    // A file is read once, and all that is shown of it by one thread.
    var byFile: [[Int]] = []
    for (rank, position) in first.enumerated() {
      let same = byFile.firstIndex { ranks in
        first[ranks[0]].pool == position.pool && ranked[first[ranks[0]]].file == ranked[position].file
      }
      if let same { byFile[same].append(rank) } else { byFile.append([rank]) }
    }
    // What takes longest is started first.
    let work = byFile.map { ranks in ranks.reduce(0) { $0 + effort(of: first[$1]) } }
    let groups = byFile.indices.sorted { (work[$1], $0) < (work[$0], $1) }.map { byFile[$0] }
    let made = try scope.map(groups.count, context) { group -> [Made] in
      var reader = SourceReader(tree)
      return groups[group].map { context.isOver ? .vanished : make(first[$0], reader: &reader, context) }
    }
    var byRank = [Made](repeating: .vanished, count: first.count)
    for (ranks, made) in zip(groups, made) { for (rank, made) in zip(ranks, made) { byRank[rank] = made } }
    var reader = SourceReader(tree)
    let isShort = byRank.contains { if case .result = $0 { false } else { true } }
    if isShort {
      for case .result(let result) in byRank { reader.noteShown(result.lines.lowerBound, of: result.source) }
    }
    answer.results.reserveCapacity(first.count)
    var shown: Set<SourcePath> = []
    var shownTexts: Set<ChunkHash> = []
    var rank = 0
    for (index, position) in ranked.order.enumerated() {
      if answer.results.count >= limit { break }
      if near.contains(position, of: ranked) { continue }
      let isMade = rank < chosen.count && chosen[rank] == index
      let early = isMade ? byRank[rank] : nil
      if isMade { rank += 1 }
      if query.countsFiles, shown.contains(ranked.file(of: position).place) { continue }
      try context.check()
      let text = ranked.pools[position.pool].chunks.entries[ranked[position].chunk].contentHash
      if removals != nil, shownTexts.contains(text) { continue }
      let made = early ?? make(position, reader: &reader, context)
      Self.add(made, to: &answer)
      guard case .result = made else { continue }
      shownTexts.insert(text)
      if query.countsFiles { shown.insert(ranked.file(of: position).place) }
    }
  }

  /// Which candidates are shown if all are still in their files: the first, or the first of each file.
  private func chosen(_ limit: Int) -> [Int] {
    if !query.countsFiles, near.isEmpty { return Array(ranked.order.indices.prefix(limit)) }
    var seen: Set<SourcePath> = []
    var chosen: [Int] = []
    for index in ranked.order.indices where !near.contains(ranked.order[index], of: ranked) {
      if chosen.count == limit { break }
      if !query.countsFiles || seen.insert(ranked.file(of: ranked.order[index]).place).inserted {
        chosen.append(index)
      }
    }
    return chosen
  }

  private static func add(_ made: Made, to answer: inout SearchResults) {
    switch made {
    case .result(let result): answer.results.append(result)
    case .vanished: answer.vanishedCount += 1
    case .present: answer.presentCount += 1
    case .unreadable(let failure):
      answer.unreadableCount += 1
      answer.note(unreadable: failure)
    }
  }

  private func make(
    _ position: RankedCandidates.Position, reader: inout SourceReader, _ context: SearchContext
  ) -> Made {
    if let result = result(of: position, reader: &reader) {
      return isPresent(result, reader: &reader, context) ? .present : .result(result)
    }
    return reader.unreadable[ranked.file(of: position).source].map { .unreadable($0) } ?? .vanished
  }

  private func isPresent(_ result: SearchResult, reader: inout SourceReader, _ context: SearchContext) -> Bool {
    guard let removals, let text = reader.text(of: result.source), result.lines.lowerBound >= text.firstLine,
      result.lines.upperBound <= text.lineCount
    else { return false }
    let range = text.start(ofLine: result.lines.lowerBound)..<text.start(ofLine: result.lines.upperBound + 1)
    return removals.isPresent(text.bytes.span.extracting(range), from: result.path, context: context)
  }

  /// More than these are not listed.
  private static let otherLineCount = 5

  /// Where the other chunks of the file lie that score at least half as much, before the per-file diversity penalty.
  private func otherLines(of position: RankedCandidates.Position, reader: inout SourceReader) -> [Int] {
    let held = pools[position.pool]
    let file = held.pool.candidates[position.candidate].file
    let least = 0.5 * worth(of: position.candidate, in: held)
    // The candidates of a file are contiguous.
    var first = position.candidate
    while first > 0, held.pool.candidates[first - 1].file == file { first -= 1 }
    var lines: [Int] = []
    var i = first
    while i < held.pool.candidates.count, held.pool.candidates[i].file == file {
      if i != position.candidate, worth(of: i, in: held) >= least,
        let line = line(ofCandidate: i, in: held, reader: &reader), !lines.contains(line)
      {
        lines.append(line)
      }
      i += 1
    }
    return lines.count < 2 ? lines : Array(lines.sorted().prefix(Self.otherLineCount))
  }

  /// A candidate's score without the per-file diversity penalty for others of its file that rank above.
  private func worth(of candidate: Int, in held: HeldPool) -> Float {
    held.pool.candidates[candidate].score - held.pool.candidates[candidate].parts[.repetition]
  }

  /// Where a candidate begins in its file as it is now, or defines what is asked for; nil if it is not there any
  /// more.
  private func line(ofCandidate number: Int, in held: HeldPool, reader: inout SourceReader) -> Int? {
    let candidate = held.pool.candidates[number]
    let line = candidate.matchedSymbol.map { held.pool.chunks.symbols[$0].line } ?? candidate.firstLine
    if query.isFresh { return line }
    let entry = held.pool.chunks.entries[candidate.chunk]
    return ChunkLocator.text(
      of: entry, at: held.pool.files[candidate.file].source, context: 0, reader: &reader, avoidsShown: false
    ).map { line + $0.lines.lowerBound - entry.lines.lowerBound }
  }

  /// How long it takes to make a result: a file is read to the end of the chunk, and the chunk looked through.
  private func effort(of position: RankedCandidates.Position) -> Int {
    let range = ranked.pools[position.pool].chunks.entries[ranked[position].chunk].bytes
    return range.upperBound + 8 * range.count
  }

  /// Nil if the chunk is not in its file any more, or the file cannot be read.
  private func result(of position: RankedCandidates.Position, reader: inout SourceReader) -> SearchResult? {
    let candidate = ranked[position]
    let held = pools[position.pool]
    let file = held.pool.files[candidate.file]
    let entry = held.pool.chunks.entries[candidate.chunk]
    guard
      let found = ChunkLocator.text(
        of: entry, at: file.source, context: query.contextLineCount.map { max(0, $0) } ?? 0, reader: &reader)
    else { return nil }
    let shift = found.lines.lowerBound - entry.lines.lowerBound
    var symbols = held.pool.chunks.symbols(of: entry)
    for i in symbols.indices { symbols[i].line += shift }
    reader.noteShown(found.lines.lowerBound, of: file.source)
    let snippet = Snippet(
      of: found.lines, in: found.text, contextLineCount: query.contextLineCount,
      words: held.pool.ranking.words.snippetWords, marks: marks(of: candidate, in: held, found, symbols),
      findsMatches: query.findsMatches)
    var result = SearchResult(
      path: file.path, corpus: file.corpus, language: file.language, lines: found.lines, answerLine: snippet.answerLine,
      answerOffset: snippet.answerOffset, symbols: symbols,
      score: candidate.score, snippet: snippet.lines, snippetFirstLine: snippet.firstLine,
      explanation: query.explains
        ? Explanation.parts(of: candidate, in: held.pool, rerankerName: ranked.rerankerName) : [],
      hasMoved: found.hasMoved, otherLines: otherLines(of: position, reader: &reader),
      matches: snippet.matches)
    if removals != nil { result.removal = RemovalPath(file.source.path) }
    return result
  }

  /// What is known of the lines of a result: where its symbols stand, and where the query is written.
  private func marks(
    of candidate: Candidate, in held: HeldPool,
    _ found: (text: SourceText, lines: ClosedRange<Int>, hasMoved: Bool),
    _ symbols: [Symbol]
  ) -> Snippet.Marks {
    let ranking = held.pool.ranking
    var marks = Snippet.Marks()
    marks.definitions = symbols.map(\.line)
    marks.isName =
      !ranking.query.isCopied
      && (ranking.query.shape == .symbol || ranking.words.wantedNames.isOneWord || candidate.definesMember)
    let sought = ranking.sought
    marks.isQuoted = !sought.isEmpty || !ranking.patterns.isEmpty
    marks.phrases = sought
    marks.patterns = ranking.patterns
    marks.wholeQuery = ranking.words.wholeText
    if !marks.wholeQuery.isEmpty { marks.text = ranking.query.text }
    marks.isCopied = ranking.query.isCopied
    if let symbol = candidate.matchedSymbol.map({ held.pool.chunks.symbol($0) }) {
      marks.matches = symbols.filter { $0.name == symbol.name && $0.enclosing == symbol.enclosing }.map(\.line)
    }
    // Where the name with signs is defined, that line is the match, and not one before it that calls it.
    if ranking.query.signed != nil, !marks.matches.isEmpty {
      marks.isQuoted = false
      return marks
    }
    // What is quoted or copied is told from what has the same words by the text alone, signs and all.
    if !candidate.isBeginning || !ranking.patterns.isEmpty,
      let line = literalLine(of: ranking, in: found, definitions: marks.definitions)
    {
      marks.written = [(line, 1)]
      return marks
    }
    if candidate.placeGrade > 0 { marks.place = candidate.placeLine }
    if candidate.isBeginning { marks.place = found.lines.lowerBound }
    // Of `engine.roots` another `roots` is defined here, and all of it stands on a line.
    if marks.isName, let symbol = candidate.matchedSymbol,
      held.pool.isOther(symbol, in: held.pool.files[candidate.file]),
      let line = wholeLine(of: ranking.query.text, in: found)
    {
      marks.matches = []
      marks.written = [(line, 1)]
      return marks
    }
    // Where `Store.read` is defined, it does not stand as written; and what was read and holds nothing as written has
    // no such line.
    if !marks.isName || marks.matches.isEmpty, candidate.written > 0 || !candidate.isToBeRead {
      let last = min(found.lines.upperBound, found.text.lineCount)
      if found.lines.lowerBound <= last {
        let bytes = found.text.start(ofLine: found.lines.lowerBound)..<found.text.start(ofLine: last + 1)
        let text = found.text.bytes.span.extracting(bytes)
        marks.written = ranking.written.lines(in: text).map { (found.lines.lowerBound + $0.line, $0.share) }
        // Of a query in words a run of some of them is no match where its definition is.
        if !marks.matches.isEmpty, !marks.written.isEmpty, !marks.isQuoted, !marks.isCopied {
          marks.isWhole = ranking.written.holdsAll(in: text)
          if !marks.isWhole { marks.written = [] }
        }
      }
    }
    return marks
  }

  /// The first line of a result on which all of `text` stands as it is written but for capitals.
  private func wholeLine(
    of text: String, in found: (text: SourceText, lines: ClosedRange<Int>, hasMoved: Bool)
  ) -> Int? {
    let wanted = text.utf8.map { $0.asciiLowercased }
    let last = min(found.lines.upperBound, found.text.lineCount)
    return found.lines.first {
      $0 <= last && SignShape.isWhole(wanted, in: found.text.bytes.span.extracting(found.text.range(ofLine: $0)))
    }
  }

  /// The first line of a result on which what was copied stands as it was typed, or a quoted phrase but for capitals,
  /// or that a pattern matches.
  private func literalLine(
    of ranking: RankingContext, in found: (text: SourceText, lines: ClosedRange<Int>, hasMoved: Bool),
    definitions: [Int]
  ) -> Int? {
    let (query, sought) = (ranking.query, ranking.sought)
    if sought.isEmpty, ranking.patterns.isEmpty, !query.isCopied { return nil }
    let last = min(found.lines.upperBound, found.text.lineCount)
    func line(where holds: (Span<UInt8>) -> Bool) -> Int? {
      found.lines.first { $0 <= last && holds(found.text.bytes.span.extracting(found.text.range(ofLine: $0))) }
    }
    if query.isCopied {
      for text in query.copied == query.message ? [query.copied] : [query.copied, query.message] {
        let copied = Array(text.utf8)
        if let exact = line(where: { $0.contains(copied.span) }) { return exact }
        // Named, and not made where it is passed on: without optimisation, Swift 6.3 ends with an error over that.
        let lowercased = copied.map { $0.asciiLowercased }
        if let near = line(where: { $0.containsIgnoringCase(lowercased.span) }) { return near }
      }
    }
    if query.signed != nil,
      let line = line(where: { ranking.written.holdsWhole(phrase: sought.count - 1, $0) })
    {
      return line
    }
    for phrase in sought {
      let bytes = Array(phrase.utf8)
      if SignShape.mayBePart(bytes), let line = line(where: { SignShape.isWhole(bytes, in: $0) }) { return line }
      if let line = line(where: { $0.containsIgnoringCase(bytes.span) }) { return line }
    }
    return patternLine(of: ranking, in: found, definitions: definitions)
  }

  /// The first line of a result that a pattern of the query matches: of a query of nothing else, that which defines
  /// something, where one does.
  private func patternLine(
    of ranking: RankingContext, in found: (text: SourceText, lines: ClosedRange<Int>, hasMoved: Bool),
    definitions: [Int]
  ) -> Int? {
    let (patterns, first) = (ranking.patterns, found.lines.lowerBound)
    let last = min(found.lines.upperBound, found.text.lineCount)
    if patterns.isEmpty || first > last { return nil }
    let text = found.text.bytes.span.extracting(found.text.start(ofLine: first)..<found.text.start(ofLine: last + 1))
    let matchers = PatternMatchers()
    let defining = ranking.isOfPatterns ? definitions.filter { (first...last).contains($0) } : []
    return matchers.firstLine(among: defining, of: text, from: first, holding: patterns)
      ?? matchers.firstLine(of: text, from: first, holding: patterns)
  }
}

extension CandidatePool {
  /// Whether the symbol is another than the one that the query names: nothing around it is called as the name before
  /// its own.
  fileprivate func isOther(_ position: Int, in file: CandidateFile) -> Bool {
    let wanted = ranking.words.wantedNames
    return wanted.namesOtherThanOwn && !wanted.hasQualifier(around: chunks.symbols[position], in: chunks)
      && !wanted.hasQualifier(in: file) && !wanted.hasQualifier(atEndOfStemOf: file)
  }
}
