import Chunking
import Primitives
import Segments

/// Makes results of candidates: checks each against its file as it is now, and cuts out what is shown of it.
struct ResultBuilder: Sendable {
  let query: SearchQuery
  let ranked: RankedCandidates
  let root: FilePath

  init(_ ranked: RankedCandidates, query: SearchQuery, root: FilePath) {
    self.query = query
    self.ranked = ranked
    self.root = root
  }

  /// The first `query.limit` candidates that are still in their files, and how many of those before the last of them are not.
  func results(_ crew: Crew) -> (results: [SearchResult], vanishedCount: Int) {
    let limit = max(0, query.limit)
    let first = Array(ranked.order.prefix(limit))
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
    let made = crew.map(groups.count) { group -> [SearchResult?] in
      var reader = SourceReader(root: root)
      return groups[group].map { result(of: first[$0], reader: &reader) }
    }
    var byRank = [SearchResult?](repeating: nil, count: first.count)
    for (ranks, results) in zip(groups, made) { for (rank, result) in zip(ranks, results) { byRank[rank] = result } }
    var results = byRank.compactMap { $0 }
    var vanishedCount = first.count - results.count
    var reader = SourceReader(root: root)
    for position in ranked.order.dropFirst(limit) {
      if results.count >= limit { break }
      if let result = result(of: position, reader: &reader) { results.append(result) } else { vanishedCount += 1 }
    }
    return (results, vanishedCount)
  }

  /// How long it takes to make a result: a file is read to the end of the chunk, and the chunk looked through.
  private func effort(of position: RankedCandidates.Position) -> Int {
    let range = ranked.pools[position.pool].chunks.entries[ranked[position].chunk].bytes
    return range.upperBound + 8 * range.count
  }

  /// Nothing where the chunk is not in its file any more.
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
    var matched: [Int] = []
    if let symbol = candidate.matchedSymbol.map({ pool.chunks.symbol($0) }) {
      matched = symbols.filter { $0.name == symbol.name && $0.enclosing == symbol.enclosing }.map(\.line)
    }
    let snippet = Snippet(
      of: found.lines, in: found.text, contextLineCount: query.contextLineCount,
      words: pool.question.words.snippetWords, matchedLines: matched,
      definitionLines: symbols.map(\.line))
    return SearchResult(
      path: file.path, language: file.language, lines: found.lines, symbols: symbols, score: candidate.score,
      snippet: snippet.lines, snippetFirstLine: snippet.firstLine,
      explanation: query.explains ? Explanation.parts(of: candidate, in: pool, rerankerName: ranked.rerankerName) : [],
      hasMoved: found.hasMoved)
  }
}
