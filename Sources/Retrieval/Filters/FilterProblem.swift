import Inspection
package import Primitives
package import QueryLanguage
import Segments

/// A filter that cannot do what it seems to ask for.
package enum FilterProblem: Hashable, Sendable {
  /// No language is called so.
  case unknownLanguage(String)
  /// No indexed file is in it.
  case absentLanguage(String)
  /// No symbol is of a kind that is called so.
  case unknownKind(String, isNegated: Bool)
  /// A filter that means nothing, as written; it was taken as words.
  case misunderstood(String)
  /// A word that looks like a filter and is none, and the filter that was probably meant.
  case noFilter(String, meant: String)
  /// What is syntax of other tools and none here.
  case foreign(ForeignSyntax)
  /// No indexed file has such a path; an ending or a name that some file has and that is spelt nearly so.
  case unmatchedPath(String, near: String?)
  /// No indexed code defines a symbol of one of these kinds, by their names.
  case absentKind([String])
  /// Each filter has something that passes, and nothing passes all of them; as written.
  case disjoint([String])
  /// The directory that is asked from has no indexed file in it.
  case nothingBelow(FilePath)
  /// A word behind a dash: it was searched for, and excludes nothing.
  case notExcluded(String)
  /// No chunk that passes the filters satisfies what the operators ask for, as it was understood.
  case unsatisfied(String)
  /// So many chunks may satisfy what the operators ask for and were not read to find out.
  case unchecked(count: Int, ofPattern: Bool)
  /// No line of the chunks that pass the filters matches a pattern.
  case unmatchedPattern(String, hasFilters: Bool)
  /// What has the form of a pattern, and why it was taken as words.
  case noPattern(String, reason: String)
  /// What is a path, since a file or a directory is called so, and else would be a pattern.
  case pathNotPattern(String)
  /// A text that no file holds of those that were read, and more may hold it.
  case undecided(String)
  /// Why `AND`, `OR` and `NOT` were taken as words.
  case brokenOperators(String)
  /// Filters of commits, as written, of which a search of the files as they are has none.
  case withoutCommits([String])
}

extension ParsedQuery {
  /// What is wrong with the filters, in their order; some of it where `context` is over. Costs a look at the files'
  /// languages where one is asked for, and at every path where there are several patterns or `isUnanswered` says that
  /// nothing was found; then at the kinds of all symbols too.
  ///
  /// - Parameters:
  ///   - directory: what is asked from, relative to the root.
  ///   - isUndecided: whether chunks were not read that may satisfy the condition.
  func filterProblems(
    in snapshot: IndexSnapshot, from directory: FilePath, isUnanswered: Bool, isUndecided: Bool = false,
    context: SearchContext
  ) -> [FilterProblem] {
    var problems: [FilterProblem] = []
    if !directory.isEmpty, !snapshot.segments.contains(where: { $0.holdsFile(below: directory) }) {
      problems.append(.nothingBelow(directory))
    }
    let nested = condition?.fields ?? []
    for name in ([filters] + nested).flatMap({ $0.languages + $0.excludedLanguages }) where Language.named(name) == nil
    {
      problems.append(.unknownLanguage(name))
    }
    for name in ([filters] + nested).flatMap(\.languages) {
      guard let language = Language.named(name) else { continue }
      if !snapshot.segments.contains(where: { $0.holdsFile(in: language) }) { problems.append(.absentLanguage(name)) }
    }
    problems += ([filters] + nested).flatMap(\.unknownKinds).map { .unknownKind($0.name, isNegated: $0.isNegated) }
    problems += misunderstood.map { .misunderstood($0) }
    if !isCopied || foreign.contains(where: { $0.kind == .pattern || $0.kind == .content }) {
      let mistakes = patternMistakes.map(\.typed)
      problems += foreign.filter { !mistakes.contains($0.written) }.map { .foreign($0) }
    }
    problems += typeWords.map { .noFilter($0.written, meant: "lang:" + $0.name) }
    let globs = ([filters] + nested).flatMap { $0.paths + $0.extensions }
    if isUnanswered || globs.count > 1 {
      for glob in globs
      where !snapshot.segments.contains(where: { $0.holdsFile(at: glob, context) }) {
        problems.append(.unmatchedPath(glob.pattern, near: nearName(to: glob, in: snapshot, context)))
      }
    }
    // Where a filter has nothing by itself, that is why.
    let isExplained = problems.contains {
      switch $0 {
      case .unknownLanguage, .absentLanguage, .unmatchedPath, .unknownKind: true
      default: false
      }
    }
    let ofCommits = ([filters] + nested).filter { $0.passingCommits == nil }.flatMap(\.commits.written)
    if !ofCommits.isEmpty { problems.append(.withoutCommits(ofCommits)) }
    if let brokenOperators { problems.append(.brokenOperators(brokenOperators)) }
    problems += patternMistakes.map { .noPattern($0.typed, reason: $0.reason) }
    problems += patternsTakenForPaths.map { .pathNotPattern($0) }
    if isUnanswered, let condition, !isUndecided || !condition.holdsPattern {
      if case .pattern(let pattern) = condition {
        problems.append(.unmatchedPattern(pattern.typed, hasFilters: !filters.isEmpty))
      } else {
        problems.append(.unsatisfied(condition.description))
      }
    }
    if isUnanswered, !isExplained, condition == nil, !filters.written.isEmpty,
      let problem = unmetTogether(in: snapshot, context)
    {
      problems.append(problem)
    }
    problems += dashedWords.map { .notExcluded($0) }
    // However often a value is repeated.
    var seen: Set<FilterProblem> = []
    return problems.filter { seen.insert($0).inserted }
  }

