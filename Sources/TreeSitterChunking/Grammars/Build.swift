import Chunking

extension LanguageRules {
  static let make = LanguageRules(
    definitions: [
      Definition("rule", .rule, name: .code(makeTargets)),
      Definition("variable_assignment", .variable),
      Definition("define_directive", .macro),
    ],
    containers: ["conditional"])

  private static func makeTargets(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let targets = node.child(ofType: "targets") else { return [] }
    return targets.firstNamedChildren.map { ($0.bytes, $0.startRow) }
      .filter { !source.begins($0.0, with: ".PHONY") }
      .map { FoundName(source.name($0.0), row: $0.1) }
  }

  static let cmake = LanguageRules(
    definitions: [
      Definition("function_def", .function, name: .descendant(["unquoted_argument", "quoted_argument"])),
      Definition("macro_def", .macro, name: .descendant(["unquoted_argument", "quoted_argument"])),
      Definition("normal_command", .rule, name: .code(cmakeCommand)),
    ],
    containers: ["if_condition", "foreach_loop"])

  private static func cmakeCommand(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let command = node.namedChild(0), let first = node.child(ofType: "argument_list")?.namedChild(0) else {
      return []
    }
    switch source.name(command.bytes).lowercased() {
    case "add_library", "add_executable", "add_custom_target": return [FoundName(first, source)]
    case "project": return [FoundName(first, source, kind: .module)]
    case "set", "option": return [FoundName(first, source, kind: .variable)]
    default: return []
    }
  }

  /// A stage is a section; it is called by its alias, or else by its image.
  static let dockerfile = LanguageRules(
    definitions: [
      Definition("from_instruction", .section, name: .code(dockerStage), inside: .following),
      Definition("arg_instruction", .variable),
      Definition("env_pair", .variable),
    ],
    wrappers: ["env_instruction"])

  private static func dockerStage(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("as") ?? node.child(ofType: "image_spec") else { return [] }
    return [FoundName(name, source)]
  }
}
