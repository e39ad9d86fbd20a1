import Chunking
import Primitives

extension LanguageRules {
  static let c = LanguageRules(
    definitions: cDefinitions,
    wrappers: cWrappers,
    containers: cContainers,
    bodies: cBodies,
    attributes: [],
    heads: ["expression_statement"],
    detachedBodies: ["compound_statement"],
    functionsHoldDefinitions: false,
    skim: .c)

  static let cpp = LanguageRules(
    definitions: cDefinitions + [
      Definition("class_specifier", .type, name: .code(cTag)),
      Definition("namespace_definition", .module),
      Definition("alias_declaration", .type),
      Definition("concept_definition", .type),
      Definition("namespace_alias_definition", .module),
      Definition("field_declaration", .method, name: .code(cMethodDeclaration), isFoundInFunctions: false),
    ],
    wrappers: cWrappers + ["template_declaration", "friend_declaration"],
    containers: cContainers,
    bodies: cBodies,
    closures: ["lambda_expression"],
    heads: ["expression_statement"],
    detachedBodies: ["compound_statement"],
    functionsHoldDefinitions: false,
    skim: .cpp)

  static let cDefinitions: [Definition] = [
    Definition("function_definition", .function, name: .code(cFunction)),
    Definition("declaration", .variable, name: .code(cDeclaration)),
    Definition("type_definition", .type, name: .code(cTypedef)),
    Definition("struct_specifier", .type, name: .code(cTag)),
    Definition("union_specifier", .type, name: .code(cTag)),
    Definition("enum_specifier", .enumeration, name: .code(cTag)),
    Definition("enumerator", .constant),
    Definition("preproc_def", .macro, isFoundInFunctions: false),
    Definition("preproc_function_def", .macro, isFoundInFunctions: false),
    Definition("expression_statement", .variable, name: .code(cMacroCall)),
  ]
  static let cWrappers: [String] = []
  static let cContainers = [
    "preproc_ifdef", "preproc_if", "preproc_else", "preproc_elif", "preproc_elifdef", "linkage_specification",
  ]
  static let cBodies = [
    "compound_statement", "field_declaration_list", "enumerator_list", "declaration_list", "initializer_list",
  ]

  /// What a declarator declares, found by following it inward past pointers, arrays, parameters and parentheses.
  private struct Declared {
    var name: SyntaxNode
    var isFunction: Bool
    /// It has parameters, but what takes them is a pointer: `int (*f)(void)`.
    var parameters: SyntaxNode?
  }

  private static func declared(by declarator: SyntaxNode) -> Declared? {
    var node = declarator
    var isFunction = false
    var parameters: SyntaxNode?
    for _ in 0..<32 {
      if node.isType("function_declarator") {
        isFunction = true
        parameters = node.child("parameters")
      } else if node.isType("pointer_declarator"), isFunction {
        // Undone again if a function lies inside the parentheses.
        isFunction = false
      }
      if let inner = node.child("declarator") {
        node = inner
      } else if node.isType("parenthesized_declarator") || node.isType("attributed_declarator")
        || node.isType("reference_declarator") || node.isType("pointer_declarator")
      {
        guard let inner = node.firstNamedChildren.last(where: { !$0.isType("ms_call_modifier") }) else { return nil }
        node = inner
      } else {
        break
      }
    }
    return Declared(name: node, isFunction: isFunction, parameters: parameters)
  }

