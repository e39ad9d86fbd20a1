import CTreeSitter

/// A node of a syntax tree. Valid only while its tree lives, which is for one call of `TreeSitterParser.outline`; it is
/// never stored beyond that.
@safe struct SyntaxNode {
  private let raw: TSNode

  init(_ raw: TSNode) { unsafe self.raw = raw }

  private init?(present raw: TSNode) {
    if unsafe ts_node_is_null(raw) { return nil }
    unsafe self.raw = raw
  }

  /// The number of its type in the grammar.
  var symbol: UInt16 { unsafe ts_node_symbol(raw) }
  var start: Int { Int(unsafe ts_node_start_byte(raw)) }
  var end: Int { Int(unsafe ts_node_end_byte(raw)) }
  var bytes: Range<Int> { start..<max(start, end) }
  /// Rows count from 0.
  var startRow: Int { Int(unsafe ts_node_start_point(raw).row) }
  /// The row of its last byte: a node that ends with a newline ends on the row before.
  var lastRow: Int {
    let point = unsafe ts_node_end_point(raw)
    return Int(point.row) - (point.column == 0 && end > start ? 1 : 0)
  }

  var namedChildCount: Int { Int(unsafe ts_node_named_child_count(raw)) }
  /// Takes time in proportion to `index`.
  func namedChild(_ index: Int) -> SyntaxNode? {
    unsafe SyntaxNode(present: ts_node_named_child(raw, UInt32(index)))
  }
  func child(field: UInt16) -> SyntaxNode? {
    field == 0 ? nil : unsafe SyntaxNode(present: ts_node_child_by_field_id(raw, field))
  }
  func child(_ field: StaticString) -> SyntaxNode? {
    unsafe field.utf8Start.withMemoryRebound(to: CChar.self, capacity: field.utf8CodeUnitCount) { name in
      unsafe SyntaxNode(present: ts_node_child_by_field_name(raw, name, UInt32(field.utf8CodeUnitCount)))
    }
  }

  /// The first few named children. A node may have millions; what names a definition stands at its beginning.
  var firstNamedChildren: [SyntaxNode] {
    var children: [SyntaxNode] = []
    for index in 0..<min(namedChildCount, 24) {
      if let child = namedChild(index) { children.append(child) }
    }
    return children
  }

  /// The first of the first few named children that has one of these types.
  func child(ofType types: StaticString...) -> SyntaxNode? {
    for index in 0..<min(namedChildCount, 24) {
      guard let child = namedChild(index) else { continue }
      for type in types where child.isType(type) { return child }
    }
    return nil
  }

  /// Whether its type has this name.
  func isType(_ name: StaticString) -> Bool {
    guard var type = unsafe ts_node_type(raw) else { return false }
    var expected = unsafe name.utf8Start
    for _ in 0..<name.utf8CodeUnitCount {
      if unsafe UInt8(bitPattern: type.pointee) != expected.pointee { return false }
      unsafe type += 1
      unsafe expected += 1
    }
    return unsafe type.pointee == 0
  }
}
