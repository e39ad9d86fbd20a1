/// A query's vector in 16 bits a component, so that its rounding (one part in 60,000) is far below that of the rows,
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
  static func rounded(_ query: [Float], largest: Float, limit: Float, stride: Int) -> [Int16] {
    let factor = largest > 0 && (limit / largest).isFinite ? limit / largest : 0
    var rounded = query.prefix(stride).map {
      $0.isFinite ? Int16(max(-limit, min(limit, ($0 * factor).rounded()))) : 0
    }
    rounded.append(contentsOf: repeatElement(0, count: stride - rounded.count))
    return rounded
  }
  static func largest(of query: [Float]) -> Float {
    query.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
  }
}
