/// What a merge wrote, and where everything went.
package struct MergeResult: Sendable {
  /// The size of the merged segment.
  package let byteCount: Int
  /// By source and file; `MergePlan.gone` for a retired one.
  private let fileNumbers: [[UInt32]]

  init(byteCount: Int, fileNumbers: [[UInt32]]) {
    self.byteCount = byteCount
    self.fileNumbers = fileNumbers
  }

  /// The new number of a file of a source; nothing for a retired one.
  package func newNumber(ofFile file: Int, in source: Int) -> Int? {
    let number = fileNumbers[source][file]
    return number == MergePlan.gone ? nil : Int(number)
  }
}
