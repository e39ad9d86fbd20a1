import Chunking

extension LanguageRules {
  static let swift = LanguageRules(
    definitions: [
      Definition("class_declaration", .type, name: .code(swiftType)),
      Definition("protocol_declaration", .interface),
      Definition("associatedtype_declaration", .type),
      Definition("typealias_declaration", .type),
      Definition("function_declaration", .function),
      Definition("protocol_function_declaration", .method),
      Definition("init_declaration", .method, name: .code(swiftKeyword)),
      Definition("deinit_declaration", .method, name: .code(swiftKeyword)),
      Definition("subscript_declaration", .method, name: .code(swiftKeyword)),
      Definition("macro_declaration", .macro, name: .child(["simple_identifier"])),
      Definition("enum_entry", .constant, name: .code(swiftCases)),
      Definition("property_declaration", .variable, name: .code(swiftProperty)),
      Definition("protocol_property_declaration", .property, name: .code(swiftProperty)),
    ],
    bodies: ["statements"],
    attributes: ["directive"],
    closures: ["lambda_literal", "computed_property", "computed_getter", "computed_setter"])

  /// The grammar calls every type a class and says what it is by a keyword. An extension only adds to a type.
  private static func swiftType(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name"), let keyword = node.child("declaration_kind") else { return [] }
    var found = FoundName(name, source)
    if source.equals(keyword.bytes, "enum") { found.kind = .enumeration }
    found.isScopeOnly = source.equals(keyword.bytes, "extension")
    return [found]
  }

  private static func swiftKeyword(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    let name = node.isType("init_declaration") ? "init" : node.isType("deinit_declaration") ? "deinit" : "subscript"
    return [FoundName(name, row: node.child("body")?.startRow ?? node.startRow)]
  }

  private static func swiftCases(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    node.firstNamedChildren.filter { $0.isType("simple_identifier") }.map { ($0.bytes, $0.startRow) }
      .map { FoundName(source.name($0.0), row: $0.1) }
  }

  private static func swiftProperty(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let pattern = node.child("name"), let name = pattern.child("bound_identifier") else { return [] }
    let isComputed = node.child("computed_value") != nil
    return [FoundName(name, source, inside: isComputed ? .code : .data)]
  }
}
