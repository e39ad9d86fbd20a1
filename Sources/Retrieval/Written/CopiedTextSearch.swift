import Chunking
import Primitives
import QueryLanguage
import Segments

/// Finds the chunks that hold a copied text (`CopiedText`) as it is written, or the longest runs of its words: a line
/// of code that consists of common words, or a message around whose words a program has filled in rarer ones, is not
/// among what BM25 prefers.
///
/// Chunks are chosen by how many of the text's words they hold, words of grammar included and rare ones hardly
/// preferred (coordination level matching); those are read. Costs a pass over the postings of all the words and up to
/// `readLimit` chunks of text, only where a text was copied.
struct CopiedTextSearch {
  let snapshot: IndexSnapshot
  let tree: SourceTree
  let scope: ThreadScope
  private let context: SearchContext
  private let choice: Choice
  private var terms: CollectionScorer { choice.terms }
  /// In how many chunks each word of the text stands.
  var frequencies: [String: Int] { choice.frequencies }

  /// Chunks that hold all of the words are read up to this many.
  static let readLimit = 256
  /// Besides, those that hold the most of them.
  private static let partialReadLimit = 48
  /// Given to the ranking, those that hold the most as written.
  private static let keptLimit = 12
  /// Evidence below this is what any query finds.
  static let leastEvidence: Float = 0.25

  /// Nil if `query` is no copied text.
  init?(
    _ query: ParsedQuery, in snapshot: IndexSnapshot, _ tree: SourceTree, _ scope: ThreadScope, _ context: SearchContext
  ) {
    guard query.isCopied, !query.isPasted else { return nil }
    self.init(of: query.ordered, in: snapshot, tree, scope, context)
  }

  /// Nil if no word of `text` can be in the index.
  init?(of text: String, in snapshot: IndexSnapshot, _ tree: SourceTree, _ scope: ThreadScope, _ context: SearchContext)
  {
    guard let choice = Choice(of: text, in: snapshot, context) else { return nil }
    self.choice = choice
    self.context = context
    self.snapshot = snapshot
    self.tree = tree
    self.scope = scope
  }

  /// The words of a text, and by what the chunks are chosen that may hold it.
  struct Choice {
    let terms: CollectionScorer
    let frequencies: [String: Int]
    let query: LexicalQuery
    let statistics: CollectionStatistics

    /// Nil if no word of `text` can be in the index.
    init?(of text: String, in snapshot: IndexSnapshot, _ context: SearchContext) {
      var words: [QueryTerm] = []
      var seen: Set<String> = []
      let text = Array(text.utf8)
      WrittenWords.scan(text.span) { range, _ in
        let word = String(decoding: text[range].prefix(WordList.longestWord), as: UTF8.self).lowercased()
        // The index has no words of one letter, and other scripts' as the analyzer cuts them.
        guard range.count > 1, word.utf8.allSatisfy({ $0 < 0x80 }), word.contains(where: { $0 != "_" }),
          words.count < CollectionScorer.groupLimit, seen.insert(word).inserted
        else { return }
        words.append(QueryTerm(text: word, word: word))
      }
      if words.isEmpty { return nil }
      let plan = LexicalPlan(words: words)
      terms = CollectionScorer(plan, in: snapshot, context: context)
      frequencies = Dictionary(uniqueKeysWithValues: zip(words.map(\.word), terms.frequencies))
      // Each word has nearly the same worth, however often a chunk has it and however long that is: as in a corpus in
      // which all words are equally frequent, of chunks that are all short.
      var statistics = terms.statistics
      statistics.totalLength = max(1, statistics.chunkCount) << 20
      var query = plan.query
      for i in query.clauses.indices {
        let frequency = terms.frequencies[i]
        if frequency > 0 {
          let share = Float(statistics.chunkCount + 1) / Float(frequency)
          query.clauses[i].weight = 1 + min(1, Float(share.exponent) / 16)
        }
        statistics.documentFrequencies[i] = frequency > 0 ? 1 : 0
      }
      (self.query, self.statistics) = (query, statistics)
    }
  }

