import Embedding
import Tokenizing

/// Token numbers of several texts, padded on the right to the longest.
package struct TokenBatch: Sendable {
  package let rowCount: Int
  package let columnCount: Int
  /// Row by row.
  package private(set) var ids: [Int64]
  package private(set) var typeIDs: [Int64]
  /// 1 for a token, 0 for padding.
  package private(set) var mask: [Int64]
  /// Tokens of each row.
  package let lengths: [Int]

  init(_ encodings: [Encoding], padding: Int64) {
    rowCount = encodings.count
    let columnCount = max(1, encodings.map(\.ids.count).max() ?? 1)
    self.columnCount = columnCount
    ids = [Int64](repeating: padding, count: rowCount * columnCount)
    typeIDs = [Int64](repeating: 0, count: rowCount * columnCount)
    mask = typeIDs
    lengths = encodings.map(\.ids.count)
    for (row, encoding) in encodings.enumerated() {
      for (column, id) in encoding.ids.enumerated() {
        let slot = row * columnCount + column
        ids[slot] = Int64(id)
        typeIDs[slot] = Int64(encoding.typeIDs[column])
        mask[slot] = 1
      }
    }
  }

  /// 0, 1, 2, ... in every row.
  var positions: [Int64] { (0..<rowCount).flatMap { _ in (0..<Int64(columnCount)) } }
}