  /// `Foo::bar` apart: what is before the last `::` encloses.
  private static func name(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> FoundName {
    var node = node
    var enclosing: [String] = []
    for _ in 0..<16 {
      if node.isType("qualified_identifier") {
        if let scope = node.child("scope") {
          enclosing.append(source.name((scope.child("name") ?? scope).bytes))
        }
        guard let inner = node.child("name") else { break }
        node = inner
      } else if node.isType("template_function") || node.isType("template_type") || node.isType("template_method") {
        guard let inner = node.child("name") else { break }
        node = inner
      } else {
        break
      }
    }
    return FoundName(node, source, enclosing: enclosing)
  }

  private static func cFunction(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let declarator = node.child("declarator"), let declared = declared(by: declarator) else { return [] }
    // `TEST(Suite, name) { … }` has no type: a macro makes the function.
    if node.child("type") == nil, source.isCapitals(declared.name.bytes), let parameters = declared.parameters {
      let arguments = parameters.firstNamedChildren
      let names = macroNames(declared.name, arguments, source)
      if !names.isEmpty { return names }
      // `PYBIND11_MODULE(name, m) { … }`
      guard let first = arguments.first, first.end - first.start < 100 else { return [] }
      return [argumentName(first, source, kind: .function)]
    }
    return [name(declared.name, source)]
  }

  private static func cDeclaration(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    var found: [FoundName] = []
    var isExtern = false
    var isConstant = false
    for child in node.firstNamedChildren {
      if child.isType("storage_class_specifier") {
        isExtern = isExtern || source.equals(child.bytes, "extern")
      } else if child.isType("type_qualifier") {
        isConstant = isConstant || source.begins(child.bytes, with: "const")
      } else if child.isType("struct_specifier") || child.isType("enum_specifier") || child.isType("union_specifier")
        || child.isType("class_specifier")
      {
        // `struct foo { … } bar;` defines the struct first, and the walk will come to it.
        if child.child("body") != nil, child.child("name") != nil { return [] }
      }
    }
    if let type = node.child("type"), source.begins(type.bytes, with: "DE") {
      // `static DEFINE_SPINLOCK(lock);` and `static DEFINE_PER_CPU(int, count);` read as declarations.
      if type.isType("macro_type_specifier"), let last = type.child("type") { return [FoundName(last, source)] }
      if source.isCapitals(type.bytes), let declarator = node.child("declarator"),
        declarator.isType("parenthesized_declarator"), let inner = declarator.namedChild(0)
      {
        return [FoundName(inner, source)]
      }
    }
    for child in node.firstNamedChildren {
      let isDeclarator =
        child.isType("init_declarator") || child.isType("identifier") || child.isType("pointer_declarator")
        || child.isType("array_declarator") || child.isType("function_declarator")
        || child.isType("reference_declarator") || child.isType("attributed_declarator")
        || child.isType("qualified_identifier")
      guard isDeclarator, let declared = declared(by: child) else { continue }
      if !declared.isFunction, isExtern { continue }
      guard var variable = variable(declared.name, child, source) else { continue }
      variable.kind = isConstant ? .constant : .variable
      variable.isAnnouncement = declared.isFunction
      found.append(variable)
    }
    return found
  }

  /// The variable that a declarator names. Code that hangs a macro on a variable (`int __read_mostly x;`) leads the
  /// grammar to take the macro for the name; the name then stands behind it, in an error or in the text after the
  /// declaration.
  private static func variable(
    _ node: SyntaxNode, _ declarator: SyntaxNode, _ source: borrowing Span<UInt8>
  ) -> FoundName? {
    let keywords: [StaticString] = ["int", "char", "long", "short", "void", "unsigned", "bool", "struct", "double"]
    if keywords.contains(where: { source.equals(node.bytes, $0) }) { return nil }
    guard source.begins(node.bytes, with: "__") else { return name(node, source) }
    if let error = declarator.child(ofType: "ERROR"), let inner = error.child(ofType: "identifier") {
      return FoundName(inner, source)
    }
    var position = declarator.end
    while position < source.count, source[position] == .space || source[position] == .tab { position += 1 }
    var end = position
    while end < source.count, source.isIdentifier(at: end) { end += 1 }
    if end == position { return name(node, source) }
    var after = end
    while after < source.count, source[after] == .space { after += 1 }
    let isVariable =
      after < source.count && [UInt8.semicolon, .equalsSign, .leftBracket, .comma].contains(source[after])
    if !isVariable || source.begins(position..<end, with: "__") { return nil }
    return FoundName(source.name(position..<end), row: node.startRow)
  }

  private static func cMethodDeclaration(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let declarator = node.child("declarator"), let declared = declared(by: declarator), declared.isFunction
    else { return [] }
    return [name(declared.name, source)]
  }

  /// A struct, union, class or enum with a body; without one it is a mention.
  private static func cTag(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard node.child("body") != nil, let tag = node.child("name") else { return [] }
    return [name(tag, source)]
  }

  private static func cTypedef(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    if let macro = node.child(ofType: "macro_type_specifier"), let type = macro.child("name"),
      source.begins(type.bytes, with: "NS_"), let error = macro.child(ofType: "ERROR"), let name = error.namedChild(0)
    {
      // `typedef NS_ENUM(NSInteger, Color) { … };`
      return [FoundName(name, source, kind: .enumeration)]
    }
    var found: [FoundName] = []
    if let type = node.child("type"), type.child("body") != nil, let tag = type.child("name") {
      var first = name(tag, source)
      if type.isType("enum_specifier") { first.kind = .enumeration }
      found.append(first)
    }
    for child in node.firstNamedChildren.dropFirst() {
      // To the grammar `uint32_t` is a word of the language.
      guard let declared = declared(by: child),
        declared.name.isType("type_identifier") || declared.name.isType("primitive_type")
      else { continue }
      let alias = FoundName(declared.name, source)
      if alias.text != found.first?.text { found.append(alias) }
    }
    if !found.isEmpty { found[0].includesChildren = true }
    return found
  }

  /// `SYSCALL_DEFINE3(read, …)`, `DEFINE_MUTEX(lock);`: a macro whose name says that it defines its argument.
  private static func cMacroCall(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let call = node.namedChild(0), call.isType("call_expression"), let macro = call.child("function"),
      source.isCapitals(macro.bytes) || source.begins(macro.bytes, with: "DEFINE_"),
      let arguments = call.child("arguments")
    else { return [] }
    return macroNames(macro, arguments.firstNamedChildren, source)
  }

  /// What a macro's argument names: a word, or what stands in quotes.
  private static func argumentName(
    _ node: SyntaxNode, _ source: borrowing Span<UInt8>, kind: Symbol.Kind
  ) -> FoundName {
    guard node.end - node.start > 2, source[node.start] == .doubleQuote, source[node.end - 1] == .doubleQuote else {
      return FoundName(node, source, kind: kind)
    }
    return FoundName(source.name((node.start + 1)..<(node.end - 1)), row: node.startRow, kind: kind)
  }

  private static func macroNames(
    _ macro: SyntaxNode, _ arguments: [SyntaxNode], _ source: borrowing Span<UInt8>
  ) -> [FoundName] {
    let text = source.name(macro.bytes)
    guard let first = arguments.first else { return [] }
    if text.hasPrefix("TEST") || text.hasPrefix("BENCHMARK") || text.hasPrefix("TYPED_TEST")
      || text.contains("TEST_CASE")
      || text.contains("SCENARIO")
    {
      // `TEST_CASE_METHOD(Fixture, "a case")`
      if text.hasSuffix("_METHOD"), arguments.count > 1 { return [argumentName(arguments[1], source, kind: .function)] }
      // Of two, the first is the suite; but not where they are words in quotes, or a case and its fixture.
      guard arguments.count > 1, source[first.start] != .doubleQuote, !text.contains("TEST_CASE") else {
        return [argumentName(first, source, kind: .function)]
      }
      return [FoundName(arguments[1], source, enclosing: [source.name(first.bytes)], kind: .function)]
    }
    let isDefinition =
      text.contains("DEFINE") || text.hasPrefix("DECLARE_") || text.hasPrefix("BPF_CALL_") || text.hasSuffix("_HEAD")
      || text.hasSuffix("_EVENT") || text.hasSuffix("EVENT_CLASS")
    guard isDefinition, let name = text.contains("PER_CPU") ? arguments.last : first else { return [] }
    return [FoundName(name, source, kind: text.contains("SYSCALL") || text.hasPrefix("BPF_") ? .function : .variable)]
  }
}
