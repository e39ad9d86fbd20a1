import CKernels

/// The dot product of two vectors of one length, in 16 chains that are added up at the end: the same on every machine.
package func dotProduct(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(a.count == b.count)
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in unsafe ck_dot_f32(a.baseAddress, b.baseAddress, a.count) }
  }
}

/// Vectors in 4 bits a component, bit-sliced: plane b of a row holds bit b of each component in two's complement,
/// component i in bit i % 8 of byte i / 8. A plane is a multiple of 4 bytes. Planes 0 to 2 of a row are contiguous
/// (`low`); plane 3, the sign bits, lies apart (`signs`).
package enum VectorKernels {
  /// Planes of a query that is compared with sign bits.
  package static var signQueryPlaneCount: Int { Int(CK_PLANES) }

  /// Rounds `vector` to 16 levels, -8 to 7: planes 0 to 2, then the sign bits, each of `planeByteCount` bytes, zeros at
  /// the end. Numbers that are not finite count as 0.
  package static func quantised(_ vector: Span<Float>, planeByteCount: Int) -> [UInt8] {
    precondition(planeByteCount % 4 == 0 && 8 * planeByteCount >= vector.count)
    return unsafe Array(unsafeUninitializedCapacity: 4 * planeByteCount) { buffer, initialised in
      initialised = 4 * planeByteCount
      unsafe vector.withUnsafeBufferPointer { numbers in
        guard let low = buffer.baseAddress, let numbers = numbers.baseAddress else { return }
        unsafe ck_quantise_planes(numbers, vector.count, planeByteCount, low, low + 3 * planeByteCount)
      }
    }
  }

  /// The components of a row, 8 for each byte of a plane, and the sum of their squares.
  package static func unpacked(low: Span<UInt8>, signs: Span<UInt8>) -> (components: [Int8], square: Int32) {
    precondition(low.count == 3 * signs.count && signs.count % 4 == 0)
    var components = [Int8](repeating: 0, count: 8 * signs.count)
    var square: Int32 = 0
    unsafe low.withUnsafeBufferPointer { low in
      unsafe signs.withUnsafeBufferPointer { signs in
        // No dimensions: nothing to read.
        guard let low = low.baseAddress, let start = signs.baseAddress else { return }
        unsafe ck_unpack_planes(low, start, signs.count, 1, &components, &square)
      }
    }
    return (components, square)
  }

  /// The score of each of `rows`: its dot product with `query` times `factor`, over the row's length; 0 for a row of
  /// zeros.
  ///
  /// - Parameters:
  ///   - query: as many numbers as a row is long; their sum of products with a row of 127s stays below 2^31.
  ///   - low: planes 0 to 2 of all rows.
  ///   - signs: the sign bits of all rows.
  package static func scores(
    _ query: [Int16], of rows: [UInt32], low: Span<UInt8>, signs: Span<UInt8>, planeByteCount: Int, factor: Float
  ) -> [Float] {
    precondition(query.count == 8 * planeByteCount && planeByteCount % 4 == 0)
    let end = rows.reduce(0) { max($0, Int($1) + 1) }
    precondition(low.count >= 3 * planeByteCount * end && signs.count >= planeByteCount * end)
    var dots = [Int32](repeating: 0, count: rows.count)
    var squares = dots
    var scores = [Float](repeating: 0, count: rows.count)
    var found = [UInt32](repeating: 0, count: rows.count)
    unsafe low.withUnsafeBufferPointer { low in
      unsafe signs.withUnsafeBufferPointer { signs in
        guard let low = low.baseAddress, let signs = signs.baseAddress else { return }
        unsafe ck_scan_planes(query, low, signs, planeByteCount, rows, rows.count, &dots, &squares)
      }
    }
    _ = unsafe ck_scores_at_least(dots, squares, factor, rows.count, .infinity, &scores, &found)
    return scores
  }

  /// Writes the rows that score at least `least` to the beginning of `found`, ascending, and their scores (as `scores`
  /// has them) to that of `scores`, which both have an element for each row at least; returns how many there are.
  package static func find(
    _ query: [Int16], atLeast least: Float, low: Span<UInt8>, signs: Span<UInt8>, planeByteCount: Int, factor: Float,
    _ scores: inout [Float], _ found: inout [UInt32]
  ) -> Int {
    precondition(query.count == 8 * planeByteCount && planeByteCount % 4 == 0)
    if planeByteCount == 0 { return 0 }
    let rowCount = signs.count / planeByteCount
    precondition(low.count == 3 * planeByteCount * rowCount && rowCount <= scores.count && rowCount <= found.count)
    return unsafe low.withUnsafeBufferPointer { low in
      unsafe signs.withUnsafeBufferPointer { signs in
        guard let low = low.baseAddress, let signs = signs.baseAddress else { return 0 }
        return unsafe ck_find_planes(
          query, low, signs, planeByteCount, rowCount, factor, least, &scores, &found)
      }
    }
  }

  /// Writes the rows whose sum of the query's numbers at their sign bits is above `least` to the beginning of `found`,
  /// ascending, and these sums to that of `sums`, which both have an element for each row at least; returns how many
  /// there are.
  ///
  /// - Parameters:
  ///   - planes: `signQueryPlaneCount` rows: plane b holds bit b of each number of the query in two's complement.
  package static func find(
    signQuery planes: [UInt8], above least: Int32, signs: Span<UInt8>, planeByteCount: Int, _ sums: inout [Int32],
    _ found: inout [UInt32]
  ) -> Int {
    precondition(planes.count == signQueryPlaneCount * planeByteCount && planeByteCount % 4 == 0)
    if planeByteCount == 0 { return 0 }
    let rowCount = signs.count / planeByteCount
    precondition(rowCount <= sums.count && rowCount <= found.count)
    return unsafe signs.withUnsafeBufferPointer { signs in
      guard let start = signs.baseAddress else { return 0 }
      return unsafe ck_scan_bits_above(planes, start, planeByteCount, rowCount, least, &sums, &found)
    }
  }
}
