import Cairn
import DoorSupport
import JSON
import Packing
import Primitives
import Rendering

/// `search`: the lines of a tree that answer one query or several.
struct SearchTool {
  let arguments: Arguments
  let context: ToolContext
  private static let queryLimit = 8
  /// So many hits are packed at most, of a third as many files.
  private static let hitLimit = 400
  /// More characters are no query.
  private static let queryByteLimit = 1 << 16

  func answer() async throws(CairnError) -> ToolAnswer {
    let tokens = try arguments.tokens()
    let like = try arguments.text("like")
    let queries = try queries()
    guard like == nil || queries.isEmpty else {
      throw CairnError(.invalidArgument, "give \"like\", or \"query\" or \"queries\"; not both")
    }
    guard like != nil || !queries.isEmpty else {
      throw CairnError(.invalidArgument, "there is nothing to search for: give \"query\", \"queries\" or \"like\"")
    }
    var request = try request()
    request.limit = min(Self.hitLimit, max(20, tokens / 10 / max(1, queries.count)))
    let names = try arguments.names("repository")
    if !names.isEmpty {
      guard try arguments.text("root") == nil else {
        throw CairnError(.invalidArgument, "give \"root\" or \"repository\", not both")
      }
      let search = RepositorySearch(
        names: names, request: request, tokens: tokens, mayBeShorter: !arguments.limitsTokens, context: context)
      return try await search.answer(to: queries, like: like)
    }
    let tree = try await context.tree(arguments)
    request.directory = tree.workspace.root
    let isReady = try await tree.prepare(context)

    var answers: [(query: String, found: Found)] = []
    if let like {
      let directory = tree.workspace.root
      let workspace = tree.workspace
      let place = try await offPool { () throws(CairnError) in
        let place = try workspace.place(named: Path(like), from: directory)
        return SendablePlace(path: place.path, line: place.line)
      }
      answers = [
        ("", try await tree.find(request, like: (place.path, place.line), isReady: isReady, context))
      ]
    }
    for query in queries {
      request.text = query
      answers.append((query, try await tree.find(request, isReady: isReady, context)))
    }
    let (result, revision, isFree) = (answers, request.revision, !arguments.limitsTokens)
    let standing = try await tree.standing(isReady: isReady, revision: revision, context)
    return try await offPool { () throws(CairnError) in
      SearchAnswer(
        result, standing, tree.workspace, revision: revision, tokens: tokens, mayBeShorter: isFree
      ).answer
    }
  }

  private func queries() throws(CairnError) -> [String] {
    var queries = try arguments.list("queries", most: Self.queryLimit)
    if let query = try arguments.text("query") { queries.insert(query, at: 0) }
    var seen: Set<String> = []
    queries = queries.filter { seen.insert($0).inserted }
    if queries.count > Self.queryLimit {
      throw CairnError(.invalidArgument, "at most \(Self.queryLimit) queries are answered in one call")
    }
    if queries.contains(where: { $0.utf8.count > Self.queryByteLimit }) {
      throw CairnError(.invalidArgument, "a query may have \(Self.queryByteLimit) bytes")
    }
    if queries.contains(where: { $0.allSatisfy { $0.isWhitespace || $0 == "\"" } }) {
      throw CairnError(.invalidArgument, "the query is quotation marks alone; put some text between them")
    }
    return queries
  }

  /// The filters.
  private func request() throws(CairnError) -> SearchRequest {
    var request = SearchRequest("")
    request.findsMatches = true
    request.languages = try arguments.names("lang").map { (name) throws(CairnError) in
      if let mistake = SearchRequest.languageMistake(name) {
        throw CairnError(.invalidArgument, "\"lang\": \(mistake)")
      }
      return name.lowercased()
    }
    try Self.addPaths(try arguments.list("path"), to: &request)
    for word in try arguments.names("kind") {
      guard let kinds = SymbolKind.named(word) else {
        throw CairnError(
          .invalidArgument,
          "\"kind\": no kind of symbol is called \"\(shortened(word))\"; " + CairnError.nearKinds(to: word))
      }
      request.kinds += kinds
    }
    request.revision = try arguments.text("at")
    return request
  }

