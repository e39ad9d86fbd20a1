import CJansson
package import Primitives

extension JSONValue {
  /// Reads a document, which is UTF-8 and may be a lone value. Time and memory linear in its length.
  ///
  /// Throws `.wrongFormat` with the line and what stands there. Nesting is bounded by the parser (2,048 levels); a
  /// number that does not fit is an error, never another number.
  package init(parsing text: Span<UInt8>) throws(Failure) {
    if text.isEmpty { throw Failure(.wrongFormat, "it is not JSON: it is empty") }
    var problem = json_error_t()
    let document = unsafe text.withUnsafeBytes { bytes in
      unsafe json_loadb(bytes.baseAddress, bytes.count, Int(JSON_DECODE_ANY | JSON_ALLOW_NUL), &problem)
    }
    guard let document = unsafe document else {
      let cause = unsafe withUnsafeBytes(of: problem.text) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw Failure(.wrongFormat, "it is not JSON: line \(problem.line) cannot be read", cause: cause)
    }
    defer { unsafe cjansson_release(document) }
    self = unsafe Self.value(of: document)
  }

  package init(parsing text: [UInt8]) throws(Failure) { try self.init(parsing: text.span) }

  /// Recursion is bounded: the parser has refused what is deeper than its limit.
  private static func value(of node: UnsafeMutablePointer<json_t>) -> JSONValue {
    switch unsafe node.pointee.type {
    case JSON_TRUE: return .boolean(true)
    case JSON_FALSE: return .boolean(false)
    case JSON_INTEGER: return unsafe .integer(Int(json_integer_value(node)))
    case JSON_REAL: return unsafe .real(json_real_value(node))
    case JSON_STRING: return unsafe .string(text(json_string_value(node), json_string_length(node)))
    case JSON_ARRAY:
      return unsafe .array(
        (0..<json_array_size(node)).map { unsafe json_array_get(node, $0).map { unsafe value(of: $0) } ?? .null })
    case JSON_OBJECT:
      var members: [Member] = []
      unsafe members.reserveCapacity(json_object_size(node))
      var iterator = unsafe json_object_iter(node)
      while let member = unsafe iterator {
        let name = unsafe String(cString: json_object_iter_key(member))
        unsafe members.append(Member(name, json_object_iter_value(member).map { unsafe value(of: $0) } ?? .null))
        unsafe iterator = unsafe json_object_iter_next(node, member)
      }
      return .object(members)
    default: return .null
    }
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
