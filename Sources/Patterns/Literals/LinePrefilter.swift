import Kernels

/// Finds the lines that may match by literals that one of them must hold, so that the engine sees only these.
final class LinePrefilter: Sendable {
  let finder: LiteralFinder
  /// Whether what it finds are the matches themselves.
  let isExact: Bool

  /// Nil where no few literals are required, or they are in most lines.
  init?(_ required: RequiredLiterals, isExact: Bool) {
    guard let best = Self.best(of: required) else { return nil }
    let literals = best.literals
    // One letter alone is in every other line; but a search for just that needs no engine.
    guard isExact && literals.count == 1 || best.worth > 0 else { return nil }
    finder = LiteralFinder(literals.map { ($0.bytes, $0.foldsCase) })
    self.isExact = isExact && literals.count == 1
  }

  private typealias Choice = (literals: [RequiredLiterals.Literal], worth: Int)

  /// The literals that rule out most lines. What they are worth grows with how rare their bytes are.
  private static func best(of required: RequiredLiterals) -> Choice? {
    switch required {
    case .everything, .nothing: return nil
    case .literal(let literal): return ([literal], worth(of: literal))
    case .and(let parts):
      return parts.compactMap(best).max { $0.worth < $1.worth }
    case .or(let parts):
      var all: [RequiredLiterals.Literal] = []
      var least = Int.max
      for part in parts {
        guard let choice = best(of: part) else { return nil }
        all += choice.literals
        least = min(least, choice.worth)
      }
      guard all.count <= LiteralFinder.limit else { return nil }
      // Each literal more costs a comparison, and lets more lines through.
      return (all, least - 8 * (all.count - 1))
    }
  }

  private static func worth(of literal: RequiredLiterals.Literal) -> Int {
    let rarity = 255 - LiteralFinder.commonness(of: literal.bytes)
    return rarity + 40 * min(literal.bytes.count, 8) - 100
  }
}
