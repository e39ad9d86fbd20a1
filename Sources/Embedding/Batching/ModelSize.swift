/// What the memory of a batch follows from.
package struct ModelSize: Hashable, Sendable {
  /// Of the weights file.
  package var byteCount: Int
  package var hiddenSize: Int
  package var intermediateSize: Int
  package var headCount: Int
  /// Tokens of the longest text that the model reads.
  package var longestText: Int

  package init(byteCount: Int, hiddenSize: Int, intermediateSize: Int, headCount: Int, longestText: Int) {
    self.byteCount = byteCount
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.headCount = headCount
    self.longestText = longestText
  }

  /// Bytes that one padded token takes while a layer is computed, at most: the layer's input, queries, keys, values and
  /// sums, the wide layer with its activation, and a row of attention for each head, twice; all in single precision.
  package var bytesPerToken: Int { 4 * (8 * hiddenSize + 3 * intermediateSize + 2 * headCount * longestText) }
}

extension BatchBudget.Limits {
  /// Where to begin and where to stop on a processor with `memoryByteCount` bytes to spare, of which at most a quarter
  /// is used, or on an accelerator, whose memory shows by running out.
  ///
  /// The start on a processor is what fills its caches and not more: larger batches were slower there (Docs/MODELS.md,
  /// "Batches").
  package init(_ size: ModelSize, isAccelerator: Bool, memoryByteCount: Int, runsAtOnce: Int) {
    if isAccelerator {
      self.init(start: 8192, largest: 1 << 18)
    } else {
      let fitting = memoryByteCount / 4 / max(1, size.bytesPerToken) / max(1, runsAtOnce)
      self.init(start: 1024, largest: max(1, min(1 << 14, fitting)))
    }
  }
}
