import Cairn
import Glibc
import JSON
import Rendering

/// `cairn search QUESTION...`
func runSearch(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let question = try questionText(arguments)
  let invocation = try Invocation(arguments, environment: environment)
  let request = try invocation.request(question)
  return try await answer(invocation, output, question: question) { progress throws(CairnError) in
    try await invocation.workspace.search(request, progress: progress)
  }
}

/// More of standard input than this is no question.
private let questionByteLimit = 16 << 20

/// The question: the operands, or standard input where `-` is the only one. Throws where it is empty.
func questionText(_ arguments: ParsedArguments) throws(CairnError) -> String {
  var question = arguments.operands.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  if arguments.operands == [Array("-".utf8)] {
    guard let bytes = readAll(from: STDIN_FILENO, limit: questionByteLimit) else {
      throw CairnError(.inputOutput, "standard input could not be read to its end, or is more than 16 MiB")
    }
    question = String(decoding: bytes, as: UTF8.self)
  }
  guard !question.allSatisfy(\.isWhitespace) else { throw CairnError(.invalidArgument, "the question is empty") }
  guard !question.allSatisfy({ $0.isWhitespace || $0 == "\"" }) else {
    throw CairnError(
      .invalidArgument,
      "there is nothing to look for: the question is quotation marks alone; put some text between them")
  }
  return question
}

/// `cairn related FILE:LINE`
func runRelated(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  let (path, line) = try invocation.workspace.place(
    named: Path(bytes: arguments.operands[0]), from: invocation.namedDirectory)
  let request = try invocation.request("")
  return try await answer(invocation, output, question: "") { progress throws(CairnError) in
    try await invocation.workspace.related(to: path, line: line, request, progress: progress)
  }
}

/// Asks, prints the answer in the form that was asked for, and gives the exit code.
private func answer(
  _ invocation: Invocation, _ output: Output, question: String,
  _ ask: ((@Sendable (IndexProgress) -> Void)?) async throws(CairnError) -> SearchResponse
) async throws(CairnError) -> Int32 {
  let began = ContinuousClock.now
  if !invocation.arguments.has(.noUpdate) { try invocation.confirmRoot(.process) }
  // That the index is elsewhere because it cannot be where it should is worth a line when it is made; `status` and `index` say it
  // again. That one which is there is not used is said each time.
  let notes = invocation.workspace.notes
  let isMade = !notes.isEmpty && invocation.workspace.hasIndex
  let told = notes.filter { !isMade || $0.code != .notOurs || (try? $0.path?.resolved()) != nil }
  invocation.tellNotes(told + invocation.scopeNotes)
  // Where there is no index yet, every file goes to the endpoint, not the question alone.
  // One that is damaged may be made anew, from every file as well.
  if invocation.workspace.disclosure != nil, ((try? invocation.workspace.status()) ?? nil) == nil {
    tellDisclosure(invocation)
  }
  let response = try await withProgress(invocation, ask)
  let seconds = (ContinuousClock.now - began).seconds
  // What was found and cannot be read is not what is nowhere.
  let isUnreadable = response.hits.isEmpty && !response.unreadable.isEmpty
  let code =
    isUnreadable
    ? ExitCode.error : response.hits.isEmpty || response.isAbsent ? ExitCode.nothingFound : ExitCode.done
  if isUnreadable, invocation.printsJSON || invocation.isQuiet { tellLeftOut(response) }
  if !invocation.printsJSON { tellUpdate(response, invocation) }
  invocation.tellNotes(response.notes)
  if !invocation.isQuiet, !invocation.printsJSON {
    tellAbsent(response, isFollowed: !invocation.arguments.has(.filesOnly))
  }

  let paths = invocation.arguments.has(.filesOnly) ? distinctPaths(response.hits) : nil
  if invocation.printsJSON {
    if let paths {
      for (index, path) in paths.enumerated() { output.line(JSONValue.file(path, rank: index + 1).line) }
    } else {
      let explains = invocation.arguments.has(.explain)
      for (index, hit) in response.hits.enumerated() {
        output.line(JSONValue.result(hit, rank: index + 1, explains: explains).line)
      }
    }
    let summary = JSONValue.summary(
      of: response, count: paths?.count ?? response.hits.count, query: question, root: invocation.workspace.root,
      seconds: seconds)
    output.line(summary.line)
    return code
  }
  // Without the note that says so, what is only near would pass for what was asked for.
  if invocation.isQuiet, response.isAbsent { return code }
  output.pager = Pager(invocation, environment: .process)
  let writer = AnswerWriter(invocation: invocation, output: output, question: question)
  if let paths {
    // What reads a list of files, such as `xargs`, does not read that they are only near.
    if !response.isAbsent { for path in paths { writer.write(path) } }
  } else {
    writer.write(response.hits)
  }
  tellRest(response, invocation)
  return code
}

