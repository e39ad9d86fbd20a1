import Primitives
import Segments

/// A hit with the scores of all retrievers, whichever found it.
struct ScoredCandidate: Sendable {
  var place: ChunkPlace
  var termScore: Float
  /// Bit `i` says that it holds a form of the query's word `i`.
  var heldWords: UInt64
  var similarity: Float
  /// Bit `i` says that it holds the query's word `i` as it was typed: as a word, or as a part of a name or of its path.
  var heldTyped: UInt64 = 0
  var isToBeRead = false
  /// How surely it is the place that the query names, 0...1, and the line of it.
  var placeGrade: Float = 0
  var placeLine = 0
  /// Whether a quoted phrase was found there.
  var isHolder = false
}

/// What was found for a query, before anything that the segments keep of the chunks is read.
struct ScoredCandidates: Sendable {
  let ranking: RankingContext
  /// In the order of their places.
  let candidates: [ScoredCandidate]
  /// Those that the ranking steps leave out, for pages that reach beyond them; in the order of their places.
  var rest: [ScoredCandidate] = []
  /// What holds the query's words and is not among the best, for pages that are longer still; in the order of their
  /// places.
  var beyond: [ScoredCandidate] = []
  /// In how many chunks the words of the query stand.
  var frequencies: [String: Int] = [:]
  /// Chunks that may satisfy the query's condition and were not read to find out.
  var uncheckedCount = 0
  /// Why files could not be read to find that out.
  var unreadable: [Failure] = []
  /// What the user should know besides.
  var notes: [Failure] = []

  /// Ranges of the candidates, about `count` of them, none of which ends inside of a file.
  func parts(count: Int, in snapshot: IndexSnapshot) -> [Range<Int>] {
    let size = max(8, candidates.count / max(1, count) + 1)
    var parts: [Range<Int>] = []
    var start = 0
    while start < candidates.count {
      var end = min(candidates.count, start + size)
      while end < candidates.count, areOfOneFile(end - 1, end, in: snapshot) { end += 1 }
      parts.append(start..<end)
      start = end
    }
    return parts
  }

  private func areOfOneFile(_ a: Int, _ b: Int, in snapshot: IndexSnapshot) -> Bool {
    let (a, b) = (candidates[a].place, candidates[b].place)
    if a.segment != b.segment { return false }
    let segment = snapshot.segments[a.segment].segment
    return segment.chunks(ofFile: segment.fileNumber(ofChunk: a.chunk)).contains(b.chunk)
  }

  /// Whether a file of `segment` defines what is named as tests are; so has one that defines nothing.
  private static func definesTests(_ file: Int, of segment: Segment) -> Bool {
    var chunks = ChunkList()
    segment.read(Array(segment.chunks(ofFile: file).prefix(testChunkLimit)), into: &chunks)
    return chunks.symbols.isEmpty || FileTraits.definesTests(chunks)
  }
  /// Chunks of a file that are scored.
  private static let testChunkLimit = 200

  /// Fills an empty pool with the candidates in `part`, their files and what the segments keep of them.
  func fill(_ pool: inout CandidatePool, with part: Range<Int>, in snapshot: IndexSnapshot) {
    pool.candidates.reserveCapacity(part.count)
    var start = part.lowerBound
    while start < part.upperBound {
      let number = candidates[start].place.segment
      var end = start
      while end < part.upperBound, candidates[end].place.segment == number { end += 1 }
      let segment = snapshot.segments[number].segment
      let first = pool.chunks.entries.count
      segment.read(candidates[start..<end].map(\.place.chunk), into: &pool.chunks)
      var lastFile = -1
      for (k, found) in candidates[start..<end].enumerated() {
        let entry = pool.chunks.entries[first + k]
        if entry.file != lastFile {
          var file = CandidateFile(
            segment.path(ofFile: entry.file), corpus: snapshot.segments[number].corpus,
            prefixByteCount: snapshot.segments[number].pathPrefixByteCount,
            language: segment.language(ofFile: entry.file))
          if file.traits.contains(.test), FileTraits.isTestByName(file.path, file.language),
            !Self.definesTests(entry.file, of: segment)
          {
            file.traits.remove(.test)
          }
          pool.files.append(file)
          lastFile = entry.file
        }
        var candidate = Candidate(
          place: found.place, file: pool.files.count - 1, chunk: first + k, firstLine: entry.lines.lowerBound,
          termScore: found.termScore, similarity: found.similarity)
        candidate.heldWords = found.heldWords
        candidate.isToBeRead = found.isToBeRead
        candidate.placeGrade = found.placeGrade
        candidate.placeLine = found.placeLine
        candidate.isHolder = found.isHolder
        // What is not read may hold a query of one word, or only a part of it.
        if ranking.written.isOneWord, found.heldTyped != 0 { candidate.written = 0.5 }
        pool.candidates.append(candidate)
      }
      start = end
    }
  }
}
