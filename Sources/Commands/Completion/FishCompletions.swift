import Primitives
import Settings

/// The script for fish.
struct FishCompletions {
  var text: String {
    """
    # Completions of cairn for fish. Made by `cairn completions fish`; a new version of cairn makes them anew.

    # The words before the cursor that are no options and no values of options: the command and its operands.
    function __cairn_operands
        set -l words (commandline -opc)
        set -l valued \(valuedSpellings)
        set -l i 2
        while test $i -le (count $words)
            if test "$words[$i]" = --
                set i (math $i + 1)
                while test $i -le (count $words)
                    echo -- $words[$i]
                    set i (math $i + 1)
                end
            else if contains -- "$words[$i]" $valued
                set i (math $i + 1)
            else if not string match -q -- '-*' "$words[$i]"
                echo -- $words[$i]
            end
            set i (math $i + 1)
        end
    end

    function __cairn_no_command
        test (count (__cairn_operands)) -eq 0
    end

    # Whether the command is one of these.
    function __cairn_in
        set -l operands (__cairn_operands)
        test (count $operands) -gt 0; and contains -- $operands[1] $argv
    end

    # Whether the command is $argv[1], with so many operands ('*' is any number) of which the first is $argv[3].
    function __cairn_at
        set -l operands (__cairn_operands)
        test (count $operands) -gt 0; and test "$operands[1]" = "$argv[1]"; or return 1
        test "$argv[2]" = '*'; or test (count $operands) -eq (math $argv[2] + 1); or return 1
        test "$argv[3]" = '*'; or test "$operands[2]" = "$argv[3]"
    end

    # Names with commas between them.
    function __cairn_list
        set -l typed (string replace -r -- '^-[^=]*=' '' (commandline -ct))
        set -l before (string match -r -- '^.*,' $typed; or echo '')
        for name in $argv
            echo -- $before$name
        end
    end

    # What the setting before the cursor can be set to.
    function __cairn_setting
        set -l operands (__cairn_operands)
        switch "$operands[-1]"
    \(settings)
        end
    end

    complete -c cairn -f
    \(commands)
    \(operands)
    \(Command.all.flatMap { command in command.options.flatMap { lines($0, of: command) } }.joined(separator: "\n"))
    \((Command.commonOptions + Option.settings).flatMap { lines($0, of: nil) }.joined(separator: "\n"))

    """
  }

  private var valuedSpellings: String {
    let options = Command.all.flatMap(\.options) + Command.commonOptions + Option.settings
    var seen: Set<String> = []
    return options.filter(\.takesNextWord).flatMap(\.allSpellings).filter { seen.insert($0).inserted }
      .joined(separator: " ")
  }

  private var commands: String {
    Command.all.map { command in
      "complete -c cairn -n __cairn_no_command -a \(command.name.rawValue) -d \(quoted(command.summary))"
    }.joined(separator: "\n")
  }

  private var settings: String {
    Setting.all.filter { !$0.words.isEmpty }.map {
      "        case \($0.key)\n            printf '%s\\n' \($0.words.joined(separator: " "))"
    }.joined(separator: "\n")
  }

  /// The first pattern that matches holds, so each later one says that those before it do not.
  private var operands: String {
    Command.all.flatMap { command -> [String] in
      var before: [String] = []
      return command.operandPatterns.map { pattern in
        let first = pattern.first == "''" || pattern.first == "*" ? "'*'" : pattern.first
        let count = pattern.count == "*" ? "'*'" : pattern.count
        let condition = "__cairn_at \(command.name.rawValue) \(count) \(first)"
        let all = ([condition] + before.map { "not \($0)" }).joined(separator: "; and ")
        before.append(condition)
        return "complete -c cairn -n \(quoted(all)) \(arguments(pattern.source))"
      }
    }.joined(separator: "\n")
  }

  private func lines(_ option: Option, of command: Command?) -> [String] {
    let condition = command.map { "-n '__cairn_in \($0.name.rawValue)' " } ?? ""
    let description = "-d \(quoted(option.summary))"
    let start = "complete -c cairn \(condition)"
    let short = option.short.map { "-s \($0) " } ?? ""
    switch option.operand {
    case .none: return ["\(start)\(short)-l \(option.name) \(description)"]
    case .boolean:
      return ["\(start)\(short)-l \(option.name) \(description)", "\(start)-l no-\(option.name) \(description)"]
    case .optionalValue(let placeholder):
      return ["\(start)\(short)-l \(option.name) -a \(quoted(placeholder)) \(description)"]
    case .value:
      return ["\(start)\(short)-l \(option.name) -r \(arguments(option.valueSource ?? .free)) \(description)"]
    }
  }

  private func arguments(_ source: WordSource) -> String {
    switch source {
    case .free: "-f"
    case .words(let words): "-f -a \(quoted(words.joined(separator: " ")))"
    case .list(let words): "-f -a \(quoted("(__cairn_list \(words.joined(separator: " ")))"))"
    case .files: "-F"
    case .directories: "-f -a '(__fish_complete_directories (commandline -ct))'"
    case .settingValue: "-f -a '(__cairn_setting)'"
    }
  }

  /// Between single quotes, as fish reads it.
  private func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
