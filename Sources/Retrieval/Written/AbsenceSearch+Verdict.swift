import Segments

extension AbsenceSearch {
  /// Where a query's quoted phrases stand, and what else is looked for in the files as it is written.
  struct Sought {
    var holders: [ChunkPlace] = []
    /// Those that no file holds.
    var absences: [Absence] = []
  }

  /// Looks in the files for what `query` says as it is written.
  /// - Parameter limit: of the chunks that hold one of them.
  func sought(by query: ParsedQuery, limit: Int) -> Sought {
    var found = Sought()
    let texts = query.sought
    if texts.isEmpty { return found }
    let written = WrittenQuery(query, frequencies: [:], chunkCount: 1)
    for (i, text) in texts.enumerated() {
      let (places, isCertain) = holders(of: i, in: written, text: text, limit: limit)
      found.holders += places
      if places.isEmpty, isCertain { found.absences.append(Absence(kind: .phrase, text: text, nearNames: [])) }
    }
    return found
  }

  /// What of `query` is nowhere, and whether that is what was asked for, so that all results are only near. This alone decides it:
  ///
  /// 1. A path that is all of the query and that no file has is all there is to say.
  /// 2. Otherwise what was sought as it is written is nowhere; or, where none of that is, words; or, where none is, a token of several.
  /// 3. Where a place that the query names is there, words around it are those of a traceback, and something was found.
  /// 4. What is held by files alone that the filters leave out is nowhere among the others.
  /// 5. Files with lines that are not there are told of beside all else.
  func verdict(
    on query: ParsedQuery, _ sought: Sought, _ found: FoundCandidates
  ) -> (absences: [Absence], isAbsent: Bool) {
    var absences: [Absence] = []
    var isAbsent = false
    let hasPlace = !query.places.isEmpty && found.candidates.contains { $0.placeGrade > 0 }
    if !hasPlace, let file = file(of: query) {
      absences = [file]
      isAbsent = true
    } else {
      absences = sought.absences
      if absences.isEmpty { absences = words(of: query, frequencies: found.frequencies) }
      if absences.isEmpty, let unit = unit(of: query) { absences = [unit] }
      if hasPlace {
        absences.removeAll { $0.kind == .word }
      } else {
        isAbsent = query.isOnlyPlace || absences.contains { isAsked($0, by: query) }
        if !isAbsent, let elsewhere = leftOutByFilters(query, found, sought.holders) {
          absences.append(elsewhere)
          isAbsent = true
        }
      }
    }
    absences += query.absentFiles.map { Absence(kind: .file, text: $0, nearNames: []) }
    return (absences, isAbsent)
  }

  /// Whether `absence` is what `query` asks for, and not one of several things that it says.
  private func isAsked(_ absence: Absence, by query: ParsedQuery) -> Bool {
    let isOneToken = !query.isPasted && !query.text.utf8.contains(UInt8(ascii: " "))
    switch absence.kind {
    // What a pasted message or traceback quotes may be a value of the moment.
    case .phrase: return query.places.isEmpty && !query.isPasted && !query.isCopied
    // Of `a.b.c` the last is asked for; no part of `v1.2.3-beta` is by itself.
    case .name:
      return query.shape == .symbol && absence.text == query.terms.last?.text
        || isOneToken && IdentifierShape.components(of: query.text) == nil
    case .word: return isOneToken
    case .file: return true
    }
  }

  /// What is asked for, one name, word or quoted phrase, where the index holds it and nothing that the filters pass does.
  private func leftOutByFilters(
    _ query: ParsedQuery, _ found: FoundCandidates, _ holders: [ChunkPlace]
  ) -> Absence? {
    if query.filters.isEmpty || query.isPasted || !query.places.isEmpty { return nil }
    let sought = query.sought
    if !sought.isEmpty {
      guard sought.count == 1, !holders.isEmpty, !query.isCopied else { return nil }
      let known = Set(holders)
      if found.candidates.contains(where: { known.contains($0.place) }) { return nil }
      return Absence(kind: .phrase, text: sought[0], nearNames: [], isElsewhere: true)
    }
    // Of `a.b.c` the last is asked for.
    guard query.shape == .symbol || query.terms.count == 1, let term = query.terms.last,
      let number = found.question.words.words.firstIndex(of: term.word), found.frequencies[term.word] ?? 0 > 0
    else { return nil }
    // What holds the word as it was typed is among the best by their words, however few these are.
    let isHeld = (found.candidates + found.rest).contains { $0.heldTyped >> UInt64(number) & 1 != 0 }
    return isHeld
      ? nil : Absence(kind: term.isIdentifier ? .name : .word, text: term.text, nearNames: [], isElsewhere: true)
  }
}
