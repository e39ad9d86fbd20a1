import Chunking

extension LanguageRules {
  static let rust = LanguageRules(
    definitions: [
      Definition("function_item", .function),
      Definition("function_signature_item", .function),
      Definition("struct_item", .type),
      Definition("union_item", .type),
      Definition("type_item", .type),
      Definition("associated_type", .type),
      Definition("enum_item", .enumeration),
      Definition("enum_variant", .constant),
      Definition("trait_item", .interface),
      Definition("mod_item", .module, name: .code(rustModule)),
      Definition("macro_definition", .macro),
      Definition("const_item", .constant, isFoundInFunctions: false),
      Definition("static_item", .variable, isFoundInFunctions: false),
      Definition("impl_item", nil, name: .code(rustImplementedType)),
    ],
    containers: ["foreign_mod_item"],
    bodies: ["declaration_list", "field_declaration_list", "enum_variant_list", "ordered_field_declaration_list"],
    attributes: ["attribute_item"],
    closures: ["closure_expression"],
    leaves: ["token_tree", "use_declaration"],
    skim: .rust)

  /// `mod x { … }`, but not `mod x;`, which only says that there is a file.
  private static func rustModule(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard node.child("body") != nil, let name = node.child("name") else { return [] }
    return [FoundName(name, source)]
  }

  /// The type that an `impl` is for, without its parameters and path.
  private static func rustImplementedType(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    var type = node.child("type")
    for _ in 0..<8 {
      guard let outer = type, !outer.isType("type_identifier"), !outer.isType("primitive_type") else { break }
      guard let inner = outer.child("name") ?? outer.child("type") else { break }
      type = inner
    }
    return type.map { [FoundName($0, source)] } ?? []
  }
}
