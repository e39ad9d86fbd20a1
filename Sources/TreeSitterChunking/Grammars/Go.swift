import Chunking

extension LanguageRules {
  static let go = LanguageRules(
    definitions: [
      Definition("function_declaration", .function),
      Definition("method_declaration", .method, name: .code(goMethod)),
      Definition("method_elem", .method, isFoundInFunctions: false),
      Definition("method_spec", .method, isFoundInFunctions: false),
      Definition("type_spec", .type, name: .code(goType)),
      Definition("type_alias", .type),
      Definition("const_spec", .constant, name: .code(goNames)),
      Definition("var_spec", .variable, name: .code(goNames)),
    ],
    wrappers: ["type_declaration", "const_declaration", "var_declaration"],
    bodies: ["field_declaration_list", "statement_list", "var_spec_list"],
    closures: ["func_literal"],
    functionsHoldDefinitions: false,
    skim: .go)

  /// `func (s *Server[T]) Serve()`: the receiver's type is what encloses the method.
  private static func goMethod(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    var type = node.child("receiver")?.namedChild(0)?.child("type")
    for _ in 0..<4 {
      guard let outer = type, !outer.isType("type_identifier") else { break }
      type = outer.child("type") ?? outer.namedChild(0)
    }
    return [FoundName(name, source, enclosing: type.map { [source.name($0.bytes)] } ?? [])]
  }

  private static func goType(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    let isInterface = node.child("type")?.isType("interface_type") ?? false
    return [FoundName(name, source, kind: isInterface ? .interface : .type)]
  }

  private static func goNames(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    node.firstNamedChildren.prefix { $0.isType("identifier") }
      .map { $0.bytes }.filter { !source.equals($0, "_") }
      .map { FoundName(source.name($0), row: node.startRow) }
  }
}
