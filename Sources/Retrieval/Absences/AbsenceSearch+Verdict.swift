import Primitives
import QueryLanguage
import Segments

extension AbsenceSearch {
  /// Where a query's quoted phrases stand, and what else is searched for in the files as it is written.
  struct Sought {
    var holders: [ChunkPlace] = []
    /// Those that no file holds.
    var absences: [Absence] = []
    /// Those that no file holds of those that were read, and more may.
    var undecided: [Absence] = []
  }

  /// Looks in the files for what `query` says as it is written. A name with signs that no file holds, and that may be a
  /// word with a sign behind it, is taken out of `query`.
  ///
  /// - Parameter limit: of the chunks that hold one of them.
  func sought(by query: inout ParsedQuery, limit: Int) -> Sought {
    var found = Sought()
    let texts = query.sought
    if texts.isEmpty { return found }
    let absences = query.soughtAbsences
    let written = WrittenQuery(query, frequencies: [:], chunkCount: 1)
    for (i, text) in texts.enumerated() {
      if context.isOver { break }
      // Of what is pasted, what the index tells nothing of is not worth reading all files.
      if query.isPasted, WrittenPhrase.isUnindexed(text) { continue }
      let isTyped = !query.isPasted && !query.isCopied || query.isOneQuotation
      let holders = holders(
        of: i, in: written, text: text, filters: query.filters, limit: limit,
        byteLimit: isTyped ? byteLimit : byteLimit / 8)
      found.holders += holders.places
      // A path in quotation marks, with or without a line, need not stand in any file.
      if !holders.places.isEmpty || query.isOneQuotation && query.isOnlyPlace || isPathInQuotationMarks(query) {
        continue
      }
      if let signed = query.signed, i == texts.count - 1, !signed.isCertain {
        query.signed = nil
      } else if holders.isCertain {
        found.absences.append(absences[i])
      } else if holders.isCut, isTyped {
        found.undecided.append(absences[i])
      }
    }
    return found
  }

  /// Whether `query` is the path of a live file, in quotation marks.
  private func isPathInQuotationMarks(_ query: ParsedQuery) -> Bool {
    guard query.isOneQuotation, let path = query.pathFragments.first, query.pathFragments.count == 1 else {
      return false
    }
    let fragment = PathFragment(path)
    return snapshot.holdsPath(context: context) { candidate in
      guard fragment.mayMatch(candidate) else { return false }
      let text = String(decoding: candidate.indices.map { candidate[$0] }, as: UTF8.self).lowercased()
      return PathMatch.gradeOfFile(text, for: path, from: query.directory) > 0
    }
  }

