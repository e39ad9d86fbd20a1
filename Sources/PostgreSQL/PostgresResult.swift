import CPostgres
import Primitives

/// The rows that a statement gave, in PostgreSQL's binary form. Reading a value that is not of the wished size gives
/// zero or nothing: what a column holds is decided by the statement, which the caller wrote.
@safe package final class PostgresResult {
  private let raw: OpaquePointer
  package let rowCount: Int

  init(_ raw: OpaquePointer) {
    unsafe self.raw = unsafe raw
    rowCount = unsafe Int(cpostgres_rows(raw))
  }

  deinit { unsafe cpostgres_clear(raw) }

  var status: Int { unsafe Int(cpostgres_status(raw)) }

  func field(_ field: Int) -> String? {
    unsafe cpostgres_result_field(raw, Int32(field)).map { unsafe String(cString: $0) }
  }

  /// How many rows the statement inserted, changed or removed.
  package var touchedCount: Int { unsafe Int(String(cString: cpostgres_touched(raw))) ?? 0 }

  package func isNull(_ row: Int, _ column: Int) -> Bool {
    unsafe cpostgres_is_null(raw, Int32(row), Int32(column)) != 0
  }

  /// Calls `body` with the bytes of a value; none for null.
  package func withBytes<Result>(_ row: Int, _ column: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    let count = unsafe Int(cpostgres_length(raw, Int32(row), Int32(column)))
    let start = unsafe cpostgres_value(raw, Int32(row), Int32(column))
    let buffer = unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    return body(unsafe Span(_unsafeBytes: buffer))
  }

  package func bytes(_ row: Int, _ column: Int) -> [UInt8] {
    withBytes(row, column) { span in
      unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  package func text(_ row: Int, _ column: Int) -> String { String(decoding: bytes(row, column), as: UTF8.self) }

  /// A whole number of 2, 4 or 8 bytes.
  package func integer(_ row: Int, _ column: Int) -> Int64 {
    withBytes(row, column) { span in
      guard span.count <= 8, let first = span.isEmpty ? nil : span[0] else { return 0 }
      var value: Int64 = first >= 0x80 ? -1 : 0
      for i in span.indices { value = value << 8 | Int64(span[i]) }
      return value
    }
  }

  package func int(_ row: Int, _ column: Int) -> Int { Int(integer(row, column)) }
  package func boolean(_ row: Int, _ column: Int) -> Bool { withBytes(row, column) { $0.count == 1 && $0[0] != 0 } }

  /// A `double precision`.
  package func double(_ row: Int, _ column: Int) -> Double {
    Double(bitPattern: UInt64(bitPattern: integer(row, column)))
  }
}