  /// Why no chunk passes filters that each mean something; nil if one does.
  private func unmetTogether(in snapshot: IndexSnapshot, _ context: SearchContext) -> FilterProblem? {
    // An index of nothing has nothing to filter.
    guard snapshot.segments.contains(where: { $0.liveChunkCount > 0 }) else { return nil }
    if !filters.kinds.isEmpty {
      var kinds = QueryFilters()
      kinds.kinds = filters.kinds
      if !snapshot.segments.contains(where: { $0.holdsChunk(passing: kinds, context) }) {
        return .absentKind(filters.kinds.map { "\($0)" }.sorted())
      }
    }
    if snapshot.segments.contains(where: { $0.holdsChunk(passing: filters, context) }) { return nil }
    return .disjoint(filters.written)
  }

  /// `type:py`, as other engines have it: a word here, since code is full of such, and probably meant as a filter.
  private var typeWords: [(written: String, name: String)] {
    if isPasted || isCopied { return [] }
    return text.split(separator: " ").compactMap { word in
      guard word.lowercased().hasPrefix("type:") else { return nil }
      let name = String(word.dropFirst(5))
      return Language.named(name) == nil ? nil : (String(word), name)
    }
  }

  /// What a pattern without wildcards was probably meant to be: the ending, or the last name of it, that an indexed
  /// path has and that is spelt most nearly so.
  private func nearName(to glob: PathGlob, in snapshot: IndexSnapshot, _ context: SearchContext) -> String? {
    let dot = UInt8(ascii: ".")
    let slash = UInt8(ascii: "/")
    let isEnding = glob.pattern.hasPrefix("*.")
    let written = glob.pattern.utf8.dropFirst(isEnding ? 2 : 0).split(separator: slash).last.map {
      $0.map(\.asciiLowercased)
    }
    guard let written, !written.contains(where: { "*?[]{}!,".utf8.contains($0) }) else { return nil }
    let most = max(1, min(3, written.count / (isEnding ? 2 : 4)))
    var best: (distance: Int, name: [UInt8])?
    var seen: Set<ArraySlice<UInt8>> = []
    snapshot.forEachPath(context: context) { path in
      let bytes = path.indices.map { path[$0] }
      for component in bytes.split(separator: slash) {
        let name = isEnding ? component.lastIndex(of: dot).map { component[($0 + 1)...] } ?? [] : component
        guard !name.isEmpty, abs(name.count - written.count) <= most, seen.insert(name).inserted else { continue }
        let distance = editDistance(written, name.map(\.asciiLowercased))
        guard distance <= most, distance > 0 else { continue }
        if let best, best.distance < distance { continue }
        if let best, best.distance == distance, !name.lexicographicallyPrecedes(best.name) { continue }
        best = (distance, Array(name))
      }
    }
    return best.map { String(decoding: $0.name, as: UTF8.self) }
  }

