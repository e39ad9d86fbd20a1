import Chunking
import Segments

/// Prefers the chunk that defines what the question names over those that mention it: the symbol that was asked for, a
/// name among its words, or the name that its words make together (`parse date` asks for `parsedate` and `ParseDate`).
package enum DefinitionStep: RankingStep {
  package static let signal = Signal.definition

  package static func apply(to pool: inout CandidatePool) {
    let query = pool.query
    let identifiers = query.terms.filter(\.isIdentifier)
    // Of `a.b.c` the last is asked for, the others say where it lies.
    let asked = query.shape == .symbol ? Array(identifiers.suffix(1)) : identifiers
    let qualifiers = query.shape == .symbol ? Set(query.terms.dropLast().map(\.word)) : []
    let joined = Set(LexicalPlan.joinedNames(of: query))
    let actions = LexicalPlan.actionNames(of: query)
    let single = Set(query.contentTerms.filter { !$0.isIdentifier }.flatMap { [$0.word] + $0.variants.prefix(1) })
    let isOneWord = query.terms.count == 1
    let unit = query.shape == .symbol ? pool.weights.symbolDefinition : pool.weights.mixedDefinition
    for i in pool.candidates.indices {
      var best: Float = 0
      var matched: String?
      for symbol in pool.candidates[i].stored.chunk.symbols {
        let name = lastName(symbol.name)
        let lower = name.lowercased()
        var value: Float = 0
        for term in asked where term.word == lower || term.word == symbol.name.lowercased() {
          value = unit * (term.text == name ? 1 : 0.8)
          if symbol.enclosing.contains(where: { qualifiers.contains($0.lowercased()) }) { value += 0.3 * unit }
          if pool.files[pool.candidates[i].file].stemWords.first == lower { value += 0.3 * unit }
        }
        if value == 0 {
          if actions.contains(lower) {
            value = pool.weights.actionDefinition
          } else if actions.contains(where: { lower.hasPrefix($0) }) {
            value = pool.weights.actionDefinition * 0.6
          } else if joined.contains(lower) {
            value = pool.weights.joinedDefinition
          } else if single.contains(lower) {
            value = isOneWord ? pool.weights.symbolDefinition * 0.6 : pool.weights.wordDefinition
          }
        }
        value *= weight(of: symbol.kind)
        if value > best {
          best = value
          matched = symbol.qualifiedName
        }
      }
      if best > 0 {
        pool.candidates[i].parts.add(best, for: signal)
        pool.candidates[i].matchedSymbol = matched
      }
    }
  }

  /// Some grammars give `Parser::read` or `M.read` as a name.
  private static func lastName(_ name: String) -> String {
    name.split { $0 == "." || $0 == ":" || $0 == "\\" || $0 == "#" }.last.map(String.init) ?? name
  }

  /// A variable of that name is less likely what was asked for than a type, and a heading tells of it only.
  private static func weight(of kind: Symbol.Kind) -> Float {
    switch kind {
    case .type, .interface, .enumeration, .function, .method, .macro, .module, .table: 1
    case .constant, .rule, .other: 0.8
    case .variable, .property: 0.6
    case .section: 0.3
    }
  }
}
