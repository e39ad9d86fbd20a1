import Chunking

extension LanguageRules {
  static let cSharp = LanguageRules(
    definitions: [
      Definition("namespace_declaration", .module),
      Definition("class_declaration", .type),
      Definition("struct_declaration", .type),
      Definition("record_declaration", .type),
      Definition("interface_declaration", .interface),
      Definition("enum_declaration", .enumeration),
      Definition("enum_member_declaration", .constant),
      Definition("delegate_declaration", .type),
      Definition("method_declaration", .method),
      Definition("constructor_declaration", .method),
      Definition("destructor_declaration", .method, name: .code(cSharpDestructor)),
      Definition("operator_declaration", .method, name: .code(cSharpOperator)),
      Definition("indexer_declaration", .method, name: .code { node, _ in [FoundName("this", row: node.startRow)] }),
      Definition("local_function_statement", .function),
      Definition("property_declaration", .property, inside: .code),
      Definition("event_declaration", .property),
      Definition("field_declaration", .property, name: .code(cSharpFields)),
      Definition("event_field_declaration", .property, name: .code(cSharpFields)),
    ],
    containers: ["preproc_if", "preproc_else", "preproc_elif", "preproc_region"],
    bodies: ["declaration_list", "enum_member_declaration_list", "accessor_list"],
    closures: ["lambda_expression", "anonymous_method_expression", "global_statement"])

  private static func cSharpFields(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let declaration = node.child(ofType: "variable_declaration") else { return [] }
    let isConstant = node.firstNamedChildren.contains {
      $0.isType("modifier") && source.equals($0.bytes, "const")
    }
    return declaration.firstNamedChildren.filter { $0.isType("variable_declarator") }.compactMap { $0.child("name") }
      .map { $0.bytes }.map { (source.name($0), $0) }
      .map { FoundName($0.0, row: node.startRow, kind: isConstant ? .constant : .property) }
  }

  private static func cSharpDestructor(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    return [FoundName("~" + source.name(name.bytes), row: name.startRow)]
  }

  private static func cSharpOperator(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("operator") else { return [] }
    return [FoundName("operator " + source.name(name.bytes), row: name.startRow)]
  }

  static let fSharp = LanguageRules(
    definitions: [
      Definition("named_module", .module, name: .field("name")),
      Definition("namespace", .module, name: .field("name")),
      Definition("module_defn", .module, name: .child(["identifier"])),
      Definition("record_type_defn", .type, name: .descendant(["identifier"])),
      Definition("union_type_defn", .type, name: .descendant(["identifier"])),
      Definition("anon_type_defn", .type, name: .descendant(["identifier"])),
      Definition("interface_type_defn", .interface, name: .descendant(["identifier"])),
      Definition("enum_type_defn", .enumeration, name: .descendant(["identifier"])),
      Definition("type_abbrev_defn", .type, name: .descendant(["identifier"])),
      Definition("delegate_type_defn", .type, name: .descendant(["identifier"])),
      Definition("union_type_case", .constant, name: .child(["identifier"])),
      Definition("method_or_prop_defn", .method, name: .code(fSharpMember)),
      Definition("function_or_value_defn", .function, name: .code(fSharpBinding)),
    ],
    wrappers: ["type_definition", "declaration_expression", "member_defn"],
    bodies: ["union_type_cases", "type_extension_elements"])

  private static func fSharpMember(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    return [FoundName(name.child("method") ?? name.firstNamedChildren.last ?? name, source)]
  }

  /// A function has parameters on its left side; a value has none.
  private static func fSharpBinding(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let left = node.child(ofType: "function_declaration_left", "value_declaration_left"),
      let name = left.namedChild(0)
    else { return [] }
    return [FoundName(name, source, kind: left.isType("function_declaration_left") ? .function : .constant)]
  }
}
