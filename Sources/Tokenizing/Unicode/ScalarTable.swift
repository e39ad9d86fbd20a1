/// A value for each Unicode code point, in pages of 256 of which equal ones are kept once.
struct ScalarTable<Value: Hashable & Sendable>: Sendable {
  /// For each 256 code points, where their values begin.
  private var pages: [UInt32] = []
  private var values: [Value] = []

  /// - Parameter all: one value for each of the 0x110000 code points.
  init(_ all: [Value]) {
    precondition(all.count == 0x110000)
    var seen: [ArraySlice<Value>: UInt32] = [:]
    for start in stride(from: 0, to: all.count, by: 256) {
      let page = all[start..<start + 256]
      if let known = seen[page] {
        pages.append(known)
      } else {
        seen[page] = UInt32(values.count)
        pages.append(UInt32(values.count))
        values += page
      }
    }
  }

  @inline(__always)
  subscript(scalar: UInt32) -> Value {
    values[Int(pages[Int(truncatingIfNeeded: scalar &>> 8)]) &+ Int(truncatingIfNeeded: scalar & 0xFF)]
  }
}
