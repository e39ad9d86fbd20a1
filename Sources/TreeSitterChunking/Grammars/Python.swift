import Chunking

extension LanguageRules {
  static let python = LanguageRules(
    definitions: [
      Definition("class_definition", .type),
      Definition("function_definition", .function),
      Definition("assignment", .variable, name: .code(pythonTargets)),
      Definition("type_alias_statement", .type, name: .path(["left"])),
    ],
    wrappers: ["decorated_definition", "expression_statement"],
    attributes: ["decorator"],
    closures: ["lambda"])

  /// Module variables, and the constants of a module or a class: `LIMIT = 1`, `a = b = f()`, `x: int = 3`.
  private static func pythonTargets(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let left = node.child("left") else { return [] }
    var targets = [left]
    if left.isType("pattern_list") { targets = left.firstNamedChildren }
    var found: [FoundName] = []
    for target in targets where target.isType("identifier") {
      let isDunder = source.begins(target.bytes, with: "__")
      found.append(FoundName(target, source, kind: isDunder || source.isCapitals(target.bytes) ? .constant : .variable))
    }
    return found
  }
}
