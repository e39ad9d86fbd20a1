import Chunking

extension LanguageRules {
  static let ruby = LanguageRules(
    definitions: [
      Definition("module", .module, name: .code(rubyConstant)),
      Definition("class", .type, name: .code(rubyConstant)),
      Definition("method", .function),
      Definition("singleton_method", .function),
      Definition("assignment", .constant, name: .code(rubyAssignment), inside: .members),
      Definition("call", .property, name: .code(rubyAccessors)),
    ],
    containers: ["singleton_class"],
    bodies: ["body_statement"])

  /// `class Shop::Till`: what stands before the last `::` encloses.
  private static func rubyConstant(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.child("name") else { return [] }
    guard name.isType("scope_resolution"), let last = name.child("name") else { return [FoundName(name, source)] }
    return [FoundName(last, source, enclosing: name.child("scope").map { [source.name($0.bytes)] } ?? [])]
  }

  private static func rubyAssignment(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let left = node.child("left"), left.isType("constant") else { return [] }
    var kind = Symbol.Kind.constant
    if let right = node.child("right"), right.isType("call"), let receiver = right.child("receiver"),
      ["Struct", "Class", "Data", "Module"].contains(source.name(receiver.bytes))
    {
      kind = .type
    }
    return [FoundName(left, source, kind: kind)]
  }

  /// `attr_reader :name, :size`
  private static func rubyAccessors(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let method = node.child("method"), source.begins(method.bytes, with: "attr_"),
      let arguments = node.child("arguments")
    else { return [] }
    return arguments.firstNamedChildren.filter { $0.isType("simple_symbol") }
      .map { ($0.start + 1)..<$0.end }.map { FoundName(source.name($0), row: node.startRow) }
  }
}
