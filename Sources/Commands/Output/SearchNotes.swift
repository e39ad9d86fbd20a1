import Cairn
import Rendering

// What is said beside the results of a search or an answer, on standard error.

/// Says what no indexed file holds, before anything that is only near it.
func tellAbsent(_ response: SearchResponse, isFollowed: Bool = true, isOfHistory: Bool = false) {
  // Where there is no file at all, or none that is indexed, that was said.
  if response.hits.isEmpty, response.notes.contains(where: { $0.code == .noAnswer }) { return }
  let files =
    isOfHistory ? "removed code" : response.isFromBefore ? "file of the index as it was" : "indexed file"
  for absence in response.absences.prefix(shownAbsenceCount) {
    let what =
      switch absence.kind {
      case "file": "is called"
      case "phrase": "holds the quoted text"
      case "text": "holds the text"
      case "name": "holds the name"
      default: "holds the word"
      }
    let who = absence.isElsewhere ? "nothing that the filters pass" : "no \(files)"
    var line = "cairn: note: \(who) \(what) \(safeText(shortened(absence.text)))"
    if absence.kind == "phrase" { line += " in whole words" }
    if let path = absence.elsewhere { line += ", which is elsewhere, as in \(safeText(path.description))" }
    if !absence.nearNames.isEmpty { line += "; there is " + safeText(absence.nearNames.joined(separator: ", ")) }
    if response.isAbsent, isFollowed, !response.hits.isEmpty { line += "; what follows is only near it" }
    tell(line)
  }
  let more = response.absences.count - shownAbsenceCount
  if more > 0 { tell("cairn: note: nor \(more) more that the query says; --json names them all") }
}

extension SearchResponse {
  /// Whether the index was to be brought up to date before the answer, and was not.
  fileprivate var isFromBefore: Bool { notes.contains { $0.code == .outdated } }
}

/// More lines than these say too little each.
private let shownAbsenceCount = 8

/// With `-q`: says in one line what makes the answer incomplete or old, which no exit code tells and no list of files
/// shows: another process writes, an update failed, something could not be read, a limit ended the walk.
func tellGaps(_ response: SearchResponse) {
  let unread = Set((response.update?.unread ?? []).map(\.path))
  let notes = response.notes.filter { note in
    [.locked, .outdated, .limited, .storeIncomplete].contains(note.code)
      || note.path.map { unread.contains($0) } == true
  }
  let unsearched = response.repositories.filter { $0.failure != nil }
  let lines =
    notes.map { "cairn: note: " + safeText(shortened($0.terminalText)) }
    + unsearched.map { "cairn: note: \($0.name) was not searched" } + incompleteLines(response)
    + leftOutLines(response)
  guard let first = lines.first else { return }
  tell(first + (lines.count > 1 ? " (and \(countText(lines.count - 1, "more line")) without -q)" : ""))
}

/// Says that the results may lack files, unless it was said why already: something could not be read, a limit ended the
/// walk, or another process is not done yet.
func tellIncomplete(_ response: SearchResponse) { for line in incompleteLines(response) { tell(line) } }

private func incompleteLines(_ response: SearchResponse) -> [String] {
  let isExplained =
    response.update?.unread.isEmpty == false
    || response.notes.contains { [.locked, .limited, .outdated, .storeIncomplete].contains($0.code) }
  if response.isComplete || isExplained { return [] }
  if !response.repositories.isEmpty {
    // Why one was not searched at all is among the notes.
    let names = response.repositories.filter { !$0.isComplete && $0.failure == nil }.map(\.name)
    if names.isEmpty { return [] }
    let list = shortened(names.joined(separator: ", "))
    return ["cairn: note: not all is indexed of \(list), so the answer may lack files; run `cairn update`"]
  }
  return ["cairn: note: the index is not complete, so the answer may lack files; run `cairn index`"]
}

/// More files than these are only counted: the lines are for a person.
private let shownFailureCount = 3

/// Says what would have been among the results but could not be shown, and why.
func tellLeftOut(_ response: SearchResponse) { for line in leftOutLines(response) { tell(line) } }

private func leftOutLines(_ response: SearchResponse) -> [String] {
  var lines: [String] = []
  if response.vanishedCount > 0 {
    let what = response.vanishedCount == 1 ? "1 result was" : "\(response.vanishedCount) results were"
    lines.append("cairn: note: \(what) left out because the code is no longer in its file; run `cairn index`")
  }
  // A file that the update could not read either was told of already.
  let told = Set(response.notes.compactMap(\.path))
  let failures = response.unreadable.filter { failure in failure.path.map { !told.contains($0) } ?? true }
  if failures.isEmpty { return lines }
  let files = failures.count == 1 ? "a file" : "\(failures.count) files"
  let what =
    switch response.unreadableCount {
    case 0: "results may be missing because \(files) could not be searched for the quoted text or the pattern"
    case 1: "1 result was left out because \(files) could not be read"
    default: "\(response.unreadableCount) results were left out because \(files) could not be read"
    }
  lines.append("cairn: note: " + what)
  lines += failures.prefix(shownFailureCount).map { "cairn: unreadable: " + safeText($0.terminalText) }
  if failures.count > shownFailureCount {
    lines.append("cairn: unreadable: and \(failures.count - shownFailureCount) more; --json names them all")
  }
  return lines
}
