import Cairn
import DoorSupport
import JSON
import Packing
import Primitives
import Rendering

/// `read`: lines of one indexed file as they are now, or those of one symbol.
struct ReadTool {
  let arguments: Arguments
  let context: ToolContext

  func answer() async throws(CairnError) -> ToolAnswer {
    let tokens = try arguments.tokens()
    let symbol = try arguments.text("symbol")
    let wanted = try arguments.text("lines").map { (text) throws(CairnError) in try LineRange(text) }
    guard symbol == nil || wanted == nil else {
      throw CairnError(.invalidArgument, "give \"lines\" or \"symbol\", not both")
    }
    let tree = try await context.tree(arguments)
    if let named = try arguments.text("path") {
      let path = try tree.path(named: named)
      let (file, standing) = try await tree.source(at: path, context)
      let workspace = tree.workspace
      guard let symbol else {
        return Self.answer(file, standing, wanted, nil, [], tokens).showing([path], in: workspace)
      }
      let matches = SymbolName(symbol).matches(in: file)
      guard let first = matches.first else { throw Self.noSymbol(symbol, in: file) }
      return Self.answer(file, standing, nil, first, Array(matches.dropFirst()), tokens)
        .showing([path], in: workspace)
    }
    guard let symbol else { throw CairnError(.invalidArgument, "give the \"path\" of a file, or a \"symbol\"") }
    return try await answer(symbol, in: tree, tokens)
  }

  // MARK: A symbol without a file

  private static let candidateLimit = 12

  private func answer(_ symbol: String, in tree: OpenTree, _ tokens: Int) async throws(CairnError) -> ToolAnswer {
    let isReady = try await tree.prepare(context)
    var request = SearchRequest(symbol)
    request.limit = Self.candidateLimit
    request.contextLineCount = 0
    let found = try await tree.find(request, isReady: isReady, context)
    let name = SymbolName(symbol)
    var paths: [Path] = []
    for hit in found.response?.hits ?? [] where hit.symbols.contains(where: { name.means($0.qualifiedName) }) {
      if !paths.contains(hit.path) { paths.append(hit.path) }
    }
    guard let path = paths.first else {
      var budget = TokenBudget(limit: tokens)
      var standing = try await tree.standing(isReady: isReady, context)
      standing.confidence = .nowhere
      if found.response?.isComplete != true { standing.isComplete = false }
      standing.notes += found.notes
      standing.write(to: &budget)
      budget.add(
        "\(standing.wordsForAbsence): no symbol is called \(safeText(shortened(symbol, to: 100)))"
      )
      var near: [String] = []
      for absence in found.response?.absences ?? [] { near += absence.nearNames }
      for hit in found.response?.hits ?? [] { near += hit.symbols.prefix(2).map(\.qualifiedName) }
      var seen: Set<String> = []
      near = near.filter { seen.insert($0).inserted }
      let names = near.prefix(8).map { safeText(shortened($0, to: 80)) }
      if !names.isEmpty { budget.add("near: " + names.joined(separator: ", ")) }
      return ToolAnswer(budget.text, standing.facts).showing([], isEmpty: true, in: tree.workspace)
    }
    let (file, standing) = try await tree.source(at: path, context)
    guard let first = name.matches(in: file).first else { throw Self.noSymbol(symbol, in: file) }
    return Self.answer(
      file, standing, nil, first, Array(name.matches(in: file).dropFirst()), tokens,
      otherFiles: Array(paths.dropFirst())
    ).showing([path], in: tree.workspace)
  }

  private static func noSymbol(_ symbol: String, in file: IndexedSource) -> CairnError {
    let names = file.symbols.map(\.qualifiedName)
    let last = symbol.split(whereSeparator: { ".:#>".contains($0) }).last.map(String.init) ?? symbol
    let near = nearestName(to: last, in: file.symbols.map(\.name)).map { "; did you mean \($0)?" } ?? ""
    let some = names.isEmpty ? "nothing that is known" : names.prefix(12).joined(separator: ", ")
    return CairnError(
      .notFound, "this file defines no \(shortened(symbol, to: 100))\(near) It defines \(shortened(some, to: 400))",
      path: file.path)
  }

  // MARK: The text

