import Kernels

/// A query's vector in 4 bits a component, bit-sliced, for the estimate against the sign bits: the dot product of the
/// query and the signs of a row, less what is the same for all rows. A set bit is a negative component, so the numbers
/// are those of the query with the other sign.
struct SignBitQuery {
  /// Plane b holds bit b of every component: `VectorKernels.signQueryPlaneCount` rows as long as the sign bits of a
  /// row.
  let planes: [UInt8]
  /// What no row's estimate is below, and what none exceeds.
  let least: Int32
  let largest: Int32

  init(_ query: [Float], stride: Int) {
    let limit = Float(1 << (VectorKernels.signQueryPlaneCount - 1) - 1)
    let rounded = QuantisedQuery.rounded(
      query, largest: QuantisedQuery.largest(of: query), limit: limit, stride: stride)
    var planes: [UInt8] = []
    for bit in 0..<VectorKernels.signQueryPlaneCount {
      for start in Swift.stride(from: 0, to: stride, by: 8) {
        var byte: UInt8 = 0
        for i in 0..<8 { byte |= UInt8(-rounded[start + i] >> Int16(bit) & 1) << UInt8(i) }
        planes.append(byte)
      }
    }
    self.planes = planes
    least = rounded.reduce(0) { $0 - max(0, Int32($1)) }
    largest = rounded.reduce(0) { $0 - min(0, Int32($1)) }
  }
}