private func distinctPaths(_ hits: [SearchHit]) -> [Path] {
  var seen: Set<Path> = []
  return hits.map(\.path).filter { seen.insert($0).inserted }
}

/// The first index of a tree is worth a line; later updates happen in silence.
private func tellUpdate(_ response: SearchResponse, _ invocation: Invocation) {
  guard let update = response.update, !invocation.isQuiet else { return }
  if invocation.terminal.errorIsTerminal, update.filesIndexed > 0, update.filesUnchanged == 0 {
    tell(ReportText.line(update))
  }
  // What could not be read is among the notes.
  // What is as it was before is told by `index` and `status`.
  for failure in update.otherFailures where failure.code != .withoutSyntax {
    tell("cairn: " + safeText(failure.terminalText))
  }
}

private func tellRest(_ response: SearchResponse, _ invocation: Invocation) {
  if invocation.isQuiet { return }
  tellIncomplete(response)
  tellLeftOut(response)
  if response.hits.isEmpty, invocation.terminal.errorIsTerminal { tell("nothing found") }
}

/// Says what no indexed file holds, before anything that is only near it.
func tellAbsent(_ response: SearchResponse, isFollowed: Bool = true) {
  // Where there is no file at all, or none that is indexed, that was said.
  if response.hits.isEmpty, response.notes.contains(where: { $0.code == .noAnswer }) { return }
  for absence in response.absences.prefix(shownAbsenceCount) {
    let what =
      switch absence.kind {
      case "file": "is called"
      case "phrase": "holds the quoted text"
      case "text": "holds the text"
      case "name": "holds the name"
      default: "holds the word"
      }
    let who = absence.isElsewhere ? "nothing that the filters pass" : "no indexed file"
    var line = "cairn: note: \(who) \(what) \(safeText(shortened(absence.text)))"
    if absence.kind == "phrase" { line += " in whole words" }
    if let path = absence.elsewhere { line += ", which stands elsewhere, as in \(safeText(path.description))" }
    if !absence.nearNames.isEmpty { line += "; there is " + safeText(absence.nearNames.joined(separator: ", ")) }
    if response.isAbsent, isFollowed, !response.hits.isEmpty { line += "; what follows is only near it" }
    tell(line)
  }
  let more = response.absences.count - shownAbsenceCount
  if more > 0 { tell("cairn: note: nor \(more) more that the question says; --json names them all") }
}

/// More lines than these say too little each.
private let shownAbsenceCount = 8

/// Says that the answer may lack files, unless it was said why already: something could not be read, a limit ended the walk, or
/// another process is not done yet.
func tellIncomplete(_ response: SearchResponse) {
  let isExplained =
    response.update?.unread.isEmpty == false || response.notes.contains { [.locked, .limited].contains($0.code) }
  if response.isComplete || isExplained { return }
  tell("cairn: note: the index is not complete, so the answer may lack files; run `cairn index`")
}

/// More files than these are only counted: the lines are for a person.
private let shownFailureCount = 3

/// Says what would have been in the answer but could not be shown, and why.
func tellLeftOut(_ response: SearchResponse) {
  if response.vanishedCount > 0 {
    let what = response.vanishedCount == 1 ? "1 result was" : "\(response.vanishedCount) results were"
    tell("cairn: note: \(what) left out because the code is no longer in its file; run `cairn index`")
  }
  // A file that the update could not read either was told of already.
  let told = Set(response.notes.compactMap(\.path))
  let failures = response.unreadable.filter { failure in failure.path.map { !told.contains($0) } ?? true }
  if failures.isEmpty { return }
  let files = failures.count == 1 ? "a file" : "\(failures.count) files"
  let what =
    switch response.unreadableCount {
    case 0: "results may be missing because \(files) could not be searched for the quoted text"
    case 1: "1 result was left out because \(files) could not be read"
    default: "\(response.unreadableCount) results were left out because \(files) could not be read"
    }
  tell("cairn: note: " + what)
  for failure in failures.prefix(shownFailureCount) { tell("cairn: unreadable: " + safeText(failure.terminalText)) }
  if failures.count > shownFailureCount {
    tell("cairn: unreadable: and \(failures.count - shownFailureCount) more; --json names them all")
  }
}
