extension GrammarTable.BoundDefinition {
  /// How far `.descendant` looks before it gives up.
  private static let searchLimit = 64

  /// The names that `node` defines; empty if there is none.
  func names(of node: SyntaxNode, in source: borrowing Span<UInt8>) -> [FoundName] {
    var found: SyntaxNode?
    switch rule.name {
    case .field, .path:
      found = node
      for field in fields { found = found?.child(field: field) }
    case .child:
      for index in 0..<min(node.namedChildCount, 24) {
        if let child = node.namedChild(index), types.contains(child.symbol) {
          found = child
          break
        }
      }
    case .descendant:
      found = firstDescendant(of: node)
    case .text:
      found = node
    case .code(let find):
      return find(node, source).filter { !$0.text.isEmpty }
    }
    guard let found else { return [] }
    let name = FoundName(found, source)
    return name.text.isEmpty ? [] : [name]
  }

  /// The first node of one of the wanted types, in the order of the text, among the first few dozens.
  private func firstDescendant(of node: SyntaxNode) -> SyntaxNode? {
    var waiting = [node]
    var steps = 0
    while let next = waiting.popLast(), steps < Self.searchLimit {
      steps += 1
      if steps > 1, types.contains(next.symbol) { return next }
      waiting.append(contentsOf: next.firstNamedChildren.reversed())
    }
    return nil
  }
}
