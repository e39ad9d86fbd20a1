import Cairn
import Commands
import JSON
import Primitives
import Rendering
import Settings
import Testing

/// What to do about an error: data below, a command at the terminal, words of no door for a program.
@Suite struct RemedyTests {
  private static let actions = Remedy.Action.allCases

  /// With a subject where the action needs one.
  private static func error(_ action: Remedy.Action, _ code: CairnError.Code = .notFound) -> CairnError {
    let subject: String? =
      switch action {
      case .set: "max_memory_mb"
      case .pullModel, .removeModel: "minilm"
      case .choosePrecision: "fp16"
      case .indexRevision, .removeRevision: "v1.2"
      default: nil
      }
    return CairnError(
      Failure(.init(rawValue: code.rawValue), "something is so", cause: "as it was", remedy: Remedy(action, subject)))
  }

  @Test(arguments: actions)
  func `every remedy has a command for the terminal, and words without one for a program`(_ action: Remedy.Action) {
    let error = Self.error(action)
    #expect(error.remedy?.action.rawValue == action.rawValue)
    let text = error.terminalText
    #expect(text.hasPrefix("something is so; ") && text.hasSuffix(" (as it was)"), "\(text)")
    #expect(text.contains("`cairn ") || text.contains("--"), "\(text)")
    let words = error.description
    #expect(words.hasPrefix("something is so; ") && words.hasSuffix(" (as it was)"), "\(words)")
    #expect(!words.contains("`") && !words.contains("--"), "\(words)")
  }

  @Test(arguments: actions, [CairnError.Code.notFound, .differentModel])
  func `a command that is named is one that exists`(_ action: Remedy.Action, _ code: CairnError.Code) throws {
    let text = Self.error(action, code).terminalText
    let quoted = text.split(separator: "`", omittingEmptySubsequences: false)
    for (i, command) in quoted.enumerated() where i % 2 == 1 {
      let words = command.split(separator: " ").map { Array($0.utf8) }
      #expect(words.first == Array("cairn".utf8), "\(command)")
      let parsed = try ArgumentParser.parse(Array(words.dropFirst()))
      #expect(parsed.command != nil, "\(command)")
    }
    // Flags that stand alone are of a command that one of them goes with.
    let plain = quoted.enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined(separator: " ")
    let known = Set(
      Command.Name.allCases.flatMap { Command.named($0).allOptions.map(\.name) } + ["onnx"])
    for word in plain.split(whereSeparator: { " (),".contains($0) }) where word.hasPrefix("--") {
      #expect(known.contains(String(word.dropFirst(2))), "\(word)")
    }
  }

  @Test(arguments: Setting.all)
  func `setting a setting names its flag or its key`(_ setting: Setting) {
    let text = CairnError(.notFound, "so", remedy: CairnError.Remedy(.set, setting.key)).terminalText
    #expect(text.contains(setting.key) || text.contains("--\(setting.flag)"), "\(text)")
  }

  @Test func `of two ways both are said`() {
    let remedy = CairnError.Remedy(.set, "index_dir", or: .rebuild)
    let error = CairnError(.invalidArgument, "this is the index of /b, not of /a", remedy: remedy)
    #expect(
      error.terminalText == "this is the index of /b, not of /a; name another place with --index-dir, "
        + "or begin anew with `cairn index --rebuild`")
    #expect(error.description == "this is the index of /b, not of /a; set index_dir, or build the index anew")
    #expect(
      JSONValue.error(error).line
        == #"{"type":"error","code":"invalid-argument","message":"this is the index of /b, not of /a","#
        + #""remedy":{"action":"set","subject":"index_dir","alternative":"rebuild"}}"#)
  }

  @Test func `an action of a later version says nothing`() {
    let error = CairnError(.damaged, "so", remedy: CairnError.Remedy(.init(rawValue: "dance")))
    #expect(error.description == "so" && error.terminalText == "so")
  }
}