  /// Globs, of which those behind a `!` leave out.
  static func addPaths(_ globs: [String], to request: inout SearchRequest) throws(CairnError) {
    for glob in globs {
      let pattern = glob.hasPrefix("!") ? String(glob.dropFirst()) : glob
      guard pattern.contains(where: { !$0.isWhitespace && $0 != "!" }) else {
        throw CairnError(.invalidArgument, "\"path\" takes patterns such as src/**")
      }
      if glob.hasPrefix("!") { request.excludedPaths.append(pattern) } else { request.paths.append(pattern) }
    }
  }
}

extension SearchResponse {
  /// What answers a query that is a name as code has it, of one definition, which comes first: the lines of that
  /// alone, and the hits that hold the name; or one that is the path of one file: the hits of that. Nil for other
  /// queries.
  fileprivate func certainHits(of query: String) -> [SearchHit]? {
    guard let first = hits.first, absences.isEmpty, !isAbsent, query.count >= 3,
      !query.contains(where: { $0.isWhitespace || $0 == "\"" }),
      // A word alone may be of a question.
      query.contains(where: { $0.isUppercase || $0.isNumber || "_./:#".contains($0) })
    else { return nil }
    let name = SymbolName(query)
    let defining = hits.filter { hit in hit.symbols.contains { name.means($0.qualifiedName) } }
    if let definition = defining.first {
      guard defining.count == 1, definition == first else { return nil }
      let own = query.split(whereSeparator: { ".:#>".contains($0) }).last.map(String.init) ?? query
      let others = hits.dropFirst().filter { hit in hit.snippet.contains { $0.contains(own) } }
      return [definition.cut(to: name)] + others
    }
    let path = query.hasPrefix("/") ? query : "/" + query
    guard Set(hits.lazy.map(\.path).filter { "/\($0)".hasSuffix(path) }) == [first.path] else { return nil }
    return hits.filter { $0.path == first.path }
  }
}

extension SearchHit {
  /// The same with the lines alone of the symbol that is meant, and with a comment right above it.
  fileprivate func cut(to name: SymbolName) -> SearchHit {
    guard let symbol = symbols.first(where: { name.means($0.qualifiedName) }) else { return self }
    let last = snippetFirstLine + snippet.count - 1
    let following = symbols.first { $0.line > symbol.line && !$0.qualifiedName.hasPrefix(symbol.qualifiedName) }
    let begin = startOfComment(above: symbol.line)
    let end = following.map { startOfComment(above: $0.line) - 1 } ?? last
    guard begin >= snippetFirstLine, begin <= symbol.line, end >= symbol.line, end <= last else { return self }
    var hit = self
    hit.snippet = Array(snippet[(begin - snippetFirstLine)...(end - snippetFirstLine)])
    (hit.snippetFirstLine, hit.answerLine, hit.symbols) = (begin, symbol.line, [symbol])
    return hit
  }

  private func startOfComment(above line: Int) -> Int {
    var first = line
    while first > snippetFirstLine, snippet.indices.contains(first - 1 - snippetFirstLine),
      ReadTool.isComment(snippet[first - 1 - snippetFirstLine])
    {
      first -= 1
    }
    return first
  }
}

/// A file and a line in it.
private struct SendablePlace: Sendable {
  var path: Path
  var line: Int
}

/// What was found, as a text that keeps to its budget. Reads the index; not for the shared pool.
struct SearchAnswer {
  /// Of hits that are only near so many are shown.
  private static let nearCount = 4
  /// Of an answer to the name of one place so many tokens are enough, and most of them are that place's.
  private static let certainTokens = 900
  private static let certainShare = 0.75

  private var standing: Standing
  private let answers: [(query: String, found: Found)]
  /// Nil where several repositories were searched.
  private let workspace: Workspace?
  private let revision: String?
  private let tokens: Int
  /// Where one place is certainly meant, and the caller left it open how long the answer is: what answers.
  private let certainHits: [SearchHit]?

