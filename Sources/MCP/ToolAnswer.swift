import Cairn
import DoorSupport
import JSON
import JSONRPC
import Rendering

/// What one call works with.
struct ToolContext: Sendable {
  let trees: OpenTrees
  let tell: @Sendable (IndexProgress) -> Void
  private let deadline: ContinuousClock.Instant

  init(trees: OpenTrees, tell: @escaping @Sendable (IndexProgress) -> Void) {
    self.trees = trees
    self.tell = tell
    deadline = .now + trees.options.callLimit
  }

  var options: ServerOptions { trees.options }
  /// How much time is left.
  var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: deadline)) }

  func tree(_ arguments: Arguments) async throws(CairnError) -> OpenTree {
    let name = try arguments.text("root")
    return try await offPool { [trees] () throws(CairnError) in try trees.tree(named: name) }
  }
}

/// What a tool answers: a text for the model, and the same facts for programs.
struct ToolAnswer: Sendable {
  var text: String
  var isError = false
  var facts: [JSONValue.Member] = []
  /// The files of which something is shown, where answers of their tree are added up.
  var shown: (root: Path, paths: [Path], isEmpty: Bool)?

  init(_ text: String, _ facts: [JSONValue.Member] = []) {
    self.text = text
    self.facts = facts
  }

  /// An error that the model can do something about.
  init(_ error: CairnError) {
    text = "error: " + safeText(shortened(error.description, to: 600))
    isError = true
    facts = [.init("code", .string(error.code.rawValue))]
  }

  /// With the files of which it shows lines.
  ///
  /// - Parameter isEmpty: nothing was found.
  func showing(_ paths: [Path], isEmpty: Bool = false, in workspace: Workspace) -> ToolAnswer {
    var answer = self
    if workspace.configuration.keepsSavings { answer.shown = (workspace.root, paths, isEmpty) }
    return answer
  }

  /// As the protocol has it. The text is said once: what a model sees is to cost once, and clients differ in which of
  /// two forms they show it (Docs/MCP.md).
  func result(_ era: Era) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("content", [["type": "text", "text": .string(text)]])
    ]
    if isError { members.append(.init("isError", true)) }
    return era.result(members, meta: facts.isEmpty ? [] : [.init("cairn/answer", .object(facts))])
  }
}

extension ToolList.Name {
  /// Answers a call. What goes wrong is an answer too.
  func answer(to value: JSONValue?, _ context: ToolContext) async -> ToolAnswer {
    do throws(CairnError) {
      let arguments = try Arguments(value, of: self)
      switch self {
      case .search: return try await SearchTool(arguments: arguments, context: context).answer()
      case .read: return try await ReadTool(arguments: arguments, context: context).answer()
      case .outline: return try await OutlineTool(arguments: arguments, context: context).answer()
      case .history: return try await HistoryTool(arguments: arguments, context: context).answer()
      }
    } catch {
      guard error.code == .timedOut else { return ToolAnswer(error) }
      var late = error
      late.message =
        "the time of a call (\(context.options.callLimit.components.seconds) s) is over; what was done is kept, so ask "
        + "again, or for less"
      return ToolAnswer(late)
    }
  }
}
