import Chunking
import Primitives
import Segments

/// Makes results of candidates: checks each against its file as it is now, and cuts out what is shown of it.
struct ResultBuilder: Sendable {
  let query: SearchQuery
  let ranked: RankedCandidates
  let tree: SourceTree

  init(_ ranked: RankedCandidates, query: SearchQuery, tree: SourceTree) {
    self.query = query
    self.ranked = ranked
    self.tree = tree
  }

  /// What became of a candidate.
  private enum Made {
    case result(SearchResult)
    /// Its code is not in its file any more, or there is no such file.
    case vanished
    case unreadable(Failure)
  }

  /// Adds the first `query.limit` candidates that are still in their files (of a file the first alone, with `countsFiles`), and what there is to say of those before the last of
  /// them that are not.
  func add(to answer: inout SearchResults, _ crew: Crew) {
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
    // What takes longest is begun first.
    let work = byFile.map { ranks in ranks.reduce(0) { $0 + effort(of: first[$1]) } }
    let groups = byFile.indices.sorted { (work[$1], $0) < (work[$0], $1) }.map { byFile[$0] }
    let made = crew.map(groups.count) { group -> [Made] in
      var reader = SourceReader(tree)
      return groups[group].map { make(first[$0], reader: &reader) }
    }
    var byRank = [Made](repeating: .vanished, count: first.count)
    for (ranks, made) in zip(groups, made) { for (rank, made) in zip(ranks, made) { byRank[rank] = made } }
    let known = Dictionary(uniqueKeysWithValues: zip(chosen, byRank))
    var reader = SourceReader(tree)
    for case .result(let result) in byRank { reader.noteShown(result.lines.lowerBound, of: result.path) }
    var shown: Set<FilePath> = []
    for (index, position) in ranked.order.enumerated() {
      if answer.results.count >= limit { break }
      if query.countsFiles, shown.contains(ranked.file(of: position).path) { continue }
      let made = known[index] ?? make(position, reader: &reader)
      Self.add(made, to: &answer)
      if query.countsFiles, case .result(let result) = made { shown.insert(result.path) }
    }
  }

  /// Which candidates are shown if all are still in their files: the first, or the first of each file.
  private func chosen(_ limit: Int) -> [Int] {
    guard query.countsFiles else { return Array(ranked.order.indices.prefix(limit)) }
    var seen: Set<FilePath> = []
    var chosen: [Int] = []
    for index in ranked.order.indices {
      if chosen.count == limit { break }
      if seen.insert(ranked.file(of: ranked.order[index]).path).inserted { chosen.append(index) }
    }
    return chosen
  }

  private static func add(_ made: Made, to answer: inout SearchResults) {
    switch made {
    case .result(let result): answer.results.append(result)
    case .vanished: answer.vanishedCount += 1
    case .unreadable(let failure):
      answer.unreadableCount += 1
      answer.note(unreadable: failure)
    }
  }

  private func make(_ position: RankedCandidates.Position, reader: inout SourceReader) -> Made {
    if let result = result(of: position, reader: &reader) { return .result(result) }
    return reader.unreadable[ranked.file(of: position).path].map { .unreadable($0) } ?? .vanished
  }

  /// More than these are not listed.
  private static let otherLineCount = 5

  /// Where the other chunks of the file lie that answer at least half as well, before it was held against them that they are of one file.
  private func otherLines(of position: RankedCandidates.Position, reader: inout SourceReader) -> [Int] {
    let pool = ranked.pools[position.pool]
    let own = pool.candidates[position.candidate]
    func worth(_ candidate: Candidate) -> Float { candidate.score - candidate.parts[.repetition] }
    let others = pool.candidates.indices.filter { i in
      let other = pool.candidates[i]
      return i != position.candidate && other.file == own.file && worth(other) >= 0.5 * worth(own)
    }
    let lines = others.compactMap { i -> Int? in
      let candidate = pool.candidates[i]
      let line = candidate.matchedSymbol.map { pool.chunks.symbols[$0].line } ?? candidate.firstLine
      if query.isFresh { return line }
      let entry = pool.chunks.entries[candidate.chunk]
      let path = pool.files[candidate.file].path
      guard let found = ChunkLocator.text(of: entry, at: path, context: 0, reader: &reader, avoidsShown: false)
      else { return nil }
      return line + found.lines.lowerBound - entry.lines.lowerBound
    }
    return Array(Set(lines).sorted().prefix(Self.otherLineCount))
  }

  /// How long it takes to make a result: a file is read to the end of the chunk, and the chunk looked through.
  private func effort(of position: RankedCandidates.Position) -> Int {
    let range = ranked.pools[position.pool].chunks.entries[ranked[position].chunk].bytes
    return range.upperBound + 8 * range.count
  }

