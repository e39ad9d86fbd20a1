package import Primitives

extension SeededRandom {
  /// A number of 0..<bound.
  package mutating func next(upTo bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
