/// The working memory of models.
struct ModelScratch {
  /// BPE: the tokens of a word, and for each the rank of its merge with the next.
  var symbols: [Int32] = []
  var ranks: [UInt32] = []
  /// BPE, long words: neighbours, and merges by rank and place.
  var previous: [Int32] = []
  var next: [Int32] = []
  var queue = MinimumHeap()
  var bytes: [UInt8] = []
  /// Unigram: for each place the best path that ends there.
  var paths: [UnigramModel.Path] = []
  var tokens: [Int32] = []
}
