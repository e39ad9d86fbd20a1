package import Segments

/// The clauses that a question becomes, and which of them belong to the same word.
package struct LexicalPlan: Hashable, Sendable {
  /// The clauses of one word of the question: the word, its parts and its other forms.
  package struct Group: Hashable, Sendable {
    package var word: String
    package var clauses: Range<Int>
    /// The clause of the word as it was typed, which an earlier word with the same form may have brought.
    package var typed: Int
  }

  package private(set) var query = LexicalQuery(clauses: [])
  /// One for each word that carries meaning. Names that words make together belong to no group.
  package private(set) var groups: [Group] = []

  /// Words more than this apart are not one name.
  private static let longestJoin = 3

  package init(_ query: ParsedQuery, weights: RankingWeights) {
    var clauses: [LexicalQuery.Clause] = []
    // Beside the clauses, so that a look at the numbers tells nearly all of them apart.
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
      for name in Self.joinedNames(of: query) {
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

  /// The names that neighbouring words would make in code, words of grammar left out: `parse the date` gives `parsedate` and
  /// `parse_date`.
  package static func joinedNames(of query: ParsedQuery) -> [String] {
    var words: [String] = []
    for term in query.terms where term.isPlainWord { words.append(term.word) }
    var names: [String] = []
    for start in words.indices {
      var (joined, snake) = (words[start], words[start])
      for word in words[(start + 1)...].prefix(longestJoin - 1) {
        joined += word
        snake += "_"
        snake += word
        names.append(joined)
        names.append(snake)
      }
    }
    return names
  }

  /// The names of what the question wants done, when it begins with an action and its object: `parse a date` gives
  /// `parsedate` and `parse_date`. A first word behind an article is a thing and no action.
  package static func actionNames(of query: ParsedQuery) -> [String] {
    guard query.shape == .words || query.shape == .mixed,
      let first = query.terms.firstIndex(where: \.isPlainWord),
      first == 0 || !articles.contains(query.terms[first - 1].word),
      let object = query.terms[(first + 1)...].first(where: \.isPlainWord)
    else { return [] }
    let action = query.terms[first].word
    guard verbs.contains(action) else { return [] }
    return [action + object.word, action + "_" + object.word]
  }

  /// What programs do, as names of functions say it. Any other first word is a thing: `usb hub port reset` asks for no `usb_hub`.
  private static let verbs: Set<String> = Set(
    """
    abort accept acquire add allocate append apply assign attach await begin bind block build calculate call cancel check clean clear
    clone close collect compare compile complete compress compute connect convert copy count create decode decompress decrypt delete
    deserialize destroy detach detect disable discard dispatch display download draw emit enable encode encrypt ensure enqueue escape
    evaluate execute exit expand export extract fetch fill filter find finish flatten flush fold format forward free generate get group
    guess handle hash hide import include increment index infer inherit init initialize insert inspect install intern invoke iterate join
    kill launch listen load locate lock log look lookup make map mark match measure merge mix mount move normalize notify open order pack
    pad parse patch pause peek poll pop prepare prevent print process publish pull push put query quote raise read rebuild receive
    redirect reduce refresh register reject release reload remove rename render repeat replace report request reset resize resolve
    restart restore resume retry return reverse rewrite rotate round run sanitize save scan schedule search seek select send serialize
    set show shuffle shut skip sleep solve sort spawn split start stop store stream strip submit subscribe swap switch sync take test
    throw toggle trace track transform translate traverse trim truncate unescape unlock unpack unregister update upload validate verify
    visit wait wake walk watch wrap write yield zip
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  private static let articles: Set = ["a", "an", "the", "this", "that", "its", "their", "each", "every", "which"]

  /// Statistics in which the other forms of a word are as frequent as the most frequent of them: a rare form that nobody typed says no
  /// more than the word. The word as it was typed has a frequency of its own.
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