  /// Nothing where the chunk is not in its file any more, or the file cannot be read.
  private func result(of position: RankedCandidates.Position, reader: inout SourceReader) -> SearchResult? {
    let candidate = ranked[position]
    let pool = ranked.pools[position.pool]
    let file = pool.files[candidate.file]
    let entry = pool.chunks.entries[candidate.chunk]
    guard
      let found = ChunkLocator.text(
        of: entry, at: file.path, context: query.contextLineCount.map { max(0, $0) } ?? 0, reader: &reader)
    else { return nil }
    let shift = found.lines.lowerBound - entry.lines.lowerBound
    var symbols = pool.chunks.symbols(of: entry)
    for i in symbols.indices { symbols[i].line += shift }
    reader.noteShown(found.lines.lowerBound, of: file.path)
    let snippet = Snippet(
      of: found.lines, in: found.text, contextLineCount: query.contextLineCount,
      words: pool.question.words.snippetWords, marks: marks(of: candidate, in: pool, found, symbols))
    return SearchResult(
      path: file.path, language: file.language, lines: found.lines, answerLine: snippet.answerLine,
      answerOffset: snippet.answerOffset, symbols: symbols,
      score: candidate.score, snippet: snippet.lines, snippetFirstLine: snippet.firstLine,
      explanation: query.explains ? Explanation.parts(of: candidate, in: pool, rerankerName: ranked.rerankerName) : [],
      hasMoved: found.hasMoved, otherLines: otherLines(of: position, reader: &reader))
  }

  /// What is known of the lines of a result: where its symbols stand, and where the question is written.
  private func marks(
    of candidate: Candidate, in pool: CandidatePool,
    _ found: (text: SourceText, lines: ClosedRange<Int>, hasMoved: Bool),
    _ symbols: [Symbol]
  ) -> Snippet.Marks {
    var marks = Snippet.Marks()
    marks.definitions = symbols.map(\.line)
    marks.isName =
      !pool.query.isCopied && (pool.query.shape == .symbol || pool.question.words.wantedNames.isOneWord)
    let sought = pool.query.sought
    marks.isQuoted = !sought.isEmpty
    marks.phrases = sought
    marks.question = pool.question.words.wholeText
    if !marks.question.isEmpty { marks.text = pool.query.text }
    marks.isCopied = pool.query.isCopied
    if let symbol = candidate.matchedSymbol.map({ pool.chunks.symbol($0) }) {
      marks.matches = symbols.filter { $0.name == symbol.name && $0.enclosing == symbol.enclosing }.map(\.line)
    }
    // What is quoted or copied is told from what has the same words by the text alone, signs and all.
    if let line = literalLine(of: pool.query, sought, in: found) {
      marks.written = [(line, 1)]
      return marks
    }
    if candidate.placeGrade > 0 { marks.place = candidate.placeLine }
    // Where `Store.read` is defined, it does not stand as written; and what was read and holds nothing as written has no such line.
    if !marks.isName || marks.matches.isEmpty, candidate.written > 0 || !candidate.isToBeRead {
      let last = min(found.lines.upperBound, found.text.lineCount)
      if found.lines.lowerBound <= last {
        let bytes = found.text.start(ofLine: found.lines.lowerBound)..<found.text.start(ofLine: last + 1)
        let written = pool.question.written
        let text = found.text.bytes.span.extracting(bytes)
        marks.written = written.lines(in: text).map { (found.lines.lowerBound + $0.line, $0.share) }
        // Of a question in words a run of some of them is no answer where its definition is.
        if !marks.matches.isEmpty, !marks.written.isEmpty, !marks.isQuoted, !marks.isCopied {
          marks.isWhole = written.holdsAll(in: text)
          if !marks.isWhole { marks.written = [] }
        }
      }
    }
    return marks
  }

  /// The first line of a result on which what was copied stands as it was typed, or a quoted phrase but for capitals.
  private func literalLine(
    of query: ParsedQuery, _ sought: [String], in found: (text: SourceText, lines: ClosedRange<Int>, hasMoved: Bool)
  ) -> Int? {
    if sought.isEmpty, !query.isCopied { return nil }
    let last = min(found.lines.upperBound, found.text.lineCount)
    func line(where holds: (Span<UInt8>) -> Bool) -> Int? {
      found.lines.first { $0 <= last && holds(found.text.bytes.span.extracting(found.text.range(ofLine: $0))) }
    }
    if query.isCopied {
      let copied = Array(query.copied.utf8)
      if let exact = line(where: { $0.contains(copied.span) }) { return exact }
      if let near = line(where: { $0.containsIgnoringCase(copied.map { lowercased($0) }.span) }) { return near }
    }
    for phrase in sought {
      let bytes = Array(phrase.utf8)
      if let line = line(where: { $0.containsIgnoringCase(bytes.span) }) { return line }
    }
    return nil
  }
}
