import CKernels

/// The arithmetic of a static embedding: weighted sums of rows of a table of int8 numbers, by the widest instructions
/// of this processor. Every processor gives the same bits. Vectors have a multiple of 64 components, at most `stride`.
package struct RowSum: Sendable {
  private let variant = ck_embed_widest()

  package init() {}

  /// Adds rows, each times its weight, to `sum`, one after the other. The numbers are rows of the table: that is not
  /// checked.
  package func add(
    _ numbers: [UInt32], _ weights: [Float], of rows: Span<Int8>, stride: Int, to sum: inout [Float]
  ) {
    precondition(numbers.count == weights.count && sum.count <= stride)
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe ck_embed_accumulate(
        variant, &sum, sum.count, rows.baseAddress, stride, numbers, weights, numbers.count)
    }
  }

  /// The dot product of `vector` and what `add` would make of `start`, scaled to unit length; 0 if that is zeros.
  package func similarity(
    _ numbers: [UInt32], _ weights: [Float], of rows: Span<Int8>, stride: Int, from start: [Float], to vector: [Float]
  ) -> Float {
    precondition(numbers.count == weights.count && start.count <= stride && vector.count == start.count)
    return unsafe rows.withUnsafeBufferPointer { rows in
      unsafe ck_embed_similarity(
        variant, start, start.count, rows.baseAddress, stride, numbers, weights, numbers.count, vector)
    }
  }

  /// Writes `sum` scaled to unit length to `vectors` from `start` on; zeros for zeros.
  package func normalise(_ sum: [Float], to vectors: inout [Float], at start: Int) {
    precondition(start >= 0 && start + sum.count <= vectors.count)
    unsafe vectors.withUnsafeMutableBufferPointer { vectors in
      unsafe ck_embed_normalise(vectors.baseAddress! + start, sum, sum.count)
    }
  }
}
