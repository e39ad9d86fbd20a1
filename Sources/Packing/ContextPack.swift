package import Cairn
import Primitives
import Rendering

/// The pieces of a tree that a task needs, packed to a budget of tokens: what a query finds, or what a file defines,
/// what it uses from other files, and code like it.
package struct ContextPack: Sendable {
  /// Why a piece is here.
  package enum Part: String, Sendable {
    /// It answers the query.
    case found
    /// It defines a name that the file uses.
    case used
    /// It is like the file's code.
    case related
  }
  package struct Piece: Sendable {
    package var part: Part
    package var excerpt: Excerpt
    package var language: String
  }

  /// The query, or the path of the file.
  package let subject: String
  /// The file that it is about; nil for a query.
  package let file: Path?
  package let limit: Int
  package private(set) var outline: [String] = []
  package private(set) var pieces: [Piece] = []
  /// Places for whose pieces there was no room.
  package private(set) var places: [(place: Path, line: Int, text: String)] = []
  package private(set) var absences: [String] = []
  package private(set) var isComplete = true
  package private(set) var notes: [CairnError] = []
  private var budget: TokenBudget

  /// The text, in Markdown.
  package var markdown: String { budget.text }
  package var tokens: Int { budget.used }
  package var isEmpty: Bool { pieces.isEmpty && places.isEmpty && outline.isEmpty }
  /// The files of which something is shown.
  package var paths: [Path] {
    var seen: Set<Path> = []
    return (pieces.map(\.excerpt.path) + places.map(\.place)).filter { seen.insert($0).inserted }
  }

  /// The line that begins a piece in Markdown and those around its code.
  private static let frameCost = 16
  private static let hitLimit = 240

  private init(_ subject: String, _ file: Path?, limit: Int) {
    (self.subject, self.file, self.limit) = (subject, file, limit)
    budget = TokenBudget(limit: limit)
  }

  // MARK: A task in words

  /// What a query finds, as `request` narrows it.
  package init(
    for request: SearchRequest, in workspace: Workspace, tokens: Int, progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(CairnError) {
    self.init(request.text, nil, limit: tokens)
    var request = request
    request.limit = Self.hitLimit
    let response = try await workspace.search(request, progress: progress)
    (isComplete, notes) = (response.isComplete, response.notes)
    add("# \(oneLine(subject))")
    for absence in response.absences.prefix(6) {
      absences.append("\(absence.kind) \(absence.text)")
      add("Not here: \(absence.words)")
    }
    if !isComplete { add("The index is not complete: files may be missing.") }
    let packing = ExcerptPacking(
      response.hits, tokens: budget.rest, isShown: { _ in false }, enclosing: { workspace.enclosing($0) },
      frameCost: Self.frameCost)
    add(packing, as: .found, languages: response.hits)
    places = packing.lines.filter { add("- `\(oneLine($0.place.description)):\($0.line)` \($0.text)") }
  }

  // MARK: A file

  /// So many names of a file are looked up.
  private static let nameLimit = 32
  /// What the outline may take of the budget, and with the outline what the file uses.
  private static let outlineShare = 0.3
  private static let usedShare = 0.75

  /// What the file at `path`, relative to the root, defines, which definitions of other files its names lead to, and
  /// what is like it. Throws as `Workspace.source` does.
  package init(
    for path: Path, in workspace: Workspace, tokens: Int, progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(CairnError) {
    self.init(path.description, path, limit: tokens)
    // The least search brings the index up to date as any other does.
    var first = SearchRequest("path:" + path.description.filter { !$0.isWhitespace })
    first.limit = 1
    let state = try await workspace.search(first, progress: progress)
    (isComplete, notes) = (state.isComplete, state.notes)
    let source = try await workspace.source(at: path)
    add("# \(oneLine(subject))")
    add("\(source.language), \(source.lines.count) lines")
    addOutline(of: source)

    let used = try await Self.definitions(usedBy: source, in: workspace)
    var packing = ExcerptPacking(
      used, tokens: Int(Double(limit) * Self.usedShare) - budget.used, isShown: { _ in false }, enclosing: { _ in nil },
      frameCost: Self.frameCost)
    if !packing.excerpts.isEmpty, add("## What it uses") { add(packing, as: .used, languages: used) }

    var request = SearchRequest("")
    (request.limit, request.freshness) = (24, .asIs)
    let line = source.symbols.max { $0.lines.count < $1.lines.count }?.lines.lowerBound ?? 1
    let related = (try? await workspace.related(to: path, line: line, request).hits) ?? []
    let shown = Set(pieces.map(\.excerpt.path))
    let others = related.filter { $0.path != path && !shown.contains($0.path) }
    packing = ExcerptPacking(
      others, tokens: budget.rest - Self.frameCost, isShown: { _ in false }, enclosing: { _ in nil },
      frameCost: Self.frameCost)
    if !packing.excerpts.isEmpty, add("## Code like it") { add(packing, as: .related, languages: others) }
    places = packing.lines.filter { add("- `\(oneLine($0.place.description)):\($0.line)` \($0.text)") }
  }

  private mutating func addOutline(of source: IndexedSource) {
    let room = Int(Double(limit) * Self.outlineShare) - budget.used
    let deepest = source.symbols.map(\.depth).max() ?? 0
    // What is inside of others goes first where there is no room for all.
    for depth in stride(from: deepest, through: 0, by: -1) {
      let lines = source.symbols.filter { $0.depth <= depth }.map { symbol in
        String(repeating: "  ", count: min(symbol.depth, 8))
          + "- \(symbol.kind.rawValue) `\(oneLine(symbol.name))` \(symbol.lines.lowerBound)-\(symbol.lines.upperBound)"
      }
      let cost = TokenCount(ofLines: lines).tokens
      guard cost <= room || depth == 0 else { continue }
      for line in lines where budget.used < Int(Double(limit) * Self.outlineShare) {
        if add(line) { outline.append(line) }
      }
      return
    }
  }

  /// Definitions in other files of the names that the file uses most, one for each name.
  private static func definitions(
    usedBy source: IndexedSource, in workspace: Workspace
  ) async throws(CairnError) -> [SearchHit] {
    let own = Set(source.symbols.map(\.name))
    var hits: [SearchHit] = []
    var seen: Set<String> = []
    for name in names(in: source.lines).filter({ !own.contains($0) }).prefix(nameLimit) {
      var request = SearchRequest(name)
      (request.limit, request.freshness) = (3, .asIs)
      let found = try await workspace.search(request).hits
      let hit = found.first { hit in hit.path != source.path && hit.symbols.contains { $0.name == name } }
      guard let hit, seen.insert("\(hit.path):\(hit.lines.lowerBound)").inserted else { continue }
      hits.append(hit)
    }
    return hits
  }

  /// The names of a text that look like those of types, functions and constants, the most frequent first.
  static func names(in lines: [String]) -> [String] {
    var counts: [Substring: Int] = [:]
    for line in lines {
      for word in line.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "_" }) {
        let hasMark = word.dropFirst().contains { $0.isUppercase || $0 == "_" } || word.first?.isUppercase == true
        if word.utf8.count >= 4, word.utf8.count <= 60, word.first?.isNumber == false, hasMark {
          counts[word, default: 0] += 1
        }
      }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { String($0.key) }
  }

  // MARK: The text

  @discardableResult
  private mutating func add(_ line: String) -> Bool { budget.add(line) }

  private mutating func add(_ packing: ExcerptPacking, as part: Part, languages hits: [SearchHit]) {
    let languages = Dictionary(hits.map { ($0.path, $0.language) }) { first, _ in first }
    for excerpt in packing.joined {
      let language = languages[excerpt.path] ?? ""
      // Longer than any fence inside of it.
      let fence = excerpt.lines.contains { $0.contains("```") } ? "~~~~~" : "```"
      let lines = ["### \(excerpt.head())", fence + language] + excerpt.lines + [fence]
      guard budget.add(lines) else { continue }
      pieces.append(Piece(part: part, excerpt: excerpt, language: language))
    }
  }

  private func oneLine(_ text: String) -> String { safeText(shortened(text, to: 300)) }
}