  init(
    _ answers: [(query: String, found: Found)], _ standing: Standing, _ workspace: Workspace?, revision: String?,
    tokens: Int, mayBeShorter: Bool
  ) {
    self.answers = answers
    self.standing = standing
    self.workspace = workspace
    self.revision = revision
    let only = mayBeShorter && answers.count == 1 ? answers[0] : nil
    certainHits = only.flatMap { $0.found.response?.certainHits(of: $0.query) }
    self.tokens = certainHits == nil ? tokens : min(tokens, Self.certainTokens)
    for answer in answers {
      self.standing.notes += answer.found.notes
      guard let response = answer.found.response else {
        self.standing.isComplete = false
        continue
      }
      self.standing.notes += response.notes + response.unreadable.prefix(3)
      if !response.isComplete || answer.found.isOld { self.standing.isComplete = false }
      if let time = response.freshness.time { self.standing.time = min(self.standing.time ?? time, time) }
      if let commit = response.revision { self.standing.commit = commit }
    }
    if answers.count == 1, let answer = answers.first, let response = answer.found.response, !answer.query.isEmpty {
      self.standing.confidence = Confidence(response, answer.query)
    }
  }

  var answer: ToolAnswer {
    var budget = TokenBudget(limit: tokens)
    standing.write(to: &budget)
    var facts = standing.facts
    var shown: [Path: [ClosedRange<Int>]] = [:]
    var leftOutCount = 0
    var confidences: [JSONValue] = []
    // The last line says how many pieces had no room.
    let reserve = 24
    for (index, answer) in answers.enumerated() {
      let share = max(0, budget.rest - reserve) / (answers.count - index)
      var section = TokenBudget(ofPart: share)
      if answers.count > 1 {
        var line = "# " + safeText(shortened(answer.query, to: 120))
        if let response = answer.found.response {
          let confidence = Confidence(response, answer.query).rawValue
          line += ": \(confidence)"
          confidences.append(.string(confidence))
        }
        section.add(line)
      }
      guard let response = answer.found.response else {
        section.add("nothing is indexed yet: ask again in a moment, or read files by their names")
        budget.append(section)
        continue
      }
      writeAbsences(of: response, to: &section)
      // What is only near is worth a look, and not much room.
      let hits = certainHits ?? (response.isAbsent ? Array(response.hits.prefix(Self.nearCount)) : response.hits)
      let packing = ExcerptPacking(
        hits, tokens: response.isAbsent ? section.rest / 2 : section.rest,
        isShown: { hit in
          shown[hit.path]?.contains { $0.contains(hit.answerLine) } ?? false
        }, enclosing: enclosing, firstShare: certainHits == nil ? ExcerptPacking.share : Self.certainShare)
      packing.write(to: &section)
      for excerpt in packing.excerpts.values.joined() {
        shown[excerpt.path, default: []].append(excerpt.firstLine...excerpt.lastLine)
      }
      if response.hits.isEmpty { section.add("nothing found") }
      leftOutCount += packing.leftOutCount
      budget.append(section)
    }
    if leftOutCount > 0 { budget.add("\(leftOutCount) more: raise \"tokens\", or narrow with \"path\"") }
    if !confidences.isEmpty { facts.append(.init("confidences", .array(confidences))) }
    let answer = ToolAnswer(budget.text, facts)
    guard let workspace else { return answer }
    return answer.showing(
      revision == nil ? Array(shown.keys) : [], isEmpty: answers.allSatisfy { $0.found.response?.hits.isEmpty ?? true },
      in: workspace)
  }

  /// Of the files of a tree as they are; an index has no others.
  private func enclosing(_ hit: SearchHit) -> IndexedSource.Symbol? {
    revision == nil ? workspace?.enclosing(hit) : nil
  }

  private func writeAbsences(of response: SearchResponse, to budget: inout TokenBudget) {
    for absence in response.absences.prefix(6) {
      budget.add("\(standing.wordsForAbsence): \(absence.words)")
    }
    if response.isAbsent || response.hits.isEmpty {
      let leftOut = revision == nil ? workspace?.leftOutCounts() ?? [:] : [:]
      if !leftOut.isEmpty {
        let reasons = leftOut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
        budget.add("not searched: " + reasons.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
      }
      if response.isAbsent, !response.hits.isEmpty { budget.add("only near:") }
    }
  }
}
