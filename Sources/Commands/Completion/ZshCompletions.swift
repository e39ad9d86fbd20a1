import Primitives
import Settings

/// The script for zsh: a function for `compinit` to find, on `_arguments`.
struct ZshCompletions {
  var text: String {
    """
    #compdef cairn
    # Completions of cairn for zsh. Made by `cairn completions zsh`; a new version of cairn makes them anew.

    _cairn_commands() {
      local -a commands=(
    \(Command.all.map { "    " + singleQuoted("\($0.name.rawValue):\($0.summary)") }.joined(separator: "\n"))
      )
      _describe -t commands command commands
    }

    # The operand of the command $1 behind the operands $2 and so on.
    _cairn_operand() {
      local command=$1
      shift
      case "$command $# ${1-}" in
    \(operands)
      *) _message -e words 'words of your own' ;;
      esac
    }

    # What the setting $1 can be set to.
    _cairn_setting() {
      local -a values
      case $1 in
    \(settings)
      *) _message -e values value; return ;;
      esac
      compadd -a values
    }

    _cairn() {
      local curcontext=$curcontext state
      local -a line common options
      local -A opt_args
      common=(
    \(specifications(of: Command.commonOptions + Option.settings))
      )
      _arguments -C -S : '1: :_cairn_commands' '*:: :->operands' $common && return
      [[ $state == operands ]] || return 1
      local command=$words[1]
      case $command in
    \(Command.all.filter { !$0.options.isEmpty }.map(ownOptions).joined(separator: "\n"))
      esac
      _arguments -C -S : $options $common '*: :->operand' && return
      [[ $state == operand ]] && _cairn_operand $command $line[1,-2]
    }

    if [[ $funcstack[1] == _cairn ]]; then _cairn "$@"; else compdef _cairn cairn; fi

    """
  }

  private func ownOptions(_ command: Command) -> String {
    "  \(command.name.rawValue)) options=(\n\(specifications(of: command.options))\n  ) ;;"
  }

  private func specifications(of options: [Option]) -> String {
    options.flatMap(specifications).map { "    " + singleQuoted($0) }.joined(separator: "\n")
  }

  /// One for each way to type it, since each may be repeated.
  private func specifications(_ option: Option) -> [String] {
    let summary = Self.escaped(option.summary, ":[]")
    return option.spellings.map { spelling in
      let isLong = spelling.hasPrefix("--")
      switch option.operand {
      case .none: return "*\(spelling)[\(summary)]"
      case .boolean: return "*\(spelling)[\(summary)]"
      case .value(let placeholder):
        let action = option.valueSource.map(action) ?? ""
        return "*\(spelling)\(isLong ? "=" : "+")[\(summary)]:\(Self.escaped(placeholder, ":")):\(action)"
      case .optionalValue(let placeholder):
        return "*\(spelling)=-[\(summary)]::\(placeholder):(\(placeholder))"
      }
    }
  }

  private func action(_ source: WordSource) -> String {
    switch source {
    case .free, .settingValue: " "
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .list(let words): "_sequence compadd - \(words.joined(separator: " "))"
    case .files: "_files"
    case .directories: "_files -/"
    }
  }

  private func call(_ source: WordSource) -> String {
    switch source {
    case .free: "_message -e words 'words of your own'"
    case .words(let words): "compadd - \(words.joined(separator: " "))"
    case .list(let words): "_sequence compadd - \(words.joined(separator: " "))"
    case .files: "_files"
    case .directories: "_files -/"
    case .settingValue: "_cairn_setting ${@[-1]}"
    }
  }

  private var operands: String { Command.operandCases { call($0) } }

  private var settings: String {
    Setting.all.filter { !$0.words.isEmpty }.map { "  \($0.key)) values=(\($0.words.joined(separator: " "))) ;;" }
      .joined(separator: "\n")
  }

  private static func escaped(_ text: String, _ special: String) -> String {
    String(text.flatMap { special.contains($0) || $0 == "\\" ? ["\\", $0] : [$0] })
  }
}
