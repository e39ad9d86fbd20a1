import AgentClients
import Cairn
import Glibc
import JSON
import Primitives
import Rendering

/// `cairn agents install|status|uninstall [CLIENT...]`
func runAgents(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let words = arguments.operands.map { String(decoding: $0, as: UTF8.self) }
  guard let verb = AgentRun.Verb(rawValue: words[0]) else {
    let verbs = AgentRun.Verb.allCases.map(\.rawValue)
    let near = nearestName(to: words[0], in: verbs)
    throw CairnError(
      .invalidArgument,
      "agents does not know \"\(words[0])\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "it takes \(verbs.joined(separator: ", "))"))
  }
  let invocation = try Invocation(arguments, environment: environment)
  var run = try AgentRun(verb, named: Array(words.dropFirst()), invocation, environment, output)
  return try run.perform()
}

/// One run of `cairn agents`: the clients in their order, each file of theirs once.
private struct AgentRun {
  enum Verb: String, CaseIterable { case install, status, uninstall }

  private let verb: Verb
  private let clients: [AgentClient]
  private let isNamed: Bool
  private let invocation: Invocation
  private let output: Output
  private let installer: AgentInstaller
  private var seen: Set<[UInt8]> = []
  private var doneCount = 0
  /// Files that had it already, and those with an entry that is the user's.
  private var unchangedCount = 0
  private var leftCount = 0
  private var problemCount = 0

  init(
    _ verb: Verb, named names: [String], _ invocation: Invocation, _ environment: Environment, _ output: Output
  ) throws(CairnError) {
    self.verb = verb
    self.invocation = invocation
    self.output = output
    let scope: AgentScope =
      invocation.arguments.has(.project) ? .project(invocation.workspace.root.filePath) : .user
    let installer = try asCairnError { () throws(Failure) in
      try AgentInstaller(try UserPlaces(environment.variables), scope: scope)
    }
    self.installer = installer
    isNamed = !names.isEmpty
    if isNamed {
      clients = try names.map { name throws(CairnError) in try Self.client(name) }
    } else {
      // What was installed is taken out wherever it is: a client may have gone since.
      clients = verb == .uninstall ? AgentClient.all : installer.foundClients
    }
  }

  private static func client(_ name: String) throws(CairnError) -> AgentClient {
    if let client = AgentClient.named(name.lowercased()) { return client }
    let names = AgentClient.all.map(\.name)
    let near = nearestName(to: name, in: names)
    throw CairnError(
      .invalidArgument,
      "there is no client \"\(name)\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "there are: \(names.joined(separator: ", "))"))
  }

  mutating func perform() throws(CairnError) -> Int32 {
    if clients.isEmpty {
      if !invocation.isQuiet {
        tell("cairn: no client is found here; name one: `cairn agents install claude-code`, or see `cairn help agents`")
      }
      return ExitCode.nothingFound
    }
    if verb == .status { return status() }
    try checkCanAsk()
    if !isNamed, verb == .install, !invocation.isQuiet {
      tell("cairn: found here: \(clients.map(\.title).joined(separator: ", "))")
    }
    for client in clients { change(client) }
    if problemCount > 0 { return ExitCode.error }
    if doneCount == 0, leftCount == 0, verb == .uninstall, !invocation.isQuiet {
      tell("cairn: no client's file has anything of Cairn's")
    }
    return doneCount > 0 || unchangedCount > 0 ? ExitCode.done : ExitCode.nothingFound
  }

  private var isDry: Bool { invocation.arguments.has(.dryRun) }
  private var asks: Bool { !isDry && !invocation.arguments.has(.yes) }

  private func checkCanAsk() throws(CairnError) {
    guard asks, invocation.printsJSON || isatty(STDIN_FILENO) == 0 || !invocation.terminal.errorIsTerminal else {
      return
    }
    throw CairnError(
      .invalidArgument,
      "this is no terminal, so nobody was asked; --dry-run shows what would be done, and --yes does it")
  }

  // MARK: Changing

  private mutating func change(_ client: AgentClient) {
    let places: [AgentPlace]
    do throws(Failure) { places = try self.places(client) } catch {
      // A client that has no file of a project is no mistake where it was not named.
      if isNamed { problem(CairnError(error)) }
      return
    }
    for place in places {
      // Several clients read one text for agents.
      guard seen.insert(place.path.bytes).inserted else { continue }
      change(place)
    }
  }

  private func places(_ client: AgentClient) throws(Failure) -> [AgentPlace] {
    switch verb {
    case .install:
      let server = try installer.serverPlace(client)
      return [server] + (invocation.arguments.has(.instructions) ? installer.instructionPlaces(client) : [])
    case .status: return [try installer.serverPlace(client)]
    case .uninstall: return try installer.serverPlaces(client) + installer.instructionPlaces(client)
    }
  }

  private mutating func change(_ place: AgentPlace) {
    // Where nobody was shown the change, a file that another program wrote meanwhile is read once more.
    var attemptsLeft = isDry || asks ? 1 : 5
    repeat { attemptsLeft -= 1 } while !change(place, isLast: attemptsLeft == 0)
  }

  /// False where the file was changed meanwhile, and this was not the last attempt.
  private mutating func change(_ place: AgentPlace, isLast: Bool) -> Bool {
    do throws(Failure) {
      if verb == .install { try installer.checkPresence(at: place) }
      guard let planned = try verb == .install ? installer.installation(at: place) : installer.removal(at: place) else {
        if verb == .install {
          unchangedCount += 1
          report(place, .unchanged, nil, nil, isUsers: (try? installer.hasUsersEntry(at: place)) == true)
        } else if !isDry {
          try installer.forgetEntry(at: place)
        }
        return true
      }
      if isDry || asks { show(planned) }
      if isDry {
        doneCount += 1
        report(place, .planned, planned, nil)
        return true
      }
      if asks, !isAgreed(planned) {
        report(place, .declined, planned, nil)
        return true
      }
      try installer.make(planned)
      if !asks, !invocation.isQuiet { show(planned) }
      doneCount += 1
      report(place, .done, planned, nil)
    } catch {
      if error.code == .changedMeanwhile, !isLast { return false }
      // What is not Cairn's was not to be taken out.
      if verb == .uninstall, error.code == .foreignEntry, place.purpose == .server {
        leftCount += 1
      } else {
        problemCount += 1
      }
      report(place, .refused, nil, CairnError(error))
    }
    return true
  }

  private func show(_ change: AgentChange) {
    if invocation.printsJSON { return }
    for line in AgentText.diff(change, invocation.terminal) { output.line(line) }
  }

  private func isAgreed(_ change: AgentChange) -> Bool {
    output.flush()
    ask("cairn: \(AgentText.question(change)) [y/N] ")
    return readLine().map { ["y", "yes"].contains($0.lowercased()) } ?? false
  }

  private func report(
    _ place: AgentPlace, _ outcome: AgentOutcome, _ change: AgentChange?, _ error: CairnError?, isUsers: Bool = false
  ) {
    if invocation.printsJSON {
      output.line(JSONValue.agentChange(verb.rawValue, place, outcome, change, error).line)
    }
    if let error {
      tell("cairn: " + safeText(error.terminalText))
      if verb == .install, !invocation.printsJSON {
        tell("to paste into it by hand:\n" + place.pasteText)
      }
    } else if !invocation.isQuiet, !invocation.printsJSON {
      output.line(AgentText.outcome(outcome, place, change, isUsers: isUsers))
    }
  }

  private mutating func problem(_ error: CairnError) {
    problemCount += 1
    if invocation.printsJSON { output.line(JSONValue.error(error).line) }
    tell("cairn: " + safeText(error.terminalText))
  }

  // MARK: Looking

  private mutating func status() -> Int32 {
    var entryCount = 0
    for client in clients {
      var places: [AgentPlace] = []
      do throws(Failure) {
        places = try installer.serverPlaces(client)
        if places.isEmpty { places = [try installer.serverPlace(client)] }
      } catch {
        if isNamed { problem(CairnError(error)) }
        continue
      }
      for place in places where status(place) { entryCount += 1 }
    }
    if problemCount > 0 { return ExitCode.error }
    return entryCount > 0 ? ExitCode.done : ExitCode.nothingFound
  }

  /// Whether the place has an entry of Cairn's.
  private mutating func status(_ place: AgentPlace) -> Bool {
    var entry: FoundEntry?
    var isOurs = false
    var answer: ServerProbe.Answer?
    var problem: CairnError?
    do throws(Failure) {
      if let found = try installer.entry(at: place) {
        entry = found.entry
        isOurs = found.isOurs
        if isOurs, !found.entry.isSwitchedOff { answer = try installer.probe(found.entry, at: place) }
      }
    } catch {
      problem = CairnError(error)
      problemCount += 1
    }
    if invocation.printsJSON {
      output.line(JSONValue.agent(place, entry, isOurs: isOurs, answer: answer, problem: problem).line)
    } else {
      for line in AgentText.status(place, entry, isOurs: isOurs, answer, problem, invocation.style) {
        output.line(line)
      }
    }
    return isOurs
  }
}
