/// A vector of unit length in 8 bits a component, with the scale that gives the components back.
package struct QuantisedVector: Hashable, Sendable {
  package var components: [Int8]
  package var scale: Float

  /// Rounds `vector` to multiples of its largest magnitude / 127.
  package init(_ vector: ArraySlice<Float>) {
    let largest = vector.reduce(Float(0)) { max($0, abs($1)) }
    scale = largest / 127
    let factor = largest > 0 ? 127 / largest : 0
    components = vector.map { Int8(($0 * factor).rounded()) }
  }
}
