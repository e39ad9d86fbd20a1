import Primitives

/// A query with `AND`, `OR` or `NOT` in it: what is ranked, and what a result must satisfy.
///
/// `NOT` binds tightest, then words beside each other, then `AND`, then `OR`; parentheses group. What an operator joins
/// must be there; words beside each other that no operator joins are ranked, as in any query. Operators are in
/// capitals: `or` is a word, and so is an operator in a sentence, a message or SQL (`Could NOT find`, `IS NOT NULL`).
struct QueryExpression {
  /// The query without operators, parentheses and what is negated.
  private(set) var text = ""
  private(set) var condition: QueryNode

  /// A query is no expression, or one that cannot be understood.
  enum Reading {
    case plain
    case expression(QueryExpression)
    /// Its operators are words, for this reason.
    case broken(String)
  }

  /// More is pasted text.
  private static let byteCountLimit = 16 << 10
  /// Each costs a posting list or a pass over the paths of each segment.
  static let leafLimit = 256
  fileprivate static let depthLimit = 64

  /// - Parameters:
  ///   - patterns: those of `text`, in their order.
  ///   - leaf: what items beside each other must satisfy: words, filters, and texts in their quotation marks.
  static func reading(
    of text: String, patterns: [PatternScan.Found] = [], leaf: @escaping ([String]) -> QueryNode
  ) -> Reading {
    guard mayHoldOperator(text) || patterns.contains(where: \.isNegated) else { return .plain }
    if text.utf8.count > byteCountLimit {
      let isLines = text.utf8.contains(0x0A)
      return isLines || !text.contains(" AND ") && !text.contains(" OR ") ? .plain : .broken("it has more than 16 KiB")
    }
    let lexemes = QueryLexeme.lexemes(of: text, patterns: patterns)
    let isOperator = OperatorScan(lexemes).isOperator
    if !isOperator.contains(true) { return .plain }
    var parser = Parser(lexemes: lexemes, isOperator: isOperator)
    do throws(Broken) {
      let syntax = try parser.parse()
      var conversion = Conversion(leaf: leaf)
      let condition = QueryNode.all(of: conversion.free(syntax))
      if condition.leaves.count > leafLimit {
        return .broken("there are more than \(leafLimit) parts in it")
      }
      return .expression(QueryExpression(text: conversion.texts.joined(separator: " "), condition: condition))
    } catch { return .broken(error.reason) }
  }

  private static func mayHoldOperator(_ text: String) -> Bool {
    var last: UInt8 = 0
    for byte in text.utf8 {
      // `OR`, and the second letters of `AND` and `NOT`.
      if last == UInt8(ascii: "O"), byte == UInt8(ascii: "R") || byte == UInt8(ascii: "T") { return true }
      if last == UInt8(ascii: "N"), byte == UInt8(ascii: "D") { return true }
      if last == UInt8(ascii: "-"), byte == UInt8(ascii: "\"") { return true }
      last = byte
    }
    return false
  }

  struct Broken: Error {
    var reason: String
  }

  /// What was typed, with its groups.
  indirect enum Syntax {
    /// A word, a filter, or a text with its quotation marks.
    case item(String)
    case pattern(TextPattern)
    case not(Syntax)
    case sequence([Syntax])
    case and([Syntax])
    case or([Syntax])
  }
}

extension QueryExpression {
  /// Descends through the operators, the loosest first.
  private struct Parser {
    let lexemes: [QueryLexeme]
    let isOperator: [Bool]
    private var next = 0
    private var depth = 0

    init(lexemes: [QueryLexeme], isOperator: [Bool]) {
      self.lexemes = lexemes
      self.isOperator = isOperator
    }

    mutating func parse() throws(Broken) -> Syntax {
      let syntax = try disjunction()
      if next < lexemes.count { throw Broken(reason: "a parenthesis is closed that was not opened") }
      return syntax
    }

    private mutating func takes(_ name: String) -> Bool {
      guard next < lexemes.count, isOperator[next], lexemes[next].word == name else { return false }
      next += 1
      return true
    }

