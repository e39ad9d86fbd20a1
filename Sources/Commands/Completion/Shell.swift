import Primitives

/// A shell that completes command lines by a script of its own.
///
///     print(Shell.fish.completions)
package enum Shell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  /// The script that completes `cairn`, made from the tables of commands, options and settings: the same text for the
  /// same program.
  package var completions: String {
    switch self {
    case .bash: BashCompletions().text
    case .zsh: ZshCompletions().text
    case .fish: FishCompletions().text
    }
  }
}

/// `text` between single quotes, as shells of the Bourne family read it.
func singleQuoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
