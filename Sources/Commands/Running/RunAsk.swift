import Cairn
import Glibc
import Rendering
import Synchronization

/// `cairn ask QUESTION...`
func runAsk(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let query = try queryText(arguments)
  let invocation = try Invocation(arguments, environment: environment)
  if let named = invocation.repositories, named.entries.count > 1 {
    throw CairnError(.invalidArgument, "a question is answered from one repository, and --repo names several")
  }
  var request = AskRequest(query)
  request.search = try invocation.request(query)
  request.model = arguments.values(.chatModel).last.map { String(decoding: $0, as: UTF8.self) }
  request.isContextOnly = arguments.has(.contextOnly)
  if let value = arguments.values(.tokens).last {
    guard let count = Int(String(decoding: value, as: UTF8.self)), (1...10_000_000).contains(count) else {
      throw CairnError(.invalidArgument, "--tokens takes a whole number from 1 to 10000000")
    }
    request.tokenLimit = count
  }
  if !arguments.has(.noUpdate) { try invocation.confirmRoot(environment) }
  invocation.tellNotes(invocation.workspace.notes + invocation.scopeNotes)

  let began = ContinuousClock.now
  let stream = AnswerStream(
    isOn: !invocation.printsJSON, tabs: invocation.terminal.outputIsTerminal ? .spaces : .kept)
  let isQuiet = invocation.isQuiet
  let response = try await invocation.withProgress { [request] progress throws(CairnError) in
    try await invocation.workspace.ask(request, progress: progress) { context in
      guard let destination = context.destination, !isQuiet else { return }
      tell("cairn: " + safeText(destination.statement))
    } onText: {
      stream.write($0)
    }
  }
  invocation.tellNotes(response.context.search.notes)
  if isQuiet {
    tellGaps(response.context.search)
  } else {
    if !invocation.printsJSON, response.context.excerpts.isEmpty || response.context.search.isAbsent {
      tellAbsent(response.context.search)
    }
    tellIncomplete(response.context.search)
    tellLeftOut(response.context.search)
  }
  let writer = AskWriter(
    output: output, terminal: invocation.terminal, paths: invocation.paths, isQuiet: isQuiet,
    isContextOnly: request.isContextOnly)
  if invocation.printsJSON {
    writer.writeJSON(response, query: query, seconds: (ContinuousClock.now - began).seconds)
  } else {
    stream.finish()
    if stream.isClosed { return ExitCode.done }
    writer.write(response)
  }
  return exitCode(response)
}

private func exitCode(_ response: AskResponse) -> Int32 {
  if response.context.excerpts.isEmpty { return ExitCode.nothingFound }
  if response.failure != nil { return ExitCode.error }
  // What was gathered is only semantically similar, and no model has said what it makes of that.
  if response.answer == nil, response.context.search.isAbsent { return ExitCode.nothingFound }
  return response.citations.contains { $0.verdict != .valid } ? ExitCode.notBacked : ExitCode.done
}

/// Shows an answer as it comes, from whatever thread brings it. What a model says may come from a file that someone
/// else wrote, so that it is made safe for a terminal like any other text.
final class AnswerStream: Sendable {
  private let state = Mutex((failure: Int32(0), endsLine: true, isEmpty: true))
  private let isOn: Bool
  private let tabs: TabStyle

  init(isOn: Bool, tabs: TabStyle = .spaces) {
    self.isOn = isOn
    self.tabs = tabs
  }

  /// False when nobody reads any more.
  func write(_ piece: String) -> Bool {
    guard isOn else { return true }
    let safe = piece.split(separator: "\n", omittingEmptySubsequences: false).map {
      safeText(String($0.filter { $0 != "\r" }), tabs: tabs)
    }.joined(separator: "\n")
    return state.withLock { state in
      state.failure = state.failure == 0 ? writeAll(Array(safe.utf8), to: STDOUT_FILENO) : state.failure
      if let last = safe.last { (state.endsLine, state.isEmpty) = (last == "\n", false) }
      return state.failure == 0
    }
  }

  /// Ends the last line.
  func finish() {
    if state.withLock({ !$0.isEmpty && !$0.endsLine }) { _ = write("\n") }
  }

  var isClosed: Bool { state.withLock { $0.failure != 0 } }
}
