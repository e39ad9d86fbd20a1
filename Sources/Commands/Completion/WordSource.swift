import AgentClients
import Cairn
import DoorSupport
import Rendering
import Settings

/// What a word of the command line can be, as far as a shell can complete it.
package enum WordSource: Hashable, Sendable {
  /// Words of the user's own.
  case free
  case words([String])
  /// Any of these, with commas between them.
  case list([String])
  case files
  case directories
  /// What the setting that the word before names can be set to.
  case settingValue

  /// By what stands for the word in usages and help texts: `DIR`, `FILE:LINE`, `auto|always|never`. What is not known
  /// here is free, so that a new command needs nothing here to be completed.
  package init(placeholder: String) {
    let name = placeholder.filter { !"[].".contains($0) }
    switch name {
    case "DIR", "DIRECTORY": self = .directories
    case "FILE", "FILE:LINE", "PATH", "SCRIPT": self = .files
    case "CLIENT": self = .words(AgentClient.all.map(\.name))
    case "COMMAND": self = .words(Command.Name.allCases.map(\.rawValue))
    case "TOPIC": self = .words(Help.topicNames)
    case "KEY": self = .words(Setting.all.map(\.key))
    case "VALUE": self = .settingValue
    case "LANGUAGES": self = .list(SearchRequest.languageNames)
    case "KINDS": self = .list(SymbolKind.allCases.map(\.rawValue))
    case "MODEL": self = .words(ModelLibrary.knownNames)
    case "PROFILE": self = .words(SizeProfile.allCases.map(\.rawValue))
    case "SHELL": self = .words(Shell.allCases.map(\.rawValue))
    default: self = Self.isChoice(name) ? .words(name.split(separator: "|").map(String.init)) : .free
    }
  }

  /// `auto|always`, and not `N|N%`.
  private static func isChoice(_ text: String) -> Bool {
    text.contains("|") && text.allSatisfy { "|-".contains($0) || $0.isASCII && ($0.isLowercase || $0.isNumber) }
  }
}

extension Option {
  /// The words that its value can be; nil where it takes none.
  package var valueSource: WordSource? {
    switch (meaning, operand) {
    case (_, .none): nil
    case (.language, _), (.excludedLanguage, _), (.grep(.language), _), (.grep(.excludedLanguage), _):
      WordSource(placeholder: "LANGUAGES")
    case (_, .boolean): .words(["true", "false"])
    case (_, .value(let placeholder)): WordSource(placeholder: placeholder)
    case (_, .optionalValue(let placeholder)): .words(placeholder.split(separator: "|").map(String.init))
    }
  }

  /// Whether the word behind it is its value: `--name VALUE`.
  package var takesNextWord: Bool { if case .value = operand { true } else { false } }

  /// As it is typed, with its dashes: what a shell offers.
  package var spellings: [String] {
    (short.map { ["-" + $0] } ?? []) + ["--" + name] + (operand == .boolean ? ["--no-" + name] : [])
  }

  /// Every way in which it can be typed.
  package var allSpellings: [String] { spellings + aliases.map { ($0.count > 1 ? "--" : "-") + $0 } }
}

extension Setting {
  /// The words that it can be set to.
  package var words: [String] {
    switch Option(self).valueSource {
    case .words(let words): words
    default: []
    }
  }
}
