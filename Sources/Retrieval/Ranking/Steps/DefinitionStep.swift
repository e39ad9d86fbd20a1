import Chunking
import Primitives
import QueryLanguage
import Segments

/// Prefers the chunk that defines what the query names over those that mention it: the symbol that was asked for, a
/// name among its words, or the name that its words make together (`parse date` asks for `parsedate` and `ParseDate`).
enum DefinitionStep: RankingStep {
  static let signal = Signal.definition

  static func apply(to pool: inout CandidatePool) {
    if pool.ranking.isOfPatterns { return applyPatterns(to: &pool) }
    let (wanted, weights) = (pool.ranking.words.wantedNames, pool.ranking.weights)
    if wanted.isEmpty { return }
    let isName = pool.ranking.query.shape == .symbol || wanted.isOneWord
    let unit = isName ? weights.symbolDefinition : weights.mixedDefinition
    let kinds = pool.ranking.query.filters.kindFilter
    var lower: [UInt8] = []
    for i in pool.candidates.indices {
      var best: Float = 0
      var matched: Int?
      var asked: Float = 0
      var isWhole = false
      var isMember = false
      for position in pool.chunks.entries[pool.candidates[i].chunk].symbols {
        let symbol = pool.chunks.symbols[position]
        // A chunk passes a filter by any of its symbols; what is asked for is of the kind itself.
        if let kinds, !kinds.admits(symbol.kind) { continue }
        let name = pool.chunks.bytes.span.extracting(symbol.name.range)
        guard let (range, written) = wanted.lastName(in: name, lowercased: &lower) else { continue }
        // A comment that was cut from what it stands before tells of the definition, which is elsewhere.
        let isHere = pool.chunks.entries[pool.candidates[i].chunk].lines.contains(symbol.line)
        let nearness: Float = isHere ? 1 : weights.distantDefinition
        var value: Float = 0
        for number in wanted.asked(lower.span, range) {
          let isWritten = wanted.isWritten(name.extracting(written), as: number)
          if wanted.isType(number), !isWritten || !isType(symbol.kind) { continue }
          let spelling: Float = isWritten ? 1 : weights.otherSpelling
          value = unit * spelling
          let isQualified = wanted.hasQualifier(around: symbol, in: pool.chunks)
          if isQualified { value += weights.qualifiedDefinition * unit }
          // Of `a.b` where nothing is called `a` this is another `b`.
          let file = pool.files[pool.candidates[i].file]
          let isOther =
            wanted.hasQualifiers && !isQualified && !wanted.hasQualifier(in: file)
            && !wanted.hasQualifier(atEndOfStemOf: file)
          // A member of a module is what stands in its file or directory and in nothing else, one of a type what that
          // type holds.
          if isWritten, isHere, weight(of: symbol.kind) == 1,
            wanted.hasQualifier(closestTo: symbol, in: pool.chunks)
              || symbol.enclosing.isEmpty
                && (wanted.hasQualifier(asStemOf: file) || wanted.hasQualifier(atEndOfStemOf: file)
                  || wanted.hasQualifier(asDirectoryOf: file))
          {
            isWhole = true
          }
          let share: Float = isOther ? weights.otherDefinition : 1
          value *= share
          asked = max(asked, spelling * weight(of: symbol, in: pool.chunks, weights) * share * nearness)
          if isStem(of: pool.files[pool.candidates[i].file], lower.span.extracting(range)) {
            // `Store.Reading.cs` is a part of what `Store.cs` is named for.
            let hasMore = pool.files[pool.candidates[i].file].hasSeveralExtensions
            value +=
              (hasMore ? weights.definitionNamingPartOfFile : weights.definitionNamingFile)
              * unit
          }
        }
        let membership = wanted.membership(
          of: lower.span.extracting(range), symbol, in: pool.chunks, pool.files[pool.candidates[i].file])
        value = max(value, weights.memberDefinition * membership)
        if value == 0 {
          switch wanted.role(of: lower.span.extracting(range)) {
          case .action: value = weights.actionDefinition
          case .actionAndMore: value = weights.actionDefinition * weights.longerAction
          case .joined: value = weights.joinedDefinition
          case .single:
            value = weights.wordDefinition
          case nil: break
          }
        }
        value *= weight(of: symbol, in: pool.chunks, weights) * nearness
        if value > best {
          best = value
          matched = position
          isMember = membership > 0
        }
      }
      if best > 0 {
        pool.candidates[i].parts.add(best, for: signal)
        pool.candidates[i].matchedSymbol = matched
        pool.candidates[i].definesMember = isMember
        if isName {
          pool.candidates[i].askedDefinition = asked
          // The `b` of the module `a` is what `a.b` means wherever it is written so.
          if isWhole { pool.candidates[i].written = max(1, pool.candidates[i].written) }
        }
      }
    }
  }

  /// The same of a query of patterns alone: the line that defines something is what they match.
  private static func applyPatterns(to pool: inout CandidatePool) {
    for i in pool.candidates.indices {
      guard let symbol = pool.candidates[i].patternSymbol else { continue }
      let weight = weight(of: pool.chunks.symbols[symbol], in: pool.chunks, pool.ranking.weights)
      pool.candidates[i].parts.add(pool.ranking.weights.mixedDefinition * weight, for: signal)
      pool.candidates[i].matchedSymbol = symbol
    }
  }

  /// Whether `name` is the first word of the file's name.
  private static func isStem(of file: CandidateFile, _ name: Span<UInt8>) -> Bool {
    var words = WordList()
    words.append(wordsOf: file.path.bytes.span.extracting(file.stem))
    return words.words.first.map { words.bytes.span.extracting($0).isEqual(to: name) } ?? false
  }

  /// The weight of its kind; less for a constructor, which is named as the type around it.
  private static func weight(
    of symbol: ChunkList.Symbol, in chunks: borrowing ChunkList, _ weights: RankingWeights
  ) -> Float {
    let weight = weight(of: symbol.kind)
    guard let enclosing = symbol.enclosing.last, symbol.kind == .method || symbol.kind == .function else {
      return weight
    }
    let bytes = chunks.bytes.span
    let isConstructor = bytes.extracting(chunks.enclosing[enclosing].range).isEqual(
      to: bytes.extracting(symbol.name.range))
    return isConstructor ? weight * weights.constructor : weight
  }

  private static func isType(_ kind: Symbol.Kind) -> Bool {
    switch kind {
    case .type, .interface, .enumeration: true
    default: false
    }
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