  private static func answer(
    _ file: IndexedSource, _ standing: Standing, _ wanted: LineRange?, _ symbol: IndexedSource.Symbol?,
    _ otherSymbols: [IndexedSource.Symbol], _ tokens: Int, otherFiles: [Path] = []
  ) -> ToolAnswer {
    var budget = TokenBudget(limit: tokens)
    let count = file.lines.count
    var range = symbol?.lines ?? wanted?.range(of: count) ?? 1...max(1, count)
    let begin = min(range.lowerBound, max(1, count))
    range = begin...max(begin, min(range.upperBound, count))
    standing.writeIfTelling(to: &budget)
    let lines = file.lines.map { safeText($0, tabs: .kept) }
    // A comment right above belongs to it.
    if symbol != nil { range = Self.withComment(range, lines) }
    var last = range.upperBound
    while last > range.lowerBound, last <= count, lines[last - 1].allSatisfy(\.isWhitespace) { last -= 1 }
    range = range.lowerBound...last

    var about: [String] = []
    let around = file.symbols.filter {
      $0.lines.contains(range.lowerBound) && $0.lines.lowerBound < (symbol?.lines.lowerBound ?? range.lowerBound)
        && $0 != symbol
    }
    if let inner = around.last { about.append("in \(name(inner))") }
    if symbol != nil || wanted != nil {
      let depth = symbol?.depth ?? around.last.map { $0.depth + 1 } ?? 0
      let neighbours = Self.neighbours(of: range, in: file, depth: depth)
      if !neighbours.isEmpty { about.append("beside " + neighbours.map(name).joined(separator: ", ")) }
    }
    if !otherSymbols.isEmpty { about.append("also " + otherSymbols.prefix(4).map(name).joined(separator: ", ")) }
    if !otherFiles.isEmpty {
      about.append("others in " + otherFiles.prefix(4).map { safeText($0.description) }.joined(separator: ", "))
    }
    let what = symbol.map { " \($0.kind.rawValue) \(safeText($0.qualifiedName))" } ?? ""

    // The head says which lines are shown, so that it comes once these are known.
    let path = safeText(file.path.description)
    let until = range.upperBound
    func tail(from next: Int) -> String { "lines \(next)-\(until) follow: read \"lines\": \"\(next)-\(until)\"" }
    var rest = budget.rest - TokenBudget.cost(ofLine: "\(path):\(count)-\(count)\(what) of \(count) lines")
    var shownAbout: [String] = []
    for line in about.map({ shortened($0, to: 300) }) where TokenBudget.cost(ofLine: line) <= rest / 4 {
      rest -= TokenBudget.cost(ofLine: line)
      shownAbout.append(line)
    }
    rest -= TokenBudget.cost(ofLine: tail(from: until))
    var body: [String] = []
    for number in range where count > 0 {
      let cost = TokenBudget.cost(ofLine: lines[number - 1])
      if cost > rest { break }
      rest -= cost
      body.append(lines[number - 1])
    }
    let end = range.lowerBound + max(1, body.count) - 1
    budget.add("\(path):\(range.lowerBound)-\(end)\(what) of \(count) lines")
    for line in shownAbout { budget.add(line) }
    for line in body { budget.add(line) }
    if count > 0, body.count < range.count {
      budget.add(tail(from: range.lowerBound + body.count))
    }
    return ToolAnswer(budget.text, standing.facts)
  }

  private static func name(_ symbol: IndexedSource.Symbol) -> String {
    "\(symbol.kind.rawValue) \(safeText(shortened(symbol.qualifiedName, to: 80))):\(symbol.lines.lowerBound)"
  }

  private static func withComment(_ range: ClosedRange<Int>, _ lines: [String]) -> ClosedRange<Int> {
    var first = range.lowerBound
    while first > 1, range.lowerBound - first < 20, isComment(lines[first - 2]) { first -= 1 }
    return first...range.upperBound
  }

  /// Whether the line looks like one of a comment, or an attribute, which belongs to what follows.
  static func isComment(_ line: String) -> Bool {
    let text = line.drop(while: \.isWhitespace)
    return ["//", "#", "*", "/*", "--", ";", "@", "\"\"\"", "%"].contains { text.hasPrefix($0) }
  }

  /// The definitions before and after the range, of the same depth.
  private static func neighbours(
    of range: ClosedRange<Int>, in file: IndexedSource, depth: Int
  ) -> [IndexedSource.Symbol] {
    let siblings = file.symbols.filter { $0.depth == depth }
    let before = siblings.last { $0.lines.upperBound < range.lowerBound }
    let after = siblings.first { $0.lines.lowerBound > range.upperBound }
    return [before, after].compactMap { $0 }
  }
}

/// The lines that a caller names: `10-40`, `10`, `10-`.
struct LineRange: Hashable, Sendable {
  private let first: Int
  private let last: Int?

  init(_ text: String) throws(CairnError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      .map { $0.filter { !$0.isWhitespace && $0 != "L" } }
    let numbers = parts.map { Int($0) }
    let isRange = parts.count == 2
    guard parts.count <= 2, let first = numbers[0], first >= 1,
      !isRange || parts[1].isEmpty || (numbers[1] ?? 0) >= first
    else { throw CairnError(.invalidArgument, "\"lines\" is \"10-40\", \"10\" or \"10-\", counted from 1") }
    self.first = first
    last = isRange ? numbers[1] : first
  }

  /// Of a file of so many lines; its last line where there are fewer.
  func range(of count: Int) -> ClosedRange<Int> {
    let first = min(first, max(1, count))
    return first...max(first, min(last ?? count, count))
  }
}

/// A symbol as a caller names it, with as many of the names around it as tell which one is meant.
struct SymbolName: Hashable, Sendable {
  private let parts: [String]

  init(_ text: String) {
    var text = text
    for separator in ["::", "->", "#", "()"] { text = text.replacing(separator, with: ".") }
    parts = text.split(separator: ".").map { String($0.filter { !$0.isWhitespace }) }
  }

  func means(_ qualifiedName: String) -> Bool {
    let names = SymbolName(qualifiedName).parts
    return !parts.isEmpty && names.count >= parts.count && Array(names.suffix(parts.count)) == parts
  }

  /// Those that are meant, the one with the fewest names around it first.
  func matches(in file: IndexedSource) -> [IndexedSource.Symbol] {
    file.symbols.filter { means($0.qualifiedName) }
      .sorted { ($0.depth, $0.lines.lowerBound) < ($1.depth, $1.lines.lowerBound) }
  }
}

extension OpenTree {
  /// The path inside the root of what a caller names, relative to the root, or absolute. Throws for one outside.
  func path(named text: String) throws(CairnError) -> Path {
    var text = text
    while text.hasSuffix("/"), text.count > 1 { text.removeLast() }
    if text == "." || text == "./" { return Path(bytes: []) }
    return try workspace.pathInside(of: Path(text), from: workspace.root)
  }

  /// The file at `path` as it is now, with what the answer stands on. Waits for no index.
  func source(at path: Path, _ context: ToolContext) async throws(CairnError) -> (IndexedSource, Standing) {
    let isReady = try await prepare(context, waitingFor: .zero)
    return (try await workspace.presentSource(at: path), try await standing(isReady: isReady, context))
  }
}
