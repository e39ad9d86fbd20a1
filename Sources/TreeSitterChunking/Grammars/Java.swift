import Chunking

extension LanguageRules {
  static let java = LanguageRules(
    definitions: [
      Definition("class_declaration", .type),
      Definition("record_declaration", .type),
      Definition("interface_declaration", .interface),
      Definition("annotation_type_declaration", .interface),
      Definition("enum_declaration", .enumeration),
      Definition("method_declaration", .method),
      Definition("constructor_declaration", .method),
      Definition("compact_constructor_declaration", .method),
      Definition("annotation_type_element_declaration", .method),
      Definition("field_declaration", .property, name: .code(javaFields)),
      Definition("constant_declaration", .constant, name: .code(javaFields)),
      Definition("enum_constant", .constant),
    ],
    bodies: ["enum_body_declarations"],
    closures: ["lambda_expression", "static_initializer"],
    skim: .java)

  private static func javaFields(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    var found: [FoundName] = []
    for child in node.firstNamedChildren where child.isType("variable_declarator") {
      guard let name = child.child("name") else { continue }
      found.append(FoundName(name, source, kind: source.isCapitals(name.bytes) ? .constant : .property))
    }
    return found
  }
}
