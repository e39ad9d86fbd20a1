/// A parameter of a statement, sent in PostgreSQL's binary form with its type.
package enum PostgresValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case int2(Int16)
  case int4(Int32)
  case int8(Int64)
  case text(String)
  case bytes([UInt8])
  case double(Double)
  case int4s([Int32])
  case int8s([Int64])
  case texts([String])
  case byteStrings([[UInt8]])
  /// A value of a type that an extension brings, in its binary form; the statement says the type: `$1::halfvec`.
  case raw([UInt8])

  /// The number that PostgreSQL has for the type (`pg_type.oid`).
  var type: UInt32 {
    switch self {
    case .null, .raw: 0
    case .boolean: 16
    case .bytes: 17
    case .int8: 20
    case .int2: 21
    case .int4: 23
    case .text: 25
    case .double: 701
    case .byteStrings: 1001
    case .int4s: 1007
    case .texts: 1009
    case .int8s: 1016
    }
  }

  /// Appends the value without its length; nothing for null.
  func encode(into bytes: inout [UInt8]) {
    switch self {
    case .null: break
    case .boolean(let value): bytes.append(value ? 1 : 0)
    case .int2(let value): bytes.appendBigEndian(value)
    case .int4(let value): bytes.appendBigEndian(value)
    case .int8(let value): bytes.appendBigEndian(value)
    case .double(let value): bytes.appendBigEndian(value.bitPattern)
    case .text(let value): bytes.append(contentsOf: value.utf8)
    case .bytes(let value), .raw(let value): bytes.append(contentsOf: value)
    case .int4s(let values): Self.encode(values, type: 23, into: &bytes) { $1.appendBigEndian($0) }
    case .int8s(let values): Self.encode(values, type: 20, into: &bytes) { $1.appendBigEndian($0) }
    case .texts(let values): Self.encode(values, type: 25, into: &bytes) { $1.append(contentsOf: $0.utf8) }
    case .byteStrings(let values): Self.encode(values, type: 17, into: &bytes) { $1.append(contentsOf: $0) }
    }
  }

  /// An array of one dimension: dimensions, whether it has nulls, the type of its elements, count, first index, and
  /// each element with its length.
  private static func encode<Element>(
    _ elements: [Element], type: Int32, into bytes: inout [UInt8], _ body: (Element, inout [UInt8]) -> Void
  ) {
    bytes.appendBigEndian(Int32(elements.isEmpty ? 0 : 1))
    bytes.appendBigEndian(Int32(0))
    bytes.appendBigEndian(type)
    if elements.isEmpty { return }
    bytes.appendBigEndian(Int32(clamping: elements.count))
    bytes.appendBigEndian(Int32(1))
    for element in elements { bytes.appendSized { body(element, &$0) } }
  }
}

extension [UInt8] {
  package mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Appends the length in 4 bytes and then what `body` appends.
  mutating func appendSized(_ body: (inout [UInt8]) -> Void) {
    let start = count
    appendBigEndian(Int32(0))
    body(&self)
    let length = UInt32(count - start - 4)
    for i in 0..<4 { self[start + i] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * i)) }
  }
}
