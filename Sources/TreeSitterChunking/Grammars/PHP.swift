import Chunking

extension LanguageRules {
  static let php = LanguageRules(
    definitions: [
      Definition("class_declaration", .type),
      Definition("trait_declaration", .type),
      Definition("interface_declaration", .interface),
      Definition("enum_declaration", .enumeration),
      Definition("enum_case", .constant),
      Definition("method_declaration", .method),
      Definition("function_definition", .function),
      Definition("const_element", .constant, name: .child(["name"])),
      Definition("property_element", .property, name: .descendant(["name"])),
      Definition("function_call_expression", .constant, name: .code(phpDefine)),
    ],
    wrappers: ["const_declaration", "property_declaration", "expression_statement"],
    bodies: ["declaration_list", "enum_declaration_list", "compound_statement"],
    closures: ["anonymous_function", "arrow_function"])

  /// `define('NAME', …)`
  private static func phpDefine(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let function = node.child("function"), source.equals(function.bytes, "define"),
      let text = node.child("arguments")?.namedChild(0)?.namedChild(0)?.child(ofType: "string_content")
    else { return [] }
    return [FoundName(text, source)]
  }
}
