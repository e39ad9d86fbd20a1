package import QueryLanguage
package import Segments

/// The clauses that a query becomes, and which of them belong to the same word.
package struct LexicalPlan: Hashable, Sendable {
  /// The clauses of one word of the query: the word, its parts and its other forms.
  package struct Group: Hashable, Sendable {
    package var word: String
    package var clauses: Range<Int>
    /// The clause of the word as it was typed, which an earlier word with the same form may have brought.
    package var typed: Int
  }

  package private(set) var query = LexicalQuery(clauses: [])
  /// One for each word that carries meaning. Names that words make together belong to no group.
  package private(set) var groups: [Group] = []

  package init(_ query: ParsedQuery, weights: RankingWeights) {
    var clauses: [LexicalQuery.Clause] = []
    // Beside the clauses, so that comparing the numbers tells nearly all of them apart.
    var hashes: [UInt32] = []
    clauses.reserveCapacity(16 * query.terms.count)
    hashes.reserveCapacity(16 * query.terms.count)
    @discardableResult
    func add(_ text: String, _ field: Term.Field, _ weight: Float) -> Int? {
      guard weight > 0, !text.isEmpty else { return nil }
      let term = Term(text, field: field)
      let hash = Self.hash(term)
      for i in hashes.indices where hashes[i] == hash && clauses[i].term == term { return i }
      hashes.append(hash)
      clauses.append(LexicalQuery.Clause(term: term, weight: weight))
      return clauses.count - 1
    }
    let content = query.contentTerms
    for term in content {
      let start = clauses.count
      let typed: Int?
      if term.isIdentifier || !term.parts.isEmpty {
        typed = add(term.word, .word, term.isMessageHead ? 1 : weights.wholeNameWeight)
        if term.isIdentifier, query.signed == nil { add(term.word, .definition, weights.definitionWeight) }
        for part in term.parts { add(part, .word, weights.namePartWeight) }
      } else {
        typed = add(term.word, .word, 1)
        if query.terms.count == 1, query.signed == nil { add(term.word, .definition, weights.definitionWeight) }
        for variant in term.variants { add(variant, .word, weights.variantWeight) }
        for synonym in term.synonyms { add(synonym, .word, weights.synonymWeight) }
      }
      if clauses.count > start {
        groups.append(Group(word: term.word, clauses: start..<clauses.count, typed: typed ?? start))
      }
    }
    if let signed = query.signed {
      add(signed.symbol, .definition, weights.definitionWeight)
    } else if query.shape != .path, !query.isPasted {
      let weight = query.isOfTwoWords ? weights.pairDefinitionWeight : weights.joinedDefinitionWeight
      for term in content where !term.isIdentifier && !term.isMessageHead {
        add(term.word, .definition, weight)
        if let variant = term.variants.first { add(variant, .definition, weights.joinedDefinitionWeight) }
      }
      for name in query.joinedNames {
        add(name, .word, weights.joinedWeight)
        add(name, .definition, weights.joinedDefinitionWeight)
      }
    }
    self.query = LexicalQuery(clauses: clauses)
  }

  /// Differs for nearly all terms that differ.
  private static func hash(_ term: Term) -> UInt32 {
    var hash = UInt32(term.field.rawValue)
    for byte in term.bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }

  /// One clause for each of `words`, in their order.
  package init(words: [QueryTerm]) {
    query = LexicalQuery(clauses: words.map { LexicalQuery.Clause(term: Term($0.word)) })
  }

  /// Statistics in which document frequency is pooled (maximum) over the other forms of a word: a rare form that nobody
  /// typed says no more than the word. The word as it was typed has a frequency of its own.
  package func levelled(_ statistics: CollectionStatistics) -> CollectionStatistics {
    var levelled = statistics
    for group in groups {
      // The first clauses of a name are the name itself, which is as rare as it is.
      let words = group.clauses.filter { query.clauses[$0].term.field == .word && query.clauses[$0].weight <= 1 }
      guard let most = words.map({ statistics.documentFrequencies[$0] }).max() else { continue }
      for clause in words where clause != group.clauses.lowerBound && levelled.documentFrequencies[clause] > 0 {
        levelled.documentFrequencies[clause] = most
      }
    }
    return levelled
  }
}
