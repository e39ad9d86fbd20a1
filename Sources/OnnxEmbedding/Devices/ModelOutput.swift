/// A tensor that a model gave, in single precision.
package struct ModelOutput: Sendable {
  /// Two sizes (rows, values) or three (rows, tokens, values).
  package var shape: [Int]
  package var values: [Float]

  package init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }
}
