/// A vector of unit length in 8 bits a component, with the scale that gives the components back.
package struct QuantisedVector: Hashable, Sendable {
  package var components: [Int8]
  package var scale: Float

  /// Rounds `vector` to multiples of its largest magnitude / 127. A component is off by at most half of that. Numbers that
  /// are not finite count as 0.
  package init(_ vector: ArraySlice<Float>) {
    let largest = vector.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    scale = largest / 127
    let factor = largest > 0 ? 127 / largest : 0
    // The factor of a denormal magnitude overflows: such a vector is as good as zero.
    components = vector.map {
      $0.isFinite && factor.isFinite ? Int8(max(-127, min(127, ($0 * factor).rounded()))) : 0
    }
    if !factor.isFinite { scale = 0 }
  }
}

/// A question's vector in 16 bits a component, so that its rounding (one part in 60,000) is far below that of the rows,
/// and dot products with rows are whole numbers: the same whatever instructions add them up.
struct QuantisedQuery {
  /// As many as a row is long, zeros at the end.
  let components: [Int16]
  let scale: Float

  init(_ query: [Float], stride: Int) {
    let largest = query.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    // A dot product of `stride` terms of at most limit * 127 stays below 2^31.
    let limit = Float(min(32767, (Int(Int32.max) / 127) / max(stride, 1)))
    let factor = largest > 0 && (limit / largest).isFinite ? limit / largest : 0
    var components = query.prefix(stride).map { $0.isFinite ? Int16(max(-limit, min(limit, ($0 * factor).rounded()))) : 0 }
    components.append(contentsOf: repeatElement(0, count: stride - components.count))
    self.components = components
    scale = factor > 0 ? 1 / factor : 0
  }
}
