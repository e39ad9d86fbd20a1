import Cairn
import DoorSupport
import Glibc
import JSON
import Registry
import Rendering

/// `cairn search QUERY...`
func runSearch(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let query = try queryText(arguments)
  let invocation = try Invocation(arguments, environment: environment)
  let request = try invocation.request(query)
  return try await search(invocation, output, query: query) { progress throws(CairnError) in
    if let named = invocation.repositories {
      return try await named.registry.search(request, in: named.entries, progress: progress)
    }
    return try await invocation.workspace.search(request, progress: progress)
  }
}

/// More of standard input than this is no query.
private let queryByteLimit = 16 << 20

/// The query: the operands, or standard input where `-` is the only one. Throws where it is empty.
func queryText(_ arguments: ParsedArguments) throws(CairnError) -> String {
  var query = arguments.operands.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  if arguments.operands == [Array("-".utf8)] {
    guard let bytes = readAll(from: STDIN_FILENO, limit: queryByteLimit) else {
      throw CairnError(.inputOutput, "standard input could not be read to its end, or is more than 16 MiB")
    }
    query = String(decoding: bytes, as: UTF8.self)
  }
  guard !query.allSatisfy(\.isWhitespace) else { throw CairnError(.invalidArgument, "the query is empty") }
  guard !query.allSatisfy({ $0.isWhitespace || $0 == "\"" }) else {
    throw CairnError(
      .invalidArgument,
      "there is nothing to search for: the query is quotation marks alone; put some text between them")
  }
  return query
}

/// `cairn related FILE:LINE`
func runRelated(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  if let named = invocation.repositories {
    let place = try named.registry.place(
      named: arguments.operands[0], in: named.entries, from: invocation.namedDirectory)
    let request = try invocation.request("")
    return try await search(invocation, output, query: "") { progress throws(CairnError) in
      try await named.registry.search(request, in: named.entries, like: place, progress: progress)
    }
  }
  let (path, line) = try invocation.workspace.place(
    named: Path(bytes: arguments.operands[0]), from: invocation.namedDirectory)
  let request = try invocation.request("")
  return try await search(invocation, output, query: "") { progress throws(CairnError) in
    try await invocation.workspace.related(to: path, line: line, request, progress: progress)
  }
}

/// Searches, prints what was found in the form that was asked for, and gives the exit code.
private func search(
  _ invocation: Invocation, _ output: Output, query: String,
  _ run: ((@Sendable (IndexProgress) -> Void)?) async throws(CairnError) -> SearchResponse
) async throws(CairnError) -> Int32 {
  let began = ContinuousClock.now
  if let named = invocation.repositories {
    if !invocation.isQuiet { for text in named.disclosures { tell("cairn: " + safeText(text)) } }
  } else {
    try tellBefore(invocation)
  }
  let response = try await invocation.withProgress(run)
  let seconds = (ContinuousClock.now - began).seconds
  // What was found and cannot be read is not what is nowhere.
  let isUnreadable = response.hits.isEmpty && !response.unreadable.isEmpty
  let code =
    isUnreadable
    ? ExitCode.error : response.hits.isEmpty || response.isAbsent ? ExitCode.nothingFound : ExitCode.done
  if isUnreadable, invocation.printsJSON || invocation.isQuiet {
    tellLeftOut(response)
  } else if invocation.isQuiet {
    tellGaps(response)
  }
  if !invocation.printsJSON { tellUpdate(response, invocation) }
  if let revision = response.revision, !invocation.isQuiet, !invocation.printsJSON {
    tell("cairn: note: of the commit \(revision)")
  }
  invocation.tellNotes(response.notes)
  if !invocation.isQuiet, !invocation.printsJSON {
    tellAbsent(
      response, isFollowed: !invocation.arguments.has(.filesOnly), isOfHistory: invocation.arguments.has(.history))
  }

  let files = invocation.arguments.has(.filesOnly) ? distinctFiles(response.hits) : nil
  if invocation.printsJSON {
    if let files {
      for (index, hit) in files.enumerated() { output.line(JSONValue.file(hit, rank: index + 1).line) }
    } else {
      let explains = invocation.arguments.has(.explain)
      for (index, hit) in response.hits.enumerated() {
        output.line(JSONValue.result(hit, rank: index + 1, explains: explains).line)
      }
    }
    let summary = JSONValue.summary(
      of: response, count: files?.count ?? response.hits.count, query: query,
      root: invocation.repositories == nil ? invocation.workspace.root : nil, seconds: seconds)
    output.line(summary.line)
    return code
  }
  // Without the note that says so, what is only near would pass for what was asked for.
  if invocation.isQuiet, response.isAbsent { return code }
  if !invocation.arguments.has(.noPager) { output.pager = Pager(invocation.terminal, environment: .process) }
  let form: ResultWriter.Form =
    invocation.arguments.has(.vimgrep) ? .vimgrep : invocation.arguments.has(.explain) ? .explained : .snippets
  let writer = ResultWriter(output, on: invocation.terminal, paths: invocation.paths, form: form, query: query)
  if let files {
    // What reads a list of files, such as `xargs`, does not read that they are only near.
    if !response.isAbsent {
      for hit in files { writer.writeFile(of: hit, endsInNUL: invocation.arguments.has(.null)) }
    }
  } else {
    writer.write(response.hits)
  }
  tellRest(response, invocation)
  return code
}

/// The first hit of each file.
private func distinctFiles(_ hits: [SearchHit]) -> [SearchHit] {
  var seen: Set<[String: Path]> = []
  return hits.filter { seen.insert([$0.repository ?? "": $0.path]).inserted }
}

/// What is asked and said before a search of a tree.
private func tellBefore(_ invocation: Invocation) throws(CairnError) {
  if !invocation.arguments.has(.noUpdate) { try invocation.confirmRoot(.process) }
  // That the index is elsewhere because it cannot be where it should is worth a line when it is made; `status` and
  // `index` say it again. That one which is there is not used is said each time.
  let notes = invocation.workspace.notes
  let isMade = !notes.isEmpty && invocation.workspace.hasIndex
  let told = notes.filter { !isMade || $0.code != .notOurs || (try? $0.path?.resolved()) != nil }
  invocation.tellNotes(told + invocation.scopeNotes)
  // Where there is no index yet, every file goes to the endpoint, not the query alone.
  // One that is damaged may be made anew, from every file as well.
  if invocation.workspace.disclosure != nil, ((try? invocation.workspace.status()) ?? nil) == nil {
    invocation.tellDisclosure()
  }
}

/// The first index of a tree is worth a line; later updates happen in silence.
private func tellUpdate(_ response: SearchResponse, _ invocation: Invocation) {
  guard let update = response.update, !invocation.isQuiet else { return }
  if invocation.terminal.errorIsTerminal, update.filesIndexed > 0, update.filesUnchanged == 0 {
    tell(ReportText.line(update))
  }
  if invocation.terminal.errorIsTerminal, let line = ReportText.resumption(update) { tell(line) }
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