    private mutating func disjunction() throws(Broken) -> Syntax {
      var parts = [try conjunction()]
      while takes("OR") { parts.append(try conjunction()) }
      return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction() throws(Broken) -> Syntax {
      var parts = [try sequence()]
      while takes("AND") { parts.append(try sequence()) }
      return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func sequence() throws(Broken) -> Syntax {
      var parts: [Syntax] = []
      while next < lexemes.count {
        if lexemes[next] == .close { break }
        if isOperator[next], lexemes[next].word != "NOT" { break }
        parts.append(try item())
      }
      if parts.isEmpty {
        let name = next < lexemes.count ? lexemes[next].word : nil
        throw Broken(
          reason: name.map { "nothing stands before \($0)" }
            ?? (next < lexemes.count ? "there is nothing between two parentheses" : "nothing stands after an operator"))
      }
      return .sequence(parts)
    }

    private mutating func item() throws(Broken) -> Syntax {
      if takes("NOT") {
        guard next < lexemes.count, lexemes[next] != .close, !isOperator[next] || lexemes[next].word == "NOT" else {
          throw Broken(reason: "nothing stands after NOT")
        }
        return .not(try nested { (parser) throws(Broken) in try parser.item() })
      }
      defer { next += 1 }
      switch lexemes[next] {
      case .word(let word): return .item(word)
      case .phrase(let phrase): return .item("\"\(phrase)\"")
      case .pattern(let pattern): return .pattern(pattern)
      case .minus: return .item("-")
      case .close: throw Broken(reason: "a parenthesis is closed that was not opened")
      case .open:
        next += 1
        let group = try nested { (parser) throws(Broken) in try parser.disjunction() }
        guard next < lexemes.count, lexemes[next] == .close else {
          throw Broken(reason: "a parenthesis is not closed")
        }
        return group
      }
    }

    private mutating func nested(_ body: (inout Parser) throws(Broken) -> Syntax) throws(Broken) -> Syntax {
      if depth == QueryExpression.depthLimit {
        throw Broken(reason: "it is nested more than \(QueryExpression.depthLimit) deep")
      }
      depth += 1
      defer { depth -= 1 }
      return try body(&self)
    }
  }

  /// Makes of what was typed what is ranked and what a result must satisfy.
  private struct Conversion {
    let leaf: ([String]) -> QueryNode
    /// What is ranked, in its order.
    private(set) var texts: [String] = []

    /// What results must satisfy of a part that no operator joins: its words are ranked and no more.
    mutating func free(_ syntax: Syntax) -> [QueryNode] {
      switch syntax {
      case .item(let text):
        texts.append(text)
        return []
      case .pattern(let pattern): return [.pattern(pattern)]
      case .sequence(let parts): return parts.flatMap { free($0) }
      case .and, .or, .not: return [needed(syntax, isRanked: true)]
      }
    }

    /// What makes a part true that an operator joins: all that it says.
    private mutating func needed(_ syntax: Syntax, isRanked: Bool) -> QueryNode {
      switch syntax {
      case .item(let text):
        if isRanked, !QueryToken.isFilter(text) { texts.append(text) }
        return leaf([text])
      case .pattern(let pattern): return .pattern(pattern)
      case .not(let part):
        let node = needed(part, isRanked: false)
        // What says nothing excludes nothing.
        return node == .and([]) ? node : .not(node)
      case .and(let parts): return .all(of: parts.map { needed($0, isRanked: isRanked) })
      case .or(let parts): return .any(of: parts.map { needed($0, isRanked: isRanked) })
      case .sequence(let parts):
        // Words beside each other are one text, of which stop words need not be there.
        var nodes: [QueryNode] = []
        var words: [String] = []
        func take() {
          if !words.isEmpty { nodes.append(leaf(words)) }
          words = []
        }
        for part in parts {
          guard case .item(let text) = part else {
            take()
            nodes.append(needed(part, isRanked: isRanked))
            continue
          }
          if isRanked, !QueryToken.isFilter(text) { texts.append(text) }
          words.append(text)
        }
        take()
        return .all(of: nodes)
      }
    }
  }
}