  /// Words behind a single dash, as engines write exclusions; what is quoted or pasted is meant as it is.
  private var dashedWords: [String] {
    // All of a query can be nothing but the option of a command.
    if isPasted || signed?.kind == .option || !text.utf8.contains(UInt8(ascii: "-")) { return [] }
    let words: [Substring] = text.split(separator: " ")
    let quoted = Set(quotations.flatMap { $0.split(separator: " ") })
    return words.filter { !quoted.contains($0) }.filter { (word: Substring) -> Bool in
      guard word.first == "-", word.utf8.count > 2 else { return false }
      // `-f:test`, as other tools have filters.
      let name = word.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return name.endIndex == word.endIndex || !name.isEmpty && word[name.endIndex] == ":"
    }.map { String($0) }
  }
}

extension IndexSnapshot.LiveSegment {
  fileprivate func holdsChunk(passing filters: QueryFilters, _ context: SearchContext) -> Bool {
    segment.holdsChunk(
      passing: filters.kindFilter, among: filters.eligible(in: self, context: context), context: context)
  }

  fileprivate func holdsFile(in language: Language) -> Bool {
    (0..<segment.fileCount).contains { segment.language(ofFile: $0) == language && isLive($0) }
  }

  fileprivate func holdsFile(at glob: PathGlob, _ context: SearchContext) -> Bool {
    var isFound = false
    forEachPath(context: context) { number, path in
      if !isFound, glob.matches(path), isLive(number) { isFound = true }
    }
    return isFound
  }

  /// The paths of a segment are sorted by their bytes.
  func holdsFile(below directory: FilePath) -> Bool {
    // There every commit has files of its own.
    if pathPrefixByteCount > 0 { return true }
    let prefix = directory.bytes + [UInt8(ascii: "/")]
    var (first, end) = (0, segment.fileCount)
    while first < end {
      let middle = (first + end) / 2
      if segment.path(ofFile: middle).bytes.lexicographicallyPrecedes(prefix) {
        first = middle + 1
      } else {
        end = middle
      }
    }
    while first < segment.fileCount, segment.path(ofFile: first).bytes.starts(with: prefix) {
      if isLive(first) { return true }
      first += 1
    }
    return false
  }

  /// Whether the file was not replaced or removed since.
  fileprivate func isLive(_ file: Int) -> Bool {
    guard let live, let first = segment.chunks(ofFile: file).first else { return true }
    return live.contains(first)
  }
}

extension IndexSnapshot {
  /// Calls `body` with the path of every file that is live, segment by segment, in the order of its bytes in each: one
  /// pass, some nanoseconds each; until `context` is over. Of a collection with the files that no segment has.
  package func forEachPath(context: SearchContext? = nil, _ body: (Span<UInt8>) -> Void) {
    for live in segments {
      if let collection = live.collection {
        collection.forEachPath(body)
        continue
      }
      live.forEachPath(context: context) { number, path in if live.isLive(number) { body(path) } }
    }
  }

  /// Whether a live file lies below `directory`.
  package func holdsFile(below directory: FilePath) -> Bool {
    segments.contains { $0.holdsFile(below: directory) }
  }

  /// Whether a live file has a path that `isMeant` is true of. Costs a pass over all paths, some nanoseconds each
  /// beside those.
  package func holdsPath(context: SearchContext? = nil, where isMeant: (Span<UInt8>) -> Bool) -> Bool {
    var isFound = false
    forEachPath(context: context) { path in if !isFound, isMeant(path) { isFound = true } }
    return isFound
  }
}
