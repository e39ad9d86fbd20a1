import CKernels

/// A question's vector in 16 bits a component, so that its rounding (one part in 60,000) is far below that of the rows,
/// and dot products with rows are whole numbers: the same whatever instructions add them up.
struct QuantisedQuery {
  /// As many as a row is long, zeros at the end.
  let components: [Int16]
  let scale: Float

  init(_ query: [Float], stride: Int) {
    let largest = Self.largest(of: query)
    // A dot product of `stride` terms of at most limit * 127 stays below 2^31.
    let limit = Float(min(32767, (Int(Int32.max) / 127) / max(stride, 1)))
    components = Self.rounded(query, largest: largest, limit: limit, stride: stride)
    scale = largest > 0 ? largest / limit : 0
  }

  /// Multiples of largest / limit, as many as a row is long. Numbers that are not finite count as 0.
  fileprivate static func rounded(_ query: [Float], largest: Float, limit: Float, stride: Int) -> [Int16] {
    let factor = largest > 0 && (limit / largest).isFinite ? limit / largest : 0
    var rounded = query.prefix(stride).map {
      $0.isFinite ? Int16(max(-limit, min(limit, ($0 * factor).rounded()))) : 0
    }
    rounded.append(contentsOf: repeatElement(0, count: stride - rounded.count))
    return rounded
  }
  fileprivate static func largest(of query: [Float]) -> Float {
    query.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
  }
}

/// A question's vector in 6 bits a component, bit by bit, for the estimate against sketches: the dot product of the
/// question and the signs of a row, less what is the same for all rows.
struct SketchQuery {
  /// Plane b holds bit b of every component: `CK_PLANES` rows as long as a sketch.
  let planes: [UInt8]

  init(_ query: [Float], stride: Int) {
    let limit = Float(1 << (CK_PLANES - 1) - 1)
    let rounded = QuantisedQuery.rounded(
      query, largest: QuantisedQuery.largest(of: query), limit: limit, stride: stride)
    var planes: [UInt8] = []
    for bit in 0..<Int(CK_PLANES) {
      for start in Swift.stride(from: 0, to: stride, by: 8) {
        var byte: UInt8 = 0
        for i in 0..<8 { byte |= UInt8(rounded[start + i] >> Int16(bit) & 1) << UInt8(i) }
        planes.append(byte)
      }
    }
    self.planes = planes
  }
}
