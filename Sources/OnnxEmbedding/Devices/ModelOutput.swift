/// A tensor that a model gave, in single precision.
struct ModelOutput: Sendable {
  /// Two sizes (rows, values) or three (rows, tokens, values).
  var shape: [Int]
  var values: [Float]
}
