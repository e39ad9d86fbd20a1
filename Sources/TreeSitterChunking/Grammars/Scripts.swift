import Chunking

extension LanguageRules {
  static let lua = LanguageRules(
    definitions: [
      Definition("function_declaration", .function, name: .code(luaFunction)),
      Definition(
        "assignment_statement", .variable, name: .code(luaAssignment), inside: .members, isFoundInFunctions: true),
      Definition("field", .method, name: .code(luaField)),
    ],
    wrappers: ["variable_declaration"],
    closures: ["function_definition"])

  /// `function M.open()` and `function M:close()`: the table encloses the function.
  private static func luaFunction(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    node.child("name").map { [luaName($0, source)] } ?? []
  }

  private static func luaName(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> FoundName {
    guard let table = node.child("table"), let last = node.child("field") ?? node.child("method") else {
      return FoundName(node, source)
    }
    return FoundName(last, source, enclosing: [source.name(table.bytes)])
  }

  private static func luaAssignment(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let left = node.namedChild(0)?.namedChild(0) else { return [] }
    let value = node.child(ofType: "expression_list")?.namedChild(0)
    var found = luaName(left, source)
    if let value, value.isType("function_definition") {
      found.kind = .function
      found.inside = .code
    } else if left.isType("bracket_index_expression") {
      return []
    }
    return [found]
  }

  private static func luaField(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name"), node.child("value")?.isType("function_definition") ?? false else { return [] }
    return [FoundName(name, source)]
  }

  static let bash = LanguageRules(
    definitions: [
      Definition("function_definition", .function),
      Definition("variable_assignment", .variable, name: .code(shellVariable)),
    ],
    wrappers: ["declaration_command"],
    bodies: ["compound_statement"])

  private static func shellVariable(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    return [FoundName(name, source, kind: source.isCapitals(name.bytes) ? .constant : .variable)]
  }

  static let fish = LanguageRules(definitions: [Definition("function_definition", .function)])

  static let tcl = LanguageRules(
    definitions: [
      Definition("procedure", .function),
      Definition("namespace", .module, name: .code(tclNamespace)),
    ],
    bodies: ["braced_word", "word_list"])

  private static func tclNamespace(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let words = node.namedChild(0), let eval = words.namedChild(0), source.equals(eval.bytes, "eval"),
      let name = words.namedChild(1)
    else { return [] }
    return [FoundName(name, source)]
  }

  static let powerShell = LanguageRules(
    definitions: [
      Definition("function_statement", .function, name: .child(["function_name"])),
      Definition("class_statement", .type, name: .child(["simple_name"])),
      Definition("class_method_definition", .method, name: .child(["simple_name"])),
      Definition(
        "class_property_definition", .property,
        name: .code { node, source in
          node.child(ofType: "variable").map { [powerShellVariable($0, source)] } ?? []
        }),
      Definition("enum_statement", .enumeration, name: .child(["simple_name"])),
      Definition("enum_member", .constant, name: .child(["simple_name"])),
      Definition(
        "left_assignment_expression", .variable,
        name: .code { node, source in
          source.begins(node.bytes, with: "$") ? [powerShellVariable(node, source)] : []
        }),
    ],
    wrappers: ["pipeline", "assignment_expression"],
    bodies: ["statement_list"])

  /// `$Name` without its sign.
  private static func powerShellVariable(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> FoundName {
    FoundName(source.name((node.start + 1)..<max(node.start + 1, node.end)), row: node.startRow)
  }

  static let perl = LanguageRules(
    definitions: [
      Definition("package_statement", .module, name: .code(perlPackage), inside: .following),
      Definition("subroutine_declaration_statement", .function, name: .code(perlSubroutine)),
      Definition("method_declaration_statement", .method, name: .code(perlSubroutine)),
      Definition("class_statement", .type, inside: .members),
    ],
    attributes: ["pod"],
    closures: ["anonymous_subroutine_expression"])

  /// `package X;` reigns until the next one; `package X { … }` ends with its block.
  private static func perlPackage(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    return [FoundName(name, source, inside: node.child(ofType: "block") == nil ? .following : .members)]
  }

  /// One that is only announced (`sub f($$);`) defines nothing: the grammar knows no such thing and takes what follows
  /// for its body.
  private static func perlSubroutine(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name"), let body = node.child(ofType: "block"), body.start < source.count,
      source[body.start] == UInt8(ascii: "{")
    else { return [] }
    return [FoundName(name, source)]
  }

  static let r = LanguageRules(
    definitions: [
      Definition("binary_operator", .variable, name: .code(rAssignment), inside: .members, isFoundInFunctions: true),
      Definition("call", .function, name: .code(rDefinition)),
    ],
    bodies: ["braced_expression"],
    closures: ["function_definition"])

  private static func rAssignment(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let left = node.child("lhs"), let right = node.child("rhs"), left.isType("identifier"),
      left.end <= right.start
    else { return [] }
    let between = left.end..<right.start
    guard source.contains("<-", in: between) || source.contains("=", in: between),
      !source.contains("==", in: between), !source.contains("<=", in: between), !source.contains(">=", in: between),
      !source.contains("!=", in: between)
    else { return [] }
    if right.isType("function_definition") { return [FoundName(left, source, kind: .function, inside: .code)] }
    return [FoundName(left, source, kind: source.isCapitals(left.bytes) ? .constant : .variable)]
  }

  /// `setClass("Book", …)`, `setMethod("show", "Book", …)`
  private static func rDefinition(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let function = node.child("function"), source.begins(function.bytes, with: "set"),
      let first = node.child("arguments")?.namedChild(0)?.child("value"), let name = first.child("content")
    else { return [] }
    let isClass = source.equals(function.bytes, "setClass") || source.equals(function.bytes, "setRefClass")
    let isFunction =
      source.equals(function.bytes, "setMethod") || source.equals(function.bytes, "setGeneric")
      || source.equals(function.bytes, "setValidity")
    guard isClass || isFunction else { return [] }
    return [FoundName(name, source, kind: isClass ? .type : .function, inside: isClass ? .members : .code)]
  }

  static let julia = LanguageRules(
    definitions: [
      Definition("module_definition", .module),
      Definition("struct_definition", .type, name: .descendant(["identifier"])),
      Definition("abstract_definition", .type, name: .descendant(["identifier"])),
      Definition("primitive_definition", .type, name: .descendant(["identifier"])),
      Definition("function_definition", .function, name: .code(juliaSignature)),
      Definition("macro_definition", .macro, name: .code(juliaSignature)),
      Definition("const_statement", .constant, name: .descendant(["identifier"])),
      Definition("assignment", .function, name: .code(juliaAssignment), inside: .code),
    ],
    attributes: ["string_literal"])

  private static func juliaSignature(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    var call = node.child(ofType: "signature")?.namedChild(0)
    for _ in 0..<6 {
      guard let outer = call, !outer.isType("call_expression"), !outer.isType("identifier") else { break }
      call = outer.namedChild(0)
    }
    guard let call else { return [] }
    return juliaName(call.isType("identifier") ? call : call.namedChild(0) ?? call, source)
  }

  /// `Base.show` defines `show` for `Base`.
  private static func juliaName(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    if node.isType("field_expression"), let last = node.firstNamedChildren.last, let value = node.child("value") {
      return [FoundName(last, source, enclosing: [source.name(value.bytes)])]
    }
    return [FoundName(node, source)]
  }

  /// `buy(n) = n + 1`
  private static func juliaAssignment(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard var left = node.namedChild(0) else { return [] }
    if left.isType("where_expression") || left.isType("typed_expression"), let inner = left.namedChild(0) {
      left = inner
    }
    if left.isType("call_expression"), let name = left.namedChild(0) { return juliaName(name, source) }
    return []
  }

  static let matlab = LanguageRules(
    definitions: [
      Definition("class_definition", .type),
      Definition("function_definition", .function),
      Definition("property", .property),
    ],
    containers: ["methods", "properties", "events", "enumeration"])

  static let vim = LanguageRules(
    definitions: [
      Definition("function_definition", .function, name: .code(vimFunction)),
      Definition("command_statement", .function, name: .field("name")),
      Definition("let_statement", .variable, name: .child(["identifier", "scoped_identifier"])),
    ])

  private static func vimFunction(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child(ofType: "function_declaration")?.child("name") else { return [] }
    return [FoundName(name, source)]
  }

  static let gdScript = LanguageRules(
    definitions: [
      Definition("class_name_statement", .type),
      Definition("class_definition", .type),
      Definition("function_definition", .function),
      Definition("constructor_definition", .method),
      Definition("signal_statement", .other),
      Definition("const_statement", .constant),
      Definition("variable_statement", .variable),
      Definition("export_variable_statement", .variable),
      Definition("onready_variable_statement", .variable),
      Definition("enum_definition", .enumeration),
      Definition("enumerator", .constant, name: .field("left")),
    ],
    bodies: ["enumerator_list"],
    attributes: ["annotations"],
    closures: ["lambda"])
}
