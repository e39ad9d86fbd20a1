/// Words of English queries that say how something is asked and not what.
package enum StopWords {
  package static func contains(_ word: String) -> Bool { words.contains(word) }

  private static let words: Set<String> = [
    "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "before", "being",
    "between",
    "but", "by", "can", "code", "could", "did", "do", "does", "done", "each", "find", "for", "from", "get", "gets",
    "give",
    "given", "had", "happen", "happens", "has", "have", "how", "i", "if", "in", "inside", "into", "is", "it", "its",
    "just",
    "kind", "let", "like", "look", "make", "made", "many", "may", "me", "might", "much", "must", "my", "need", "needs",
    "no",
    "not", "of", "off", "on", "once", "one", "only", "or", "other", "our", "out", "over", "part", "place",
    "responsible",
    "several", "shall", "should", "show", "so", "some", "something", "somewhere", "such", "than", "that", "the",
    "their",
    "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "up", "us", "use",
    "used",
    "uses", "using", "via", "was", "way", "we", "were", "what", "when", "where", "whether", "which", "while", "who",
    "whose",
    "why", "will", "with", "within", "without", "work", "works", "would", "you", "your", "implement", "implemented",
    "implementation", "implements", "handled", "handle", "handles", "handling", "logic", "defined", "define", "defines",
  ]
}
