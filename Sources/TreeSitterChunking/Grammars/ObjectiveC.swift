import Chunking

extension LanguageRules {
  static let objectiveC = LanguageRules(
    definitions: cDefinitions + [
      Definition("class_interface", .type, name: .code(objectiveCInterface)),
      Definition("class_implementation", nil, name: .child(["identifier"])),
      Definition("category_interface", nil, name: .child(["identifier"])),
      Definition("category_implementation", nil, name: .child(["identifier"])),
      Definition("protocol_declaration", .interface, name: .child(["identifier"])),
      Definition("method_declaration", .method, name: .code(selector)),
      Definition("method_definition", .method, name: .code(selector)),
      Definition("property_declaration", .property, name: .code(objectiveCProperty)),
    ],
    containers: cContainers,
    bodies: cBodies + ["implementation_definition", "interface_declaration_list"],
    heads: ["expression_statement"],
    detachedBodies: ["compound_statement"],
    functionsHoldDefinitions: false)

  /// `@interface Shop : Base` defines; `@interface Shop (Private)` only adds to it.
  private static func objectiveCInterface(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child(ofType: "identifier") else { return [] }
    var found = FoundName(name, source)
    found.isScopeOnly = node.child("category") != nil
    return [found]
  }

  /// `initWithName:count:`
  private static func selector(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    var text = ""
    var row = node.startRow
    var waiting = ""
    for child in node.firstNamedChildren {
      if child.isType("identifier") {
        if text.isEmpty, waiting.isEmpty { row = child.startRow }
        waiting = source.name(child.bytes)
      } else if child.isType("method_parameter") {
        text += waiting + ":"
        waiting = ""
      }
    }
    return [FoundName(text + waiting, row: row)]
  }

  private static func objectiveCProperty(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard var name = node.child(ofType: "struct_declaration")?.child(ofType: "struct_declarator") else { return [] }
    for _ in 0..<8 {
      guard let inner = name.child("declarator") ?? name.namedChild(0) else { break }
      name = inner
    }
    return [FoundName(name, source)]
  }
}
