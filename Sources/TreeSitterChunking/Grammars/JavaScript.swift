import Chunking

extension LanguageRules {
  /// JavaScript, TypeScript and TSX, whose grammars share their names.
  static let javaScript = LanguageRules(
    definitions: [
      Definition("function_declaration", .function),
      Definition("generator_function_declaration", .function),
      Definition("function_signature", .function),
      Definition("class_declaration", .type),
      Definition("abstract_class_declaration", .type),
      Definition("interface_declaration", .interface),
      Definition("enum_declaration", .enumeration),
      Definition("type_alias_declaration", .type),
      Definition("module", .module, name: .code(scriptModule)),
      Definition("internal_module", .module),
      Definition("method_definition", .method),
      Definition("method_signature", .method),
      Definition("abstract_method_signature", .method),
      Definition("property_signature", .property, isFoundInFunctions: false, maximumDepth: 3),
      Definition("field_definition", .property, name: .code(scriptField), inside: .members),
      Definition("public_field_definition", .property, name: .code(scriptField), inside: .members),
      Definition(
        "variable_declarator", .variable, name: .code(scriptVariable), inside: .members, isFoundInFunctions: true),
      Definition(
        "assignment_expression", .variable, name: .code(scriptAssignment), inside: .members, isFoundInFunctions: true),
      Definition("enum_assignment", .constant),
      Definition("pair", .method, name: .code(scriptPair), isFoundInFunctions: true),
    ],
    wrappers: [
      "export_statement", "expression_statement", "lexical_declaration", "variable_declaration", "ambient_declaration",
    ],
    bodies: ["object", "object_type", "enum_body"],
    attributes: ["decorator"],
    closures: ["arrow_function", "function_expression", "generator_function"])

  private static func isFunction(_ node: SyntaxNode?) -> Bool {
    guard let node else { return false }
    return node.isType("arrow_function") || node.isType("function_expression") || node.isType("generator_function")
  }

  /// `declare module 'plugin'`, `namespace Geometry`
  private static func scriptModule(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    return [FoundName(name.child(ofType: "string_fragment") ?? name, source)]
  }

  private static func scriptField(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("property") ?? node.child("name") else { return [] }
    return [scriptName(name, node.child("value"), plainKind: .property, source)].compactMap { $0 }
  }

  private static func scriptVariable(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name"), name.isType("identifier") else { return [] }
    let kind: Symbol.Kind = source.isCapitals(name.bytes) ? .constant : .variable
    return [scriptName(name, node.child("value"), plainKind: kind, source)].compactMap { $0 }
  }

  /// `exports.f = function …`, `Foo.prototype.bar = …`, `window.app = class …`; an assignment of anything else defines
  /// nothing.
  private static func scriptAssignment(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let left = node.child("left"), let right = node.child("right"), left.isType("member_expression"),
      let property = left.child("property"), let object = left.child("object")
    else { return [] }
    let isExport = source.equals(object.bytes, "exports") || source.equals(object.bytes, "module.exports")
    let isClass = right.isType("class")
    guard isFunction(right) || isClass || isExport else { return [] }
    var enclosing: [String] = []
    if !isExport, !object.isType("this") {
      var owner = object
      if object.isType("member_expression"), let inner = object.child("object"),
        let last = object.child("property"), source.equals(last.bytes, "prototype")
      {
        owner = inner
      }
      enclosing = [source.name(owner.bytes)]
    }
    var name = scriptName(property, right, plainKind: .variable, source)
    name?.enclosing = enclosing
    return [name].compactMap { $0 }
  }

  private static func scriptPair(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let key = node.child("key"), let value = node.child("value"), isFunction(value) else { return [] }
    let name = key.isType("string") ? key.namedChild(0) ?? key : key
    return [FoundName(name, source, kind: .method)]
  }

  /// The name with the kind that its value gives.
  private static func scriptName(
    _ name: SyntaxNode, _ value: SyntaxNode?, plainKind: Symbol.Kind, _ source: borrowing Span<UInt8>
  ) -> FoundName? {
    var found = FoundName(name, source, kind: plainKind)
    if isFunction(value) {
      found.kind = plainKind == .property ? .method : .function
      found.inside = .code
    } else if let value, value.isType("class") {
      found.kind = .type
    }
    return found
  }
}
