import Cairn

/// A command line that makes sense, with everything its command needs: where, with which settings, joined to what.
struct Invocation {
  let arguments: ParsedArguments
  let workspace: Workspace
  let terminal: Terminal
  let currentDirectory: Path

  var configuration: Configuration { workspace.configuration }
  var style: Style { Style(isOn: terminal.usesColor) }
  var isQuiet: Bool { arguments.has(.quiet) }
  var printsJSON: Bool { arguments.has(.json) }

  /// Finds the root, loads what is configured, and opens the workspace. `directory` is the root that an operand names.
  init(_ arguments: ParsedArguments, directory: [UInt8]? = nil, environment: Environment) throws(CairnError) {
    self.arguments = arguments
    currentDirectory = try Path.current()
    let root: Path
    if let named = directory ?? arguments.values(.root).last {
      root = Path(bytes: named)
    } else {
      root = try Workspace.findRoot(from: currentDirectory)
    }
    var configuration = try Configuration.load(root: root, environment: environment)
    for use in arguments.uses {
      guard case .setting(let setting) = use.option.meaning else { continue }
      try configuration.apply(flag: use.spelling, setting, use.value, environment: environment)
    }
    workspace = try Workspace(root: root, configuration: configuration, environment: environment)
    terminal = Terminal(configuration: configuration, environment: environment)
  }

  /// The question's filters, and whether the index is brought up to date first.
  func request(_ text: String) throws(CairnError) -> SearchRequest {
    var request = SearchRequest(text)
    request.explains = arguments.has(.explain)
    request.limit = configuration.limit
    request.contextLineCount = configuration.contextLineCount
    request.languages = arguments.values(.language).map { String(decoding: $0, as: UTF8.self).lowercased() }
    request.paths = arguments.values(.path).map { String(decoding: $0, as: UTF8.self) }
    for value in arguments.values(.kind) {
      let word = String(decoding: value, as: UTF8.self)
      guard let kind = SymbolKind(rawValue: word) else {
        let names = SymbolKind.allCases.map(\.rawValue)
        let near = nearestName(to: word, in: names)
        throw CairnError(
          .invalidArgument,
          "--kind: there is no kind \"\(word)\"; "
            + (near.map { "did you mean \"\($0)\"?" } ?? "there are: \(names.joined(separator: ", "))"))
      }
      request.kinds.append(kind)
    }
    request.freshness = arguments.has(.noUpdate) ? .asIs : .upToDate
    return request
  }

  /// Says what is worth knowing beside the answer, once, where people look.
  func tellNotes(_ notes: [CairnError]) {
    if isQuiet { return }
    for note in notes { tell("cairn: note: " + safeText(note.description)) }
  }
}
