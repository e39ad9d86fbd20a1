/// How much an occurrence counts towards a term's frequency in its chunk, by where it stands: the field weights of
/// BM25F, in one place. A sum is cut at 255.
enum AnalyzerWeights {
  /// A word of the chunk's text, whole or a part.
  static let body = 1
  /// The whole name of a symbol that the chunk defines, on top of its occurrences in the text.
  static let definedName = 4
  /// A part of the name of a symbol that the chunk defines.
  static let definedNamePart = 3
  /// A word of the names around a defined symbol, or of the symbol that the chunk continues.
  static let context = 1
  /// A word of a directory's name.
  static let directory = 2
  /// A word of the file's name.
  static let fileName = 3
}
