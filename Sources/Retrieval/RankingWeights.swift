import QueryLanguage

/// Every number of the ranking, in one value. How each was set, and what taking a step away costs, is in
/// `Docs/RANKING.md`: the defaults were chosen on the development split of the queries in `Tests/RankingTests`.
///
/// The unit of all parts is the fused score of the best candidate, which is at most 1.
package struct RankingWeights: Hashable, Sendable {
  /// Steps that are left out; the ablation takes one away at a time.
  package var disabled: Set<Signal> = []

  // MARK: Candidates

  /// Candidates that each retriever gives.
  package var candidateCount = 200
  /// Candidates, the best by the fused score, whose names and files are ranked further. Results end there.
  package var rankedCount = 100
  /// Of the files that may hold a quoted text so many bytes are read to find those that do; of those that may hold a
  /// text that is quoted in what was copied, an eighth.
  package var phraseByteLimit = 256 << 20
  /// Candidates whose text is read to see whether it holds the query as written: for a query of one word, and for
  /// others.
  var readCountOfOneWord = 16
  var readCount = 12
  /// The same for a query that is written without a space, whose words may be common ones: `--list-tests`.
  var readCountOfUnit = 48
  /// Symbols of a chunk whose names are compared with the query by their vectors.
  var namedSymbolCount = 12
  /// Words of a chunk by which similar chunks are searched for.
  var relatedTermCount = 16
  /// Files that a path in the query brings in.
  var pathCandidateCount = 60

  // MARK: The lexical query

  /// A whole name of the query, as it is written.
  var wholeNameWeight: Float = 2
  /// The parts of a name.
  var namePartWeight: Float = 0.5
  /// Another form of a word.
  var variantWeight: Float = 0.5
  /// What code may call a word.
  var synonymWeight: Float = 0.3
  /// Words that stand together, written as one name: `parse date` for `parse_date` and `parseDate`.
  var joinedWeight: Float = 0.3
  /// A place that defines a name of the query.
  var definitionWeight: Float = 2
  /// A place that defines a name that words of the query make together, or a plain word of it.
  var joinedDefinitionWeight: Float = 0.2
  /// The same of a query of two words.
  var pairDefinitionWeight: Float = 1

  // MARK: Fusion

  /// The dense weight (alpha): the part of vector similarity in the fused score, by the shape of the query.
  package var meaningShareOfWords: Float = 0.5
  var meaningShareOfMixed: Float = 0.4
  package var meaningShareOfSymbol: Float = 0.2
  var meaningShareOfPath: Float = 0.3

  // MARK: Steps

  /// The part for a chunk that holds every word of the query; less for fewer, by the words' rarity.
  package var coverage: Float = 0.2
  /// The same for the candidates of one file taken together.
  package var fileCoverage: Float = 0.1
  /// A chunk that defines the one symbol that was asked for.
  package var symbolDefinition: Float = 1
  /// A chunk that defines a name among the words of a query.
  package var mixedDefinition: Float = 0.5
  /// A chunk that defines a name made of the query's words.
  package var joinedDefinition: Float = 0.05
  /// A chunk that defines the name of the action that the query begins with and its object; less where more follows
  /// in the name.
  package var actionDefinition: Float = 1.5
  /// A chunk that defines one word of a query of two in the file, or the type, that the other names: `json loads`.
  package var memberDefinition: Float = 2
  /// A chunk that defines a name that is one plain word of the query.
  var wordDefinition: Float = 0.0
  /// The names of the chunk's symbols share all words with the query; less for fewer.
  package var symbolWords: Float = 0.1
  /// The names of the chunk and its file mean what the query means.
  package var nameMeaning: Float = 0.5
  /// The file's name shares words with the query.
  package var fileName: Float = 0.6
  /// The directories' names share words with the query.
  package var directoryName: Float = 0.1
  /// The query is the path, or its last components.
  package var pathMatch: Float = 2
  /// The same where nothing else was asked for: then the grades of the paths are the order.
  package var onlyPath: Float = 20
  /// The chunk begins the file whose path was asked for: more than words of the path can bring another of its chunks.
  package var pathBeginning: Float = 4
  /// The chunk begins the file of the module that was asked for: more than importing it, less than the definition of
  /// all of the name.
  package var moduleFile: Float = 4
  /// The same of a path in a copied text, which may be a value that a program filled in.
  var copiedPath: Float = 0.5
  /// The chunk holds a quoted phrase.
  package var phrase: Float = 3
  /// The same where what is quoted is a part of a copied text, and may be a value that a program filled in.
  var copiedPhrase: Float = 1
  /// The chunk holds the query as written, as surely as its words tell one chunk from all others.
  package var written: Float = 2
  /// Taken from a chunk that holds no form of the one word of a query, where others hold it: more than meaning and
  /// names of files can bring.
  package var nearOfOneWord: Float = 3
  /// The chunk defines the name that was asked for: added to `definition`, whatever kind of file it is in.
  package var writtenDefinition: Float = 1
  /// The chunk holds the line that the query names with its file.
  package var place: Float = 4
  /// The same where words stand beside the place, which may stand as written elsewhere.
  var placeBeside: Float = 10
  /// The same where nothing else was asked for.
  package var onlyPlace: Float = 20
  /// What the other good chunks of its file add to the best chunk.
  package var coherence: Float = 0.15
  /// What the n-th other chunk adds, relative to the one before it.
  var coherenceDecay: Float = 0.6
  /// The reranker's share in the order of the few that it reads. It has read both texts; but the ranking knows names,
  /// paths and the parts that files play.
  var rerankerShare: Float = 0.6

  // MARK: How surely a symbol is the definition that was asked for

  /// Relative to one that is spelt as in the query.
  var otherSpelling: Float = 0.8
  /// Added, in units of the definition, where a name around it is the one before it in the query.
  var qualifiedDefinition: Float = 0.3
  /// The same where its file is named for it, and where that name goes on with more than an extension.
  var definitionNamingFile: Float = 0.3
  var definitionNamingPartOfFile: Float = 0.2
  /// The factor of one that stands on another chunk's lines, and is only told of here.
  var distantDefinition: Float = 0.6
  /// The factor of one where nothing is called as the name before its own in the query.
  var otherDefinition: Float = 0.5
  /// The factor of a constructor, which is named as the type around it.
  var constructor: Float = 0.7
  /// Relative to `actionDefinition`, where more follows in the name.
  var longerAction: Float = 0.6

  // MARK: Factors below 1

  package var test: Float = 0.5
  package var example: Float = 0.5
  package var benchmark: Float = 0.5
  package var legacy: Float = 0.6
  package var generated: Float = 0.6
  package var declarations: Float = 0.7
  package var vendored: Float = 0.5
  package var index: Float = 0.7
  package var documentation: Float = 0.5
  /// The same for a pasted text: change logs have the words of every issue, whose code is what the query asks for.
  var documentationOfPasted: Float = 0.25
  package var data: Float = 0.5
  package var markup: Float = 0.7

  /// For each better result of the same file that stands above.
  package var repetition: Float = 0.3
  /// The same for one that is as good as the best of the file; between the two from `closeShare` of the best score on.
  package var closeRepetition: Float = 0.7
  package var closeShare: Float = 0.8

  package init() {}

  /// The dense weight in the fused score of a query of `shape`.
  func meaningShare(of shape: QueryShape) -> Float {
    switch shape {
    case .words: meaningShareOfWords
    case .mixed: meaningShareOfMixed
    case .symbol: meaningShareOfSymbol
    case .path: meaningShareOfPath
    }
  }
}