  /// The places of chunks that hold the most of the text as written, in ascending order. Throws `.cancelled` and
  /// `.timedOut`.
  /// - Parameters:
  ///   - eligible: for each segment the chunks that pass the filters; all of the live ones if nil.
  ///   - least: the least evidence.
  func places(
    of written: WrittenQuery, eligible: [BitSet?], least: Float = leastEvidence
  ) throws(Failure) -> [ChunkPlace] {
    let read = try chosen(eligible: eligible, holdingAll: least >= WrittenQuery.wholeEvidence)
    let parts = Self.parts(of: read, count: 2 * scope.size)
    let judged = try scope.map(parts.count, context) { part -> [(place: ChunkPlace, evidence: Float)] in
      var reader = SourceReader(tree)
      var scratch = WrittenQuery.Scratch()
      var judged: [(place: ChunkPlace, evidence: Float)] = []
      var rest = read[parts[part]]
      while let number = rest.first?.segment {
        let segment = snapshot.segments[number].segment
        let places = rest.prefix { $0.segment == number }
        rest = rest.dropFirst(places.count)
        var chunks = ChunkList()
        segment.read(places.map(\.chunk), into: &chunks)
        var path = SourcePath("")
        for (i, (place, entry)) in zip(places, chunks.entries).enumerated() {
          if context.isOver { return judged }
          // One file after the other, whose texts need not be held together.
          if i == 0 || entry.file != chunks.entries[i - 1].file {
            path = snapshot.sourcePath(ofFile: entry.file, inSegment: number)
            reader = SourceReader(tree)
          }
          guard let bytes = reader.chunk(at: entry.bytes, hash: entry.contentHash, of: path) else { continue }
          let evidence = written.evidence(in: bytes.span, &scratch)
          if evidence >= least { judged.append((place, evidence)) }
        }
      }
      return judged
    }
    return judged.flatMap { $0 }.sorted {
      $0.evidence != $1.evidence ? $0.evidence > $1.evidence : snapshot.precedes($0.place, $1.place)
    }
    .prefix(Self.keptLimit).map(\.place).sorted()
  }

  /// The chunks that are read, ascending.
  /// - Parameter holdingAll: whether one that lacks a word need not be.
  private func chosen(eligible: [BitSet?], holdingAll: Bool) throws(Failure) -> [ChunkPlace] {
    let bm25 = BM25(choice.query, statistics: choice.statistics)
    if holdingAll { return try wholes(bm25, eligible) }
    let threshold = SharedThreshold()
    let scored = try scope.map(snapshot.segments.count, context) { i -> [(place: ChunkPlace, score: Float)] in
      snapshot.segments[i].segment.bestByTerms(
        terms.prepared[i], bm25, eligible: eligible[i] ?? snapshot.segments[i].live, limit: Self.partialReadLimit,
        threshold: threshold, context: context
      )
      .map { (ChunkPlace(segment: i, chunk: $0.chunk), $0.score) }
    }.flatMap { $0 }
    return Set(best(Self.partialReadLimit, of: scored)).union(try wholes(bm25, eligible)).sorted()
  }

  /// The best of those that hold every word of the text that any chunk holds, ascending.
  private func wholes(_ bm25: BM25, _ eligible: [BitSet?]) throws(Failure) -> [ChunkPlace] {
    let found = try scope.map(snapshot.segments.count, context) { i -> [(place: ChunkPlace, score: Float)] in
      snapshot.segments[i].segment.chunksHoldingAll(
        terms.prepared[i], bm25, eligible: eligible[i] ?? snapshot.segments[i].live, context: context
      )
      .map { (ChunkPlace(segment: i, chunk: $0.chunk), $0.score) }
    }.flatMap { $0 }
    return best(Self.readLimit, of: found)
  }

  private func best(_ limit: Int, of scored: [(place: ChunkPlace, score: Float)]) -> [ChunkPlace] {
    snapshot.numbersOfBest(limit, scores: scored.map(\.score)) { scored[$0].place }.map { scored[$0].place }
  }

  /// Ranges of `places`, about `count` of them.
  private static func parts(of places: [ChunkPlace], count: Int) -> [Range<Int>] {
    let size = max(8, places.count / max(1, count) + 1)
    return stride(from: 0, to: places.count, by: size).map { $0..<min(places.count, $0 + size) }
  }
}
