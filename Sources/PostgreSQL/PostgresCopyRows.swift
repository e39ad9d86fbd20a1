/// Rows for `COPY ... FROM STDIN (FORMAT binary)`, gathered in memory and sent in pieces.
package struct PostgresCopyRows {
  /// The signature, flags and the length of the header's extension: how binary COPY begins.
  static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)
  private(set) var bytes: [UInt8] = []

  init() {}

  /// Adds a row of as many columns as the statement names.
  package mutating func add(_ values: PostgresValue...) { add(values) }

  package mutating func add(_ values: [PostgresValue]) {
    bytes.appendBigEndian(Int16(values.count))
    for value in values {
      if case .null = value {
        bytes.appendBigEndian(Int32(-1))
      } else {
        bytes.appendSized { value.encode(into: &$0) }
      }
    }
  }

  mutating func addEnd() { bytes.appendBigEndian(Int16(-1)) }
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}
