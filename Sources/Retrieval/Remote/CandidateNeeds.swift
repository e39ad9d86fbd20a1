package import Primitives
package import QueryLanguage
package import Segments

/// What a search of a query takes from an index besides vectors and files: by which lists of terms its candidates are
/// found, and of which terms it asks in which of them they stand. For who brings candidates from elsewhere, so that the
/// searcher finds among them what it would find among all chunks.
package struct CandidateNeeds: Sendable {
  /// The best `limit` chunks by BM25.
  package struct Ranked: Sendable {
    package var query: LexicalQuery
    /// As the searcher counts them: those of a word's forms are pooled.
    package var documentFrequencies: [Int]
    package var limit: Int
  }

  /// Chunks that hold all of some terms.
  package struct Conjunction: Sendable {
    package var terms: [Term]
    package var limit: Int
    /// Whether those alone are of use that pass the query's filters.
    package var isFiltered: Bool
  }

  package private(set) var ranked: [Ranked] = []
  package private(set) var conjunctions: [Conjunction] = []
  /// Of each list, a chunk that satisfies the query's operators holds a term at least.
  package private(set) var holding: [[Term]] = []
  /// All terms whose frequencies in a chunk are asked for.
  package private(set) var terms: Set<Term> = []

  /// Candidates of each kind beyond those that the searcher takes: what ties with the last of them.
  private static let oversampling = 2
  private static let soughtCount = 256
  private static let wordCount = 4
  private static let partCount = 32
  private static let longestQuery = 32

  /// - Parameters:
  ///   - snapshot: says in how many chunks each term stands; it need not hold any.
  ///   - wanted: how many chunks a page shows.
  package init(
    of asked: ParsedQuery, in snapshot: IndexSnapshot, wanted: Int, weights: RankingWeights, context: SearchContext
  ) {
    let query = asked.isPasted ? Self.rarest(of: asked, snapshot, context) : asked
    add(LexicalPlan(query, weights: weights), in: snapshot, limit: max(weights.candidateCount, wanted), context)
    let copied = asked.isCopied && !asked.isPasted ? asked.ordered : asked.text
    if !asked.isPasted, let search = CopiedTextSearch.Choice(of: copied, in: snapshot, context) {
      add(search.query, search.statistics.documentFrequencies, limit: CopiedTextSearch.readLimit)
    }
    for text in asked.sought + (asked.isPasted ? [] : [asked.text]) {
      let words = WrittenPhrase.indexedWords(of: text).map { Term($0) }
      add(words, limit: Self.soughtCount, isFiltered: true)
      // Outside of the filters it is not nowhere.
      if !asked.filters.isEmpty || asked.condition != nil {
        add(words, limit: Self.wordCount, isFiltered: false)
      }
    }
    for term in query.contentTerms.prefix(Self.longestQuery) {
      for word in [term.word] + term.indexedParts + term.variants {
        add([Term(word)], limit: Self.wordCount, isFiltered: false)
      }
      add(term.indexedParts.map { Term($0) }, limit: Self.partCount, isFiltered: true)
    }
    for node in asked.condition?.leaves ?? [] {
      switch node {
      case .word(let term): terms.formUnion(([term.word] + term.variants + term.indexedParts).map { Term($0) })
      case .phrase(let phrase): terms.formUnion(WrittenPhrase.indexedWords(of: phrase.folded).map { Term($0) })
      default: break
      }
    }
    if case .and(let nodes)? = asked.condition { holding = nodes.flatMap(Self.holding) }
  }

  /// The same for chunks that are like one: by the terms that describe it.
  package init(like described: ParsedQuery, in snapshot: IndexSnapshot, weights: RankingWeights, context: SearchContext)
  {
    add(LexicalPlan(described, weights: weights), in: snapshot, limit: weights.candidateCount, context)
  }

  private static func rarest(
    of query: ParsedQuery, _ snapshot: IndexSnapshot, _ context: SearchContext
  ) -> ParsedQuery {
    LexicalRetriever.choosingRarest(of: query, in: snapshot, context).query
  }

  private mutating func add(
    _ plan: LexicalPlan, in snapshot: IndexSnapshot, limit: Int, _ context: SearchContext
  ) {
    let scorer = CollectionScorer(plan, in: snapshot, context: context)
    add(plan.query, scorer.statistics.documentFrequencies, limit: limit)
  }

  private mutating func add(_ query: LexicalQuery, _ documentFrequencies: [Int], limit: Int) {
    if query.clauses.isEmpty { return }
    ranked.append(
      Ranked(query: query, documentFrequencies: documentFrequencies, limit: Self.oversampling * limit))
    terms.formUnion(query.clauses.map(\.term))
  }

  private mutating func add(_ terms: [Term], limit: Int, isFiltered: Bool) {
    if terms.isEmpty { return }
    conjunctions.append(Conjunction(terms: terms, limit: limit, isFiltered: isFiltered))
    self.terms.formUnion(terms)
  }

  /// Adds chunks that hold names spelt nearly as those of the query that are nowhere.
  ///
  /// - Parameter dictionary: the first terms with a prefix, ascending.
  package mutating func addNearNames(
    of asked: ParsedQuery, in snapshot: IndexSnapshot, context: SearchContext
  ) {
    if asked.isPasted { return }
    let plan = LexicalPlan(words: Array(asked.contentTerms.prefix(Self.longestQuery)))
    let frequencies = CollectionScorer(plan, in: snapshot, context: context).frequencies
    for (term, frequency) in zip(asked.contentTerms, frequencies) where frequency == 0 && term.word.utf8.count > 1 {
      for near in AbsenceSearch.nearTerms(
        to: Array(term.word.utf8), isName: term.isIdentifier, in: snapshot, limit: Self.partCount, context: context)
      {
        add([near], limit: Self.wordCount, isFiltered: false)
      }
    }
  }

  /// Terms of which a chunk holds one of each list, if it satisfies `node`; none where the index cannot tell.
  private static func holding(_ node: QueryNode) -> [[Term]] {
    switch node {
    case .word(let term):
      if term.word.utf8.count < 2 || term.isCut || !term.word.utf8.allSatisfy({ $0 < 0x80 }) { return [] }
      return [[Term(term.word)] + term.indexedParts.prefix(1).map { Term($0) }]
    case .phrase(let phrase): return WrittenPhrase.indexedWords(of: phrase.folded).map { [Term($0)] }
    case .and(let nodes): return nodes.flatMap(holding)
    case .or(let nodes):
      let parts = nodes.map(holding)
      return parts.allSatisfy { !$0.isEmpty } ? [parts.flatMap { $0[0] }] : []
    case .not, .fields, .pattern: return []
    }
  }
}

extension ParsedQuery {
  /// Whether it names files, or lines in them.
  package var namesFiles: Bool { !pathFragments.isEmpty || !places.isEmpty || module != nil }

  /// The positions of the `limit` best of `paths` by what the query says of paths; those alone that it names.
  package func bestPaths(_ limit: Int, among paths: [FilePath]) -> [Int] {
    let fragments = (pathFragments + places.map(\.path) + (module.map { [$0.path] } ?? [])).map { PathFragment($0) }
    var top = TopK<(position: Int, grade: Float)>(limit: limit) {
      $0.grade != $1.grade ? $0.grade > $1.grade : $0.position < $1.position
    }
    for (position, path) in paths.enumerated() {
      guard fragments.contains(where: { $0.mayMatch(path.bytes.span) }) else { continue }
      let text = path.description.lowercased()
      var grade = max(PathMatch.grade(of: text, for: self), module?.grade(of: text) ?? 0)
      for named in places {
        grade = max(
          grade, PathMatch.gradeOfFile(text, for: named.path, isAbsolute: named.isAbsolute, from: directory))
      }
      if grade > 0 { top.insert((position, grade)) }
    }
    return top.sorted().map(\.position)
  }
}
