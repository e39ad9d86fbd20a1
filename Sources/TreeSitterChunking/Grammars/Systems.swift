import Chunking

extension LanguageRules {
  static let zig = LanguageRules(
    definitions: [
      Definition("Decl", .function, name: .code(zigDeclaration)),
      Definition("TestDecl", .function, name: .code(zigTest)),
      Definition("ContainerField", .property, name: .code(zigField)),
    ],
    bodies: ["ErrorUnionExpr", "SuffixExpr", "ContainerDecl", "Block"],
    prefixes: ["pub", "export", "extern", "inline", "noinline", "threadlocal"])

  private static func zigDeclaration(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    if let function = node.child(ofType: "FnProto"), let name = function.child("function") {
      return [FoundName(name, source)]
    }
    guard let variable = node.child(ofType: "VarDecl"), let name = variable.child("variable_type_function") else {
      return []
    }
    // `const Point = struct { … };`
    if let container = variable.child(ofType: "ErrorUnionExpr")?.child(ofType: "SuffixExpr")?.namedChild(0),
      container.isType("ContainerDecl"), let type = container.child(ofType: "ContainerDeclType")
    {
      let isEnum = source.begins(type.bytes, with: "enum")
      return [FoundName(name, source, kind: isEnum ? .enumeration : .type, inside: .members)]
    }
    let isVariable = source.begins(variable.bytes, with: "var")
    return [FoundName(name, source, kind: isVariable ? .variable : .constant, inside: .data)]
  }

  private static func zigTest(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.namedChild(0), name.isType("STRINGLITERALSINGLE"), name.end - name.start > 2 else {
      return []
    }
    return [FoundName(source.name((name.start + 1)..<(name.end - 1)), row: name.startRow)]
  }

  private static func zigField(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    if let name = node.child("field_member") { return [FoundName(name, source)] }
    return [FoundName(node, source, kind: .constant)]
  }

  static let d = LanguageRules(
    definitions: [
      Definition("struct_declaration", .type, name: .child(["identifier"])),
      Definition("union_declaration", .type, name: .child(["identifier"])),
      Definition("class_declaration", .type, name: .child(["identifier"])),
      Definition("interface_declaration", .interface, name: .child(["identifier"])),
      Definition("template_declaration", .type, name: .child(["identifier"])),
      Definition("enum_declaration", .enumeration, name: .child(["identifier"])),
      Definition("enum_member", .constant, name: .child(["identifier"])),
      Definition("alias_declaration", .type, name: .descendant(["identifier"])),
      Definition("function_declaration", .function, name: .child(["identifier"])),
      Definition("constructor", .method, name: .code { node, _ in [FoundName("this", row: node.startRow)] }),
    ],
    bodies: ["module_def", "block_statement"])

  static let ada = LanguageRules(
    definitions: [
      Definition("package_declaration", .module),
      Definition("package_body", .module),
      Definition("generic_package_declaration", .module, name: .descendant(["identifier"])),
      Definition("subprogram_body", .function, name: .descendant(["identifier"])),
      Definition("subprogram_declaration", .function, name: .descendant(["identifier"])),
      Definition("full_type_declaration", .type, name: .child(["identifier"])),
      Definition("private_type_declaration", .type, name: .child(["identifier"])),
      Definition("subtype_declaration", .type, name: .child(["identifier"])),
      Definition("task_body", .type, name: .child(["identifier"])),
      Definition("protected_body", .type, name: .child(["identifier"])),
      Definition("object_declaration", .variable),
    ],
    bodies: ["compilation_unit", "non_empty_declarative_part", "handled_sequence_of_statements"])

  static let pascal = LanguageRules(
    definitions: [
      Definition("declType", .type, inside: .members),
      Definition("defProc", .function, name: .code(pascalProcedure)),
      Definition("declProc", .function),
      Definition("declConst", .constant),
      Definition("declProp", .property),
    ],
    bodies: ["unit", "program", "library", "interface", "implementation", "declTypes", "declConsts", "declClass"])

  /// `procedure TBook.Title` stands outside its class.
  private static func pascalProcedure(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("header")?.child("name") else { return [] }
    var found = FoundName(name, source)
    if name.isType("genericDot"), let owner = name.child("lhs"), let last = name.child("rhs") {
      found = FoundName(last, source, enclosing: [source.name(owner.bytes)])
    }
    found.includesChildren = true
    return [found]
  }

  static let dart = LanguageRules(
    definitions: [
      Definition("class_definition", .type),
      Definition("mixin_declaration", .type, name: .child(["identifier"])),
      Definition("extension_declaration", .type),
      Definition("enum_declaration", .enumeration),
      Definition("enum_constant", .constant),
      Definition("type_alias", .type, name: .child(["type_identifier"])),
      Definition("method_signature", .method, name: .code(dartMethod)),
      Definition("function_signature", .function),
      Definition("getter_signature", .function),
      Definition("setter_signature", .function),
      Definition("constructor_signature", .method, name: .code(dartConstructor)),
      Definition("constant_constructor_signature", .method, name: .code(dartConstructor)),
      Definition("static_final_declaration", .constant, name: .child(["identifier"])),
      Definition("initialized_identifier", .property, name: .child(["identifier"])),
    ],
    wrappers: ["declaration"],
    attributes: ["annotation"],
    closures: ["function_expression"],
    heads: [
      "method_signature", "function_signature", "getter_signature", "setter_signature", "constructor_signature",
    ],
    detachedBodies: ["function_body"])

  private static func dartMethod(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let signature = node.namedChild(0) else { return [] }
    if signature.isType("factory_constructor_signature") || signature.isType("constructor_signature") {
      var found = dartConstructor(signature, source)
      if !found.isEmpty { found[0].includesChildren = true }
      return found
    }
    guard let name = signature.child("name") else { return [] }
    var found = FoundName(name, source)
    found.includesChildren = true
    return [found]
  }

  /// `Shop`, `Shop.open`
  private static func dartConstructor(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    let parts = node.firstNamedChildren.filter { $0.isType("identifier") }
    guard let last = parts.last else { return [] }
    return [FoundName(last, source)]
  }

  static let solidity = LanguageRules(
    definitions: [
      Definition("contract_declaration", .type),
      Definition("library_declaration", .type),
      Definition("interface_declaration", .interface),
      Definition("struct_declaration", .type),
      Definition("enum_declaration", .enumeration),
      Definition("enum_value", .constant, name: .text),
      Definition("function_definition", .function),
      Definition("modifier_definition", .function),
      Definition(
        "constructor_definition", .method,
        name: .code { node, _ in
          [FoundName("constructor", row: node.startRow)]
        }),
      Definition("event_definition", .other),
      Definition("error_declaration", .other),
      Definition("state_variable_declaration", .variable),
      Definition("constant_variable_declaration", .constant),
    ])

  static let wgsl = LanguageRules(
    definitions: [
      Definition("struct_declaration", .type),
      Definition("function_declaration", .function),
      Definition("type_alias_declaration", .type),
    ],
    bodies: ["compound_statement"])
}
