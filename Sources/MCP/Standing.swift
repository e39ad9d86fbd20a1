import Cairn
import JSON
import Packing
import Primitives
import Rendering

/// How sure an answer is, from what the index knows.
enum Confidence: String, Sendable {
  /// The text of the query is there as it was written.
  case exact
  /// All of its words, or names, are there.
  case names
  /// Something of it is nowhere: what is shown is only near.
  case near
  /// No indexed file has it.
  case nowhere

  init(_ response: SearchResponse, _ query: String) {
    if response.hits.isEmpty {
      self = .nowhere
    } else if response.isAbsent || !response.absences.isEmpty {
      self = .near
    } else {
      let wanted = (response.textBesidePatterns ?? query).filter { $0 != "\"" }.lowercased().split(
        whereSeparator: \.isWhitespace
      )
      .joined(separator: " ")
      let isThere = response.hits.prefix(3).contains { hit in
        hit.path.description.lowercased().contains(wanted) || hit.snippet.contains { $0.lowercased().contains(wanted) }
      }
      self = isThere ? .exact : .names
    }
  }
}

/// What an answer stands on: what was searched, whether that is all, and as of when.
struct Standing: Sendable {
  /// Files that were searched, and how many there are; nil where that is not known.
  var fileCount: Int?
  var total: Int?
  var isComplete = true
  /// Whether the first index is still being built.
  var isBuilding = false
  /// What was searched where it is not the files of the tree.
  var place = "the commit"
  /// The commit that is checked out or searched.
  var commit: String?
  /// What of the tree is not in that commit; nil where that is not known.
  var edits: TreeEdits?
  /// Seconds since 1970: what was changed later may be missing. Nil where that is not known.
  var time: Double?
  var confidence: Confidence?
  var notes: [CairnError] = []
  /// Where several repositories were searched: each of them.
  var repositories: [SearchResponse.Repository] = []

  /// What is missing from an index that is not complete may be anywhere: only what is found is sure.
  var statedConfidence: Confidence? {
    isComplete || confidence == .exact || confidence == .names ? confidence : nil
  }

  /// Of what an index that is not complete does not have.
  var wordsForAbsence: String { isComplete ? "not here" : "not found so far" }

  /// Of what is there to be known the share that was searched.
  var share: Double? {
    guard let fileCount, let total, total > 0 else { return isComplete ? 1 : nil }
    return min(1, Double(fileCount) / Double(total))
  }

  /// One line that says all of it.
  var header: String {
    var text =
      fileCount.map { "searched \($0) of \(total.map { "\($0)" } ?? "?") files, " } ?? "searched \(place), "
    if isBuilding {
      text +=
        "INCOMPLETE: the first index is being built"
        + (share.map { " (\(Int($0 * 100)) %)" } ?? "") + ", ask again for more"
    } else {
      text += isComplete ? "complete" : "incomplete"
    }
    let short = commit.map { String($0.prefix(8)) }
    let asOf = [short, short.flatMap { _ in edits.map(Self.words) }, time.map(Self.clock)]
      .compactMap { $0 }.joined(separator: " ")
    if !asOf.isEmpty { text += ", as of \(asOf)" }
    if let confidence = statedConfidence { text += "; confidence: \(confidence.rawValue)" }
    return text
  }

  /// The same for programs.
  var facts: [JSONValue.Member] {
    var facts: [JSONValue.Member] = [
      .init("searched", fileCount.map { .integer($0) } ?? .null), .init("of", total.map { .integer($0) } ?? .null),
      .init("complete", .boolean(isComplete)),
    ]
    if let share { facts.append(.init("share", .real((share * 1000).rounded() / 1000))) }
    var asOf: [JSONValue.Member] = []
    if let commit { asOf.append(.init("commit", .string(commit))) }
    if commit != nil, let edits {
      asOf.append(.init("edited", .integer(edits.count)))
      if let hasStaged = edits.hasStaged { asOf.append(.init("staged", .boolean(hasStaged))) }
    }
    if let time { asOf.append(.init("time", .real(time))) }
    facts.append(.init("as_of", .object(asOf)))
    if let confidence = statedConfidence { facts.append(.init("confidence", .string(confidence.rawValue))) }
    if !repositories.isEmpty { facts.append(.init("repositories", .array(repositories.map(Self.facts)))) }
    if !notes.isEmpty { facts.append(.init("notes", .array(notes.prefix(16).map { .string($0.description) }))) }
    return facts
  }

  /// `unedited`, or how many files the tree has otherwise than its commit.
  private static func words(_ edits: TreeEdits) -> String {
    let count = edits.count == 0 ? "" : "+ \(edits.count) edited"
    if edits.hasStaged == true { return count.isEmpty ? "+ staged changes" : count + " and staged changes" }
    return count.isEmpty ? "unedited" : count
  }

  /// The time of day in UTC; with the day where it is not of the last hours.
  private static func clock(_ time: Double) -> String {
    guard time.isFinite, abs(time) < 1e12 else { return "" }
    let second = Int(time)
    let ofDay = ((second % 86_400) + 86_400) % 86_400
    func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(History.day(Int64(second))) \(digits(ofDay / 3600)):\(digits(ofDay / 60 % 60)):\(digits(ofDay % 60))Z"
  }

  /// The same for an answer that shows a file as it is, whatever is indexed: only if the index is not complete, or
  /// there is a note.
  func writeIfTelling(to budget: inout TokenBudget) {
    if !isComplete || !notes.isEmpty { write(to: &budget) }
  }

  /// Appends the header and as many of the notes as have room in a third of the budget.
  func write(to budget: inout TokenBudget) {
    budget.add(header)
    writeRepositories(to: &budget)
    let limit = budget.used + budget.limit / 3
    var seen: Set<String> = []
    for note in notes {
      let line = "note: " + safeText(shortened(note.description, to: 280))
      guard seen.insert(line).inserted, budget.used + TokenBudget.cost(ofLine: line) <= limit else { continue }
      budget.add(line)
    }
  }
}
