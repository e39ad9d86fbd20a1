import Primitives

/// What may follow the name of a command, read from its usage: `install|status|uninstall [CLIENT...]`,
/// `get KEY | set KEY VALUE`, `[DIRECTORY]`.
package struct OperandSyntax: Hashable, Sendable {
  package struct Alternative: Hashable, Sendable {
    /// The word that it begins with, such as `install`; nil where operands follow at once.
    package var word: String?
    /// What its operands are, in their order. The last one may be repeated.
    package var operands: [WordSource]
  }

  package private(set) var alternatives: [Alternative] = []

  /// The words of which the first operand is one; empty where it is anything else.
  package var words: [String] { alternatives.compactMap(\.word) }

  /// - Parameter usage: words in small letters are typed as they are, those in capitals stand for others; `|` is
  ///   between alternatives, and options are not among them.
  package init(usage: String) {
    let text = usage.replacing("[OPTIONS]", with: "").filter { !"[].".contains($0) }
    for part in text.split(separator: "|") {
      let words = part.split(separator: " ").filter { !$0.hasPrefix("-") }
      guard let first = words.first else { continue }
      let isTyped = first.allSatisfy { $0.isLowercase || $0 == "-" }
      alternatives.append(
        Alternative(
          word: isTyped ? String(first) : nil,
          operands: words.dropFirst(isTyped ? 1 : 0).map { WordSource(placeholder: String($0)) }))
    }
    // In `install|status CLIENT` without spaces around the sign, what follows goes with every word.
    guard alternatives.count > 1, !text.contains(" | "), let last = alternatives.last, !last.operands.isEmpty,
      alternatives.dropLast().allSatisfy({ $0.operands.isEmpty })
    else { return }
    for i in alternatives.indices { alternatives[i].operands = last.operands }
  }

  /// What the operand behind `before` can be.
  package func source(after before: [String]) -> WordSource {
    guard let first = before.first else {
      if !words.isEmpty { return .words(words) }
      return alternatives.first { $0.operands.contains { $0 != .free } }?.operands.first { $0 != .free } ?? .free
    }
    let typed = alternatives.first { $0.word == first }
    let operands = typed?.operands ?? alternatives.first { $0.word == nil }?.operands ?? []
    let index = before.count - (typed == nil ? 0 : 1)
    return operands.indices.contains(index) ? operands[index] : operands.last ?? .free
  }
}

extension Command {
  /// What may follow its name.
  package var operandSyntax: OperandSyntax { OperandSyntax(usage: usage) }

  /// What `operandSyntax` says as patterns of shells, of which the first that matches holds: the number of operands
  /// before, the first of them, and what comes next. Where nothing matches, words are free.
  var operandPatterns: [(count: String, first: String, source: WordSource)] {
    let syntax = operandSyntax
    var patterns: [(count: String, first: String, source: WordSource)] = [("0", "''", syntax.source(after: []))]
    for alternative in syntax.alternatives {
      for (i, source) in alternative.operands.enumerated() {
        let before = alternative.word == nil ? i : i + 1
        let isLast = i == alternative.operands.count - 1
        if before > 0 || isLast { patterns.append((isLast ? "*" : "\(before)", alternative.word ?? "*", source)) }
      }
    }
    return patterns.filter { $0.source != .free }
  }

  /// The `operandPatterns` of all commands as cases of bash and zsh: the name of the command, the number of operands
  /// before and the first of them, each with what `action` makes of what comes next.
  static func operandCases(_ action: (WordSource) -> String) -> String {
    all.flatMap { command in
      command.operandPatterns.map { pattern in
        "  '\(command.name.rawValue) '\(pattern.count)' '\(pattern.first)) \(action(pattern.source)) ;;"
      }
    }.joined(separator: "\n")
  }
}
