import Primitives

extension ThreadScope {
  /// As `map`, where each piece is started only while `context` is not over. Throws as its `check` does: nothing that
  /// was left out is ever given for the whole.
  func map<Result: Sendable>(
    _ count: Int, _ context: SearchContext, _ body: @escaping @Sendable (Int) -> Result
  ) throws(Failure) -> [Result] {
    try context.check()
    let results = map(count) { i in context.isOver ? nil : body(i) }
    try context.check()
    return results.compactMap { $0 }
  }
}
