import Chunking

extension LanguageRules {
  static let haskell = LanguageRules(
    definitions: [
      Definition("header", .module, name: .field("module"), inside: .code),
      Definition("data_type", .type),
      Definition("newtype", .type),
      Definition("type_synomym", .type),
      Definition("type_family", .type),
      Definition("data_family", .type),
      Definition("data_constructor", .constant, name: .descendant(["constructor", "constructor_operator"])),
      Definition("gadt_constructor", .constant),
      Definition("class", .interface),
      Definition("instance", nil, name: .code(haskellInstance)),
      Definition("signature", .function, name: .code(haskellName), isFoundInFunctions: false),
      Definition("function", .function, name: .code(haskellName), isFoundInFunctions: false),
      Definition("bind", .function, name: .code(haskellName), isFoundInFunctions: false),
    ],
    bodies: ["declarations", "class_declarations", "instance_declarations", "data_constructors", "local_binds"],
    attributes: ["haddock", "pragma"],
    mergesClauses: true)

  /// `sell`, `(<+>)` and the operator of `a <+> b = …`.
  private static func haskellName(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    if let name = node.child("name") {
      return [FoundName(name.isType("prefix_id") ? name.namedChild(0) ?? name : name, source)]
    }
    guard let infix = node.child(ofType: "infix"), let name = infix.child("operator") else { return [] }
    return [FoundName(name, source)]
  }

  private static func haskellInstance(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    return [FoundName(source.name(name.start..<(node.child("patterns")?.end ?? name.end)), row: name.startRow)]
  }

  static let elm = LanguageRules(
    definitions: [
      Definition("module_declaration", .module, name: .field("name"), inside: .code),
      Definition("type_alias_declaration", .type),
      Definition("type_declaration", .type),
      Definition("union_variant", .constant),
      Definition("type_annotation", .function, isFoundInFunctions: false),
      Definition("port_annotation", .function),
      Definition(
        "value_declaration", .function, name: .descendant(["lower_case_identifier"]), isFoundInFunctions: false),
    ],
    mergesClauses: true)

  static let ocaml = LanguageRules(
    definitions: [
      Definition("module_binding", .module, name: .child(["module_name"])),
      Definition("module_type_definition", .interface, name: .child(["module_type_name"])),
      Definition("type_binding", .type),
      Definition("constructor_declaration", .constant, name: .child(["constructor_name"])),
      Definition("let_binding", .function, name: .code(ocamlBinding), inside: .code),
      Definition("value_specification", .function, name: .child(["value_name", "parenthesized_operator"])),
      Definition("external", .function, name: .child(["value_name"])),
      Definition("class_binding", .type, name: .child(["class_name"])),
      Definition("method_definition", .method, name: .child(["method_name"])),
    ],
    wrappers: [
      "value_definition", "type_definition", "module_definition", "class_definition", "exception_definition",
    ],
    bodies: ["structure", "signature", "record_declaration", "variant_declaration", "object_expression"],
    closures: ["fun_expression", "function_expression"])

  /// A function has parameters, or is `fun` or `function` itself.
  private static func ocamlBinding(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("pattern"), name.isType("value_name") || name.isType("parenthesized_operator") else {
      return []
    }
    let takesMore = node.child(ofType: "parameter") != nil
    let body = node.child("body")
    let isFunction = body?.isType("fun_expression") ?? false || body?.isType("function_expression") ?? false
    return [FoundName(name, source, kind: takesMore || isFunction ? .function : .constant)]
  }

  static let erlang = LanguageRules(
    definitions: [
      Definition("module_attribute", .module, inside: .following),
      Definition("record_decl", .type, inside: .code),
      Definition("type_alias", .type, name: .path(["name", "name"]), inside: .code),
      Definition("opaque", .type, name: .path(["name", "name"]), inside: .code),
      Definition("pp_define", .macro, name: .path(["lhs", "name"])),
      Definition("spec", .function, name: .field("fun")),
      Definition("callback", .function, name: .field("fun")),
      Definition("fun_decl", .function, name: .path(["clause", "name"])),
    ],
    mergesClauses: true)

  static let gleam = LanguageRules(
    definitions: [
      Definition("function", .function),
      Definition("external_function", .function),
      Definition("constant", .constant),
      Definition("type_definition", .type, name: .descendant(["type_identifier"])),
      Definition("type_alias", .type, name: .descendant(["type_identifier"])),
      Definition("data_constructor", .constant),
    ],
    bodies: ["data_constructors"],
    attributes: ["attribute"],
    closures: ["anonymous_function"])

  static let elixir = LanguageRules(
    definitions: [
      Definition("call", .function, name: .code(elixirDefinition)),
      Definition("unary_operator", .constant, name: .code(elixirAttribute)),
    ],
    bodies: ["do_block"],
    attributes: ["unary_operator"],
    closures: ["anonymous_function"],
    mergesClauses: true)

  /// Definitions are calls of macros: `def`, `defmodule`.
  private static func elixirDefinition(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let target = node.child("target"), source.begins(target.bytes, with: "def"),
      let arguments = node.child(ofType: "arguments"), var name = arguments.namedChild(0)
    else { return [] }
    let kind: Symbol.Kind
    switch source.name(target.bytes) {
    case "defmodule": return [FoundName(name, source, kind: .module, inside: .members)]
    case "defprotocol": return [FoundName(name, source, kind: .interface, inside: .members)]
    case "defimpl":
      var found = FoundName(name, source, inside: .members)
      if let type = arguments.child(ofType: "keywords")?.namedChild(0)?.child("value") {
        found.text += " for " + source.name(type.bytes)
      }
      found.isScopeOnly = true
      return [found]
    case "def", "defp", "defdelegate", "defn", "defnp": kind = .function
    case "defmacro", "defmacrop", "defguard", "defguardp": kind = .macro
    default: return []
    }
    // `name(args) when guard`
    if name.isType("binary_operator"), let left = name.child("left") { name = left }
    if name.isType("call"), let inner = name.child("target") { name = inner }
    return [FoundName(name, source, kind: kind)]
  }

  /// `@limit 3` is a constant; `@doc`, `@spec` and their kin belong to what follows.
  private static func elixirAttribute(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let call = node.child("operand"), let target = call.child("target"), source.begins(node.bytes, with: "@")
    else { return [] }
    let name = source.name(target.bytes)
    let known = [
      "after_compile", "before_compile", "behaviour", "callback", "compile", "deprecated", "derive", "dialyzer", "doc",
      "enforce_keys", "external_resource", "impl", "macrocallback", "moduledoc", "on_load", "opaque",
      "optional_callbacks", "since", "spec", "tag", "type", "typedoc", "typep", "vsn",
    ]
    return known.contains(name) ? [] : [FoundName(name, row: target.startRow)]
  }

  static let nix = LanguageRules(
    definitions: [Definition("binding", .property, name: .code(nixBinding), inside: .members, maximumDepth: 2)],
    bodies: ["binding_set"])

  private static func nixBinding(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let path = node.child("attrpath") else { return [] }
    let isFunction = node.child("expression")?.isType("function_expression") ?? false
    return [FoundName(path, source, kind: isFunction ? .function : .property)]
  }
}
