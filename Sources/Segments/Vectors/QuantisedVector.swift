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