  /// What of `query` is nowhere, and whether that is what was asked for, so that all results are only near. This
  /// alone decides it:
  ///
  /// 1. A path that is all of the query and that no file has is all there is to say.
  /// 2. Otherwise what was sought as it is written is nowhere; or, where none of that is, words; or, where none is, a
  ///    token of several. A query of which no word stands anywhere asks for nothing that is there.
  /// 3. Where a place that the query names is there, words around it are those of a traceback, and something was found.
  /// 4. What is held by files alone that the filters leave out is nowhere among the others.
  /// 5. Files with lines that are not there are told of beside all else.
  /// 6. Where operators ask for words or phrases, what was asked for is there if a chunk satisfies them.
  func verdict(
    on query: ParsedQuery, _ sought: Sought, _ found: ScoredCandidates
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
        isAbsent = query.isOnlyPlace || (absences + sought.undecided).contains { isAsked($0, by: query) }
        if !isAbsent, sought.holders.isEmpty, isWhollyNowhere(query, sought, frequencies: found.frequencies) {
          if absences.isEmpty { absences = [Absence(kind: .text, text: query.text)] }
          isAbsent = true
        }
        if !isAbsent, let elsewhere = leftOutByFilters(query, found, sought.holders) {
          absences.append(elsewhere)
          isAbsent = true
        }
      }
    }
    absences += query.absentFiles.map { Absence(kind: .file, text: $0) }
    // What operators ask for is there where a chunk satisfies them.
    if let condition = query.condition, condition.asksForText { isAbsent = found.candidates.isEmpty }
    return (absences, isAbsent)
  }

  /// Whether `absence` is what `query` asks for, and not one of several things that it says.
  private func isAsked(_ absence: Absence, by query: ParsedQuery) -> Bool {
    let isOneToken = !query.isPasted && !query.text.utf8.contains(UInt8(ascii: " "))
    if absence.text == query.signed?.text { return true }
    switch absence.kind {
    // What a pasted message or traceback quotes may be a value of the moment.
    case .phrase: return query.places.isEmpty && !query.isCopied && (!query.isPasted || query.isOneQuotation)
    // Of `a.b.c` the last is asked for; no part of `v1.2.3-beta` is by itself.
    case .name:
      return query.shape == .symbol && absence.text == query.terms.last.map { typed($0.text, in: query) }
        || isOneToken && IdentifierShape.components(of: query.text) == nil
    case .word: return isOneToken
    case .file, .text: return true
    }
  }

  /// Whether no indexed file holds any word of `query`, words of grammar and single letters aside. Costs a look at
  /// numbers for what the candidates were found by; only where all of that is nowhere more is looked up.
  /// - Parameter frequencies: in how many chunks words stand, of those that are known.
  private func isWhollyNowhere(_ query: ParsedQuery, _ sought: Sought, frequencies: [String: Int]) -> Bool {
    func isHeld(_ term: QueryTerm) -> Bool {
      if let count = frequencies[term.word], count > 0 {
        // Of a word that the index has cut the files tell.
        return !term.isCut || !sought.absences.contains { $0.text == term.text }
      }
      return false
    }
    var terms = query.terms.filter { $0.word.utf8.count > 1 && !StopWords.contains($0.word) }
    if terms.isEmpty { terms = query.terms.filter { $0.word.utf8.count > 1 } }
    // A pair of letters may stand elsewhere though the run that it is of is nowhere.
    let absentRuns = query.runs.filter { run in
      terms.contains { frequencies[$0.word] == 0 && run.contains($0.word) }
    }
    terms.removeAll { term in absentRuns.contains { $0.contains(term.word) } }
    if terms.isEmpty { return !absentRuns.isEmpty }
    if terms.contains(where: isHeld) || holdsPath(of: query) { return false }
    // Numbers beside words are not among the candidates' words, nor are other spellings.
    let others =
      terms.filter { frequencies[$0.word] == nil }.map(\.word)
      + terms.filter { !$0.word.utf8.allSatisfy { $0 < 0x80 } }.flatMap(\.variants)
    if !held(Set(others)).isEmpty { return false }
    let names = terms.filter { !$0.isCut }.map { (word: $0.word, parts: $0.indexedParts) }.filter { !$0.parts.isEmpty }
    let known = held(Set(names.flatMap(\.parts)))
    let possible = names.filter { $0.parts.allSatisfy { $0.utf8.count < 2 || known.contains($0) } }
    // Of very many it is not known.
    return possible.count <= Self.insideLookLimit
      && !possible.contains { standsInside(Array($0.word.utf8), parts: $0.parts) }
  }
  private static let insideLookLimit = 256

  /// Those of `words` that a live chunk holds.
  private func held(_ words: Set<String>) -> Set<String> {
    let words = words.sorted()
    let terms = CollectionScorer(
      LexicalPlan(words: words.map { QueryTerm(text: $0, word: $0) }), in: snapshot, context: context)
    return Set(zip(words, terms.frequencies).filter { $1 > 0 }.map(\.0))
  }

  /// Whether a live file is called as a path in `query` says.
  private func holdsPath(of query: ParsedQuery) -> Bool {
    if query.pathFragments.isEmpty { return false }
    let fragments = query.pathFragments.map { PathFragment($0) }
    return snapshot.holdsPath(context: context) { path in
      guard fragments.contains(where: { $0.mayMatch(path) }) else { return false }
      let text = String(decoding: path.indices.map { path[$0] }, as: UTF8.self).lowercased()
      return PathMatch.grade(of: text, for: query) > 0
    }
  }

  /// What is asked for, one name, word or quoted phrase, where the index holds it and nothing that the filters pass
  /// does.
  private func leftOutByFilters(
    _ query: ParsedQuery, _ found: ScoredCandidates, _ holders: [ChunkPlace]
  ) -> Absence? {
    if query.filters.isEmpty || query.isPasted || !query.places.isEmpty { return nil }
    let sought = query.soughtAbsences
    if var absence = sought.first {
      guard sought.count == 1, !holders.isEmpty, !query.isCopied else { return nil }
      let known = Set(holders)
      if found.candidates.contains(where: { known.contains($0.place) }) { return nil }
      absence.elsewhere = holders.map { snapshot.path(of: $0) }.min()
      return absence
    }
    // Of `a.b.c` the last is asked for.
    guard query.shape == .symbol || query.terms.count == 1, let term = query.terms.last,
      let number = found.ranking.words.words.firstIndex(of: term.word), found.frequencies[term.word] ?? 0 > 0
    else { return nil }
    // What holds the word as it was typed is among the best by their words, however few these are.
    let isHeld = (found.candidates + found.rest).contains { $0.heldTyped >> UInt64(number) & 1 != 0 }
    if isHeld { return nil }
    guard let elsewhere = fileHolding(term.word) else { return nil }
    return Absence(kind: term.isIdentifier ? .name : .word, text: typed(term.text, in: query), elsewhere: elsewhere)
  }

  /// `text`, a word or a run of letters as the index has it, as it was typed.
  func typed(_ text: String, in query: ParsedQuery) -> String {
    if query.text.contains(text) { return text }
    for word in query.text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
      let folded = FoldedText.folded(String(word))
      // The index keeps the beginning of a longer word.
      if folded == text || text.utf8.count > WordList.longestWord - 4 && folded.hasPrefix(text) { return String(word) }
      guard folded.contains(text), word.utf8.count <= Self.longestTypedWord else { continue }
      // Where scripts meet a word ends that has no sign behind it.
      for start in word.indices {
        var end = start
        while end < word.endIndex {
          end = word.index(after: end)
          if FoldedText.folded(String(word[start..<end])) == text { return String(word[start..<end]) }
        }
      }
    }
    return text
  }
  /// In a longer one the parts are not searched for.
  private static let longestTypedWord = 64
}
