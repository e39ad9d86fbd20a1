/// What moves a score. The order is that in which the steps run and explanations list them.
package enum Signal: String, CaseIterable, Hashable, Sendable {
  /// BM25 over the query's words and names.
  case words
  /// The similarity of the chunk's vector and the query's.
  case meaning
  /// How many of the query's words the chunk and its file hold.
  case coverage
  /// The chunk defines what the query names.
  case definition
  /// The names of the chunk's symbols share words with the query.
  case symbolWords = "symbol words"
  /// The similarity of the query and the names of the chunk's symbols and its path.
  case nameMeaning = "name meaning"
  /// The names of the file and its directories share words with the query.
  case pathWords = "path words"
  /// The query is, or holds, a part of the path.
  case path
  /// The chunk holds what stood in quotation marks.
  case phrase
  /// The chunk holds the query, or a run of its words, as it was written.
  case written = "as written"
  /// Other chunks of the same file are candidates too.
  case coherence
  /// A test, an example, generated code, documentation ... that was not asked for.
  case fileKind = "file kind"
  /// It is not among the best few hundred, which go through all steps of the ranking, and stands below them.
  case depth
  /// Better results from the same file stand above.
  case repetition
  /// What a model says that read the query and the chunk together.
  case reranking
}
