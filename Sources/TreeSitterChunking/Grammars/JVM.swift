import Chunking

extension LanguageRules {
  static let kotlin = LanguageRules(
    definitions: [
      Definition("class_declaration", .type, name: .code(kotlinType)),
      Definition("object_declaration", .type, name: .child(["type_identifier"])),
      Definition("companion_object", nil, name: .code { node, _ in [FoundName("Companion", row: node.startRow)] }),
      Definition("type_alias", .type, name: .child(["type_identifier"])),
      Definition("function_declaration", .function, name: .code(kotlinFunction)),
      Definition(
        "secondary_constructor", .method,
        name: .code { node, _ in
          [FoundName("constructor", row: node.startRow)]
        }),
      Definition("property_declaration", .variable, name: .code(kotlinProperty)),
      Definition("enum_entry", .constant, name: .child(["simple_identifier"]), inside: .members),
    ],
    bodies: ["statements"],
    attributes: ["file_annotation"],
    closures: ["lambda_literal", "anonymous_function", "anonymous_initializer", "object_literal"])

  private static func kotlinType(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child(ofType: "type_identifier") else { return [] }
    let head = node.start..<name.start
    var kind = Symbol.Kind.type
    if source.contains("interface ", in: head) { kind = .interface }
    if source.contains("enum class", in: head) { kind = .enumeration }
    return [FoundName(name, source, kind: kind)]
  }

  /// `fun String.shout()`: the receiver encloses the function.
  private static func kotlinFunction(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child(ofType: "simple_identifier") else { return [] }
    let receiver = node.child("receiver").map { receiver in
      receiver.child(ofType: "user_type")?.namedChild(0) ?? receiver
    }
    return [FoundName(name, source, enclosing: receiver.map { [source.name($0.bytes)] } ?? [])]
  }

  private static func kotlinProperty(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let declaration = node.child(ofType: "variable_declaration"), let name = declaration.namedChild(0) else {
      return []
    }
    let isConstant = source.contains("const ", in: node.start..<name.start)
    return [FoundName(name, source, kind: isConstant ? .constant : .variable)]
  }

  static let scala = LanguageRules(
    definitions: [
      Definition("class_definition", .type),
      Definition("object_definition", .type),
      Definition("package_object", .module),
      Definition("trait_definition", .interface),
      Definition("enum_definition", .enumeration),
      Definition("simple_enum_case", .constant),
      Definition("full_enum_case", .constant),
      Definition("type_definition", .type),
      Definition("function_definition", .function),
      Definition("function_declaration", .function),
      Definition("given_definition", .constant, inside: .members),
      Definition(
        "extension_definition", nil,
        name: .code { node, source in
          node.child("parameters").map { [FoundName($0, source)] } ?? []
        }),
      Definition("val_definition", .variable, name: .code(scalaValue)),
      Definition("val_declaration", .variable),
      Definition("var_definition", .variable, name: .code(scalaValue)),
      Definition("var_declaration", .variable),
    ],
    bodies: ["enum_case_definitions"],
    attributes: ["annotation"],
    closures: ["lambda_expression", "case_block"])

  private static func scalaValue(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("pattern"), name.isType("identifier") else { return [] }
    return [FoundName(name, source)]
  }

  /// The grammar knows little of Groovy: words, calls and blocks.
  static let groovy = LanguageRules(
    definitions: [Definition("command", .function, name: .code(groovyCommand))])

  private static func groovyCommand(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let block = node.child(ofType: "block"), let first = block.namedChild(0), first.isType("unit") else {
      return []
    }
    guard let inner = first.namedChild(0) else { return [] }
    if inner.isType("func"), let name = inner.namedChild(0) {
      // A call with a block looks the same, but has no word before its name unless it is a command.
      guard node.namedChild(0)?.isType("unit") ?? false || source.isUppercase(at: name.start) else { return [] }
      return [FoundName(name, source)]
    }
    let words: [(StaticString, Symbol.Kind)] = [
      ("class", .type), ("interface", .interface), ("trait", .interface), ("enum", .enumeration),
    ]
    for unit in node.firstNamedChildren where unit.isType("unit") {
      for (word, kind) in words where source.equals(unit.bytes, word) {
        return [FoundName(inner, source, kind: kind, inside: .members)]
      }
    }
    return []
  }
}
