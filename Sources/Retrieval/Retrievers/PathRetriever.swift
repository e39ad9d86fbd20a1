import Chunking
import Primitives
import QueryLanguage
import Segments

/// Finds the files whose paths match the path fragments of a query, by their first chunks, and the chunks that hold the
/// lines it names. A hit's score says how surely it is the line that is meant, 0...1; it is 0 if no line is named.
struct PathRetriever: Retriever {
  let query: ParsedQuery
  let weights: RankingWeights
  let scope: RetrieverScope

  /// Of fragments and of lines `limit` files each; of both hits none is there twice. One pass over all paths.
  func begin(limit: Int) -> RetrieverRun {
    RetrieverRun { () throws(Failure) in
      let hits = hits(limit: limit)
      try scope.context.check()
      return hits
    }
  }

  private func hits(limit: Int) -> [Hit] {
    if query.pathFragments.isEmpty, query.places.isEmpty, query.module == nil { return [] }
    typealias Named = (place: ChunkPlace, path: SourcePath, grade: Float, line: Int)
    func precedes(_ a: Named, _ b: Named) -> Bool { a.grade != b.grade ? a.grade > b.grade : a.path < b.path }
    var top = TopK<Named>(limit: limit, by: precedes)
    var lines = TopK<Named>(limit: limit, by: precedes)
    let fragments = (query.pathFragments + query.places.map(\.path) + (query.module.map { [$0.path] } ?? []))
      .map { PathFragment($0) }
    for (i, live) in scope.snapshot.segments.enumerated() {
      let segment = live.segment
      func isWanted(_ chunk: Int) -> Bool { scope.contains(ChunkPlace(segment: i, chunk: chunk)) }
      live.forEachPath(context: scope.context) { number, bytes in
        guard fragments.contains(where: { $0.mayMatch(bytes) }) else { return }
        let path = SourcePath(FilePath(bytes: bytes.indices.map { bytes[$0] }), corpus: live.corpus)
        let text = path.path.description.lowercased()
        let chunks = segment.chunks(ofFile: number)
        for (order, named) in query.places.enumerated() {
          let match = PathMatch.gradeOfFile(
            text, for: named.path, isAbsolute: named.isAbsolute, from: query.directory)
          if named.isBareName, match < 0.85 { continue }
          var grade = match * (1 - 0.25 * Float(order) / Float(query.places.count))
          // A name alone may be that of a caller's file, which lies in another tree.
          if query.hasPlaceBeside, match < 1, !named.path.contains("/") { grade *= weights.place / weights.placeBeside }
          // The chunk that holds the line, or ends before it.
          guard grade > 0.1, let chunk = Self.chunk(holding: named.line, of: chunks, in: segment), isWanted(chunk)
          else {
            continue
          }
          // A namesake that is too short is hardly meant.
          let isLong = segment.chunk(chunk).chunk.lines.upperBound + Self.blankLineCount >= named.line
          lines.insert((ChunkPlace(segment: i, chunk: chunk), path, isLong ? grade : grade * 0.8, named.line))
        }
        let grade = max(PathMatch.grade(of: text, for: query), query.module?.grade(of: text) ?? 0)
        guard grade > 0, let chunk = chunks.first(where: isWanted) else { return }
        top.insert((ChunkPlace(segment: i, chunk: chunk), path, grade, 0))
      }
    }
    var places: [ChunkPlace: Hit] = [:]
    for named in top.sorted() { places[named.place] = Hit(place: named.place, score: 0) }
    // Of a name that several files bear, beside a copied message, none is surely meant: the message tells which file it
    // is.
    let found = lines.sorted()
    let isDoubtful = query.isCopied && query.places.count == 1 && !query.places[0].path.contains("/") && found.count > 1
    for var named in found {
      if isDoubtful, named.grade < 0.5 { named.grade /= 2 }
      guard places[named.place].map({ named.grade > $0.score }) ?? true else { continue }
      places[named.place] = Hit(place: named.place, score: named.grade, line: named.line)
    }
    return places.values.sorted { $0.place < $1.place }
  }

  /// Lines between chunks, or behind the last, that may be in none.
  private static let blankLineCount = 8

  /// The last of `chunks` that does not begin behind `line`. Chunks of a file follow each other.
  private static func chunk(holding line: Int, of chunks: Range<Int>, in segment: Segment) -> Int? {
    var low = chunks.lowerBound
    var high = chunks.upperBound
    while low < high {
      let middle = (low + high) / 2
      if segment.chunk(middle).chunk.lines.lowerBound <= line { low = middle + 1 } else { high = middle }
    }
    return chunks.isEmpty ? nil : max(chunks.lowerBound, low - 1)
  }
}
