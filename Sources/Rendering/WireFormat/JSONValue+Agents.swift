package import AgentClients
package import Cairn
package import JSON

// The objects of `cairn agents` that `Docs/JSON.md` describes.

/// What became of one file of a client's.
package enum AgentOutcome: String, Sendable {
  /// It was written or removed.
  case done
  /// It would be: nothing is done with a dry run.
  case planned
  /// There is nothing to do.
  case unchanged
  /// The user said no.
  case declined
  /// It is left alone, for a reason.
  case refused
}

extension JSONValue {
  /// What `cairn agents install` and `uninstall` did to one file.
  package static func agentChange(
    _ verb: String, _ place: AgentPlace, _ outcome: AgentOutcome, _ change: AgentChange?, _ error: CairnError?
  ) -> JSONValue {
    let diff = change.map { $0.diff.map(\.text).joined(separator: "\n") + "\n" } ?? ""
    return .object(
      [("type", .string("agent_change")), ("action", .string(verb))] + members(of: place)
        + [("outcome", .string(outcome.rawValue)), ("diff", .string(diff))]
        + (change?.isRemoval == true ? [("removes_file", JSONValue.boolean(true))] : [])
        + (error.map { [("failure", failure($0)), ("paste", .string(place.pasteText))] } ?? []))
  }

  /// One entry that `cairn agents status` looked at, or the lack of one.
  package static func agent(
    _ place: AgentPlace, _ entry: FoundEntry?, isOurs: Bool, answer: ServerProbe.Answer?, problem: CairnError?
  ) -> JSONValue {
    let state = entry == nil ? problem == nil ? "absent" : "unknown" : isOurs ? "installed" : "foreign"
    var all: [(name: String, value: JSONValue)] = [("type", .string("agent"))]
    all += members(of: place)
    all.append(("state", .string(state)))
    if let entry, isOurs {
      all.append(("starts", .array(([entry.program] + entry.arguments).map { .string($0) })))
      all.append(("enabled", .boolean(!entry.isSwitchedOff)))
    }
    if let answer {
      all.append(
        (
          "server",
          .object([
            ("name", .string(answer.name)), ("version", .string(answer.version)),
            ("protocol", .string(answer.protocolVersion)), ("milliseconds", .integer(answer.milliseconds)),
          ])
        ))
    }
    if entry != nil, isOurs { all.append(("works", .boolean(answer != nil && problem == nil))) }
    if let problem { all.append(("failure", failure(problem))) }
    return .object(all)
  }

  private static func members(of place: AgentPlace) -> [(name: String, value: JSONValue)] {
    [
      ("client", .string(place.client.name)), ("title", .string(place.client.title)),
      ("purpose", .string(place.purpose.rawValue)),
    ] + members("path", Path(place.path))
  }
}
