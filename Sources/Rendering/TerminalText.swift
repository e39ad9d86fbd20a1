package import Cairn
import Settings

extension CairnError {
  /// Path, message, remedy and cause in one line, as a person at a terminal reads it: the remedy is the command to
  /// type.
  ///
  /// Not yet safe for a terminal: what is in it may come from a file's name (`safeText`).
  package var terminalText: String { description { $0.terminalText(after: code) } }
}

extension CairnError.Remedy {
  /// What to type, after an error of the kind `code`; nil for an action that has no name here.
  package func terminalText(after code: CairnError.Code) -> String? { joined { command(for: $0, after: code) } }

  private func command(for action: Action, after code: CairnError.Code) -> String? {
    let subject = subject ?? ""
    return switch action {
    case .index: "run `cairn index`"
    case .rebuild where code == .differentModel: "build it anew with `cairn index --reindex`"
    case .rebuild: "begin anew with `cairn index --rebuild`"
    case .rebuildWithBuiltInModel: "build it anew with another one: `cairn index --reindex --model builtin`"
    case .listLeftOut: "`cairn status --skipped` lists them"
    case .showStatus: "`cairn status --json` names all"
    case .listSettings: "`cairn config` lists those that exist"
    case .set: Self.assignment(of: subject)
    case .chooseRoot: subject.isEmpty ? "choose another root with --root" : "with --root it has an index of its own"
    case .listModels: "`cairn model list` shows them all"
    case .pullModel: "`cairn model pull \(subject)` fetches it"
    case .addModel: "then `cairn model add DIRECTORY`"
    case .removeModel: "remove it with `cairn model remove \(subject)`"
    case .renameModel: "take another name (--name NAME)"
    case .choosePrecision: "take --precision \(subject)"
    case .installOnnxRuntime: "install it with Scripts/setup --onnx, or name the library in CAIRN_ONNXRUNTIME"
    case .repair: "run `cairn doctor --repair`"
    case .searchHistory: "add --history"
    case .indexHistory: "run `cairn index --history`"
    case .indexRevision: "`cairn index --at \(subject)` makes it"
    case .removeRevision: "`cairn remove --at \(subject)` removes its index"
    case .updateRepository: "run `cairn update \(subject)`"
    case .listRepositories: "`cairn list` names them all"
    default: nil
    }
  }

  /// How to set the setting whose key is `key`, once or for good.
  private static func assignment(of key: String) -> String {
    guard let setting = Setting.keyed(key) else { return "set \(key)" }
    return switch setting {
    case .indexDirectory: "name another place with --index-dir"
    case .modelDirectory: "name one with --model-dir"
    case .generalLLMModel: "name one with --llm-model, or in general_llm_model"
    default: "set \(key) (--\(setting.flag)\(setting.placeholder.map { " \($0)" } ?? ""))"
    }
  }
}
