import Primitives
import Settings

/// The script for bash. It needs nothing but bash itself: no `bash-completion`, and no version after 4.
struct BashCompletions {
  var text: String {
    """
    # Completions of cairn for bash. Made by `cairn completions bash`; a new version of cairn makes them anew.

    # The options of the command $1.
    _cairn_options() {
      options='\(words(of: Command.commonOptions + Option.settings))'
      case $1 in
    \(Command.all.filter { !$0.options.isEmpty }.map(ownOptions).joined(separator: "\n"))
      esac
    }

    # What the value of the option $2 of the command $1 is: sets kind and values. False where it takes none; a kind
    # that begins with = stands behind that sign alone.
    _cairn_value() {
      case $1:$2 in
    \(values)
      *) return 1 ;;
      esac
    }

    # What the next operand of the command $1 is, behind the operands $2 and so on.
    _cairn_operand() {
      case "$1 $(($# - 1)) ${2-}" in
    \(operands)
      *) kind=free ;;
      esac
    }

    # What the setting $1 can be set to.
    _cairn_setting() {
      kind=words
      case $1 in
    \(settings)
      *) kind=free ;;
      esac
    }

    _cairn() {
      local word=${COMP_WORDS[COMP_CWORD]} command='' valued='' dashes='' kind=free values='' options='' i
      local -a operands=()
      COMPREPLY=()
      # To bash `--lang=go` is three words.
      if [[ $word == = ]]; then
        word='' valued=${COMP_WORDS[COMP_CWORD - 1]}
      elif ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
        valued=${COMP_WORDS[COMP_CWORD - 2]}
      fi
      for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == -- && $command ]]; then
          operands+=("${COMP_WORDS[@]:i+1:COMP_CWORD-i-1}")
          dashes=1
          break
        elif [[ ${COMP_WORDS[i]} == -* ]]; then
          if [[ ${COMP_WORDS[i + 1]} == = ]]; then
            ((i += 2))
          elif _cairn_value "$command" "${COMP_WORDS[i]}" && [[ $kind != =* ]]; then
            ((i += 1))
            if ((i == COMP_CWORD)); then valued=${COMP_WORDS[i - 1]}; fi
          fi
        elif [[ ! $command ]]; then
          command=${COMP_WORDS[i]}
        else
          operands+=("${COMP_WORDS[i]}")
        fi
      done
      kind=free
      if [[ $valued ]]; then
        _cairn_value "$command" "$valued"
        kind=${kind#=}
      elif [[ $word == -* && ! $dashes ]]; then
        _cairn_options "$command"
        kind=words values=$options
      elif [[ ! $command ]]; then
        kind=words values='\(Command.all.map(\.name.rawValue).joined(separator: " "))'
      else
        _cairn_operand "$command" "${operands[@]}"
        if [[ $kind == setting ]]; then _cairn_setting "${operands[${#operands[@]} - 1]}"; fi
      fi
      case $kind in
      words) COMPREPLY=($(compgen -W "$values" -- "$word")) ;;
      list)
        local before=''
        if [[ $word == *,* ]]; then before=${word%,*},; fi
        COMPREPLY=($(compgen -P "$before" -W "$values" -- "${word##*,}"))
        ;;
      files | directories)
        compopt -o filenames 2>/dev/null
        local path flag=-f
        if [[ $kind == directories ]]; then flag=-d; fi
        # A name with line ends in it comes in pieces, which name nothing, and then whole.
        while IFS= read -r path; do
          if [[ $path == '~'* || -e $path || -L $path ]]; then COMPREPLY+=("$path"); fi
        done < <(compgen "$flag" -- "$word")
        while IFS= read -r -d '' path; do
          if [[ $path && ($flag == -f || -d $path) ]]; then COMPREPLY+=("$path"); fi
        done < <(set +f; shopt -s nullglob; printf '%s\\0' "$word"*$'\\n'*)
        ;;
      esac
    }

    complete -F _cairn cairn

    """
  }

  private func words(of options: [Option]) -> String { options.flatMap(\.spellings).joined(separator: " ") }

  private func ownOptions(_ command: Command) -> String {
    "  \(command.name.rawValue)) options=\"\(words(of: command.options)) $options\" ;;"
  }

  /// The lines that set `kind` and `values`.
  private func assignment(_ source: WordSource) -> String {
    switch source {
    case .free: "kind=free"
    case .words(let words): "kind=words values='\(words.joined(separator: " "))'"
    case .list(let words): "kind=list values='\(words.joined(separator: " "))'"
    case .files: "kind=files"
    case .directories: "kind=directories"
    case .settingValue: "kind=setting"
    }
  }

  private func assignment(_ option: Option, _ source: WordSource) -> String {
    let text = assignment(source)
    return option.takesNextWord ? text : text.replacing("kind=", with: "kind='='")
  }

  private var values: String {
    var lines: [String] = []
    for command in Command.all {
      for option in command.options {
        guard let source = option.valueSource else { continue }
        let patterns = option.allSpellings.map { "\(command.name.rawValue):\($0)" }.joined(separator: " | ")
        lines.append("  \(patterns)) \(assignment(option, source)) ;;")
      }
    }
    for option in Command.commonOptions + Option.settings {
      guard let source = option.valueSource else { continue }
      let patterns = option.allSpellings.filter { !$0.hasPrefix("--no-") || option.operand != .boolean }
      lines.append("  \(patterns.map { "*:\($0)" }.joined(separator: " | "))) \(assignment(option, source)) ;;")
    }
    return lines.joined(separator: "\n")
  }

  private var operands: String { Command.operandCases { assignment($0) } }

  private var settings: String {
    Setting.all.filter { !$0.words.isEmpty }.map { "  \($0.key)) values='\($0.words.joined(separator: " "))' ;;" }
      .joined(separator: "\n")
  }
}
