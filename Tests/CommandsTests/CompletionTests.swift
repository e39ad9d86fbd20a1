import Commands
import Disk
import Primitives
import Settings
import TestSupport
import Testing

/// The scripts of `cairn completions`, driven by the shells that they are for, which `Scripts/setup --checks` installs.
/// Each must offer what the tables of commands and options say, neither more nor less.
@Suite struct CompletionTests {
  /// A command line up to the cursor, the last word being completed, and what is offered for it.
  private struct Case {
    var words: [String]
    var expected: Set<String>
    /// How much of the last word stands before what is offered: `python,`.
    var prefix = ""
  }

  private static let files: Set<String> = ["a b.txt", "main.c", "sub"]

  private static func expected(_ source: WordSource) -> Set<String>? {
    switch source {
    case .words(let words), .list(let words): Set(words)
    case .files: files
    case .directories: ["sub"]
    case .free: []
    case .settingValue: nil
    }
  }

  private static let cases: [Case] = {
    var cases = [
      Case(words: [""], expected: Set(Command.Name.allCases.map(\.rawValue))),
      Case(words: ["sea"], expected: ["search"]),
      Case(words: ["--root", ""], expected: ["sub"]),
      Case(words: ["--root", "sub", "sea"], expected: ["search"]),
      Case(words: ["-q", "status", "--skip"], expected: ["--skipped"]),
      Case(words: ["search", "words", "--lang", "pytho"], expected: ["python"]),
      Case(words: ["search", "-t", "go,pytho"], expected: ["python"], prefix: "go,"),
      Case(words: ["search", "--limit", "5", "--color", ""], expected: ["auto", "always", "never"]),
      Case(words: ["config", "set", "color", ""], expected: ["auto", "always", "never"]),
      Case(words: ["config", "set", "include_hidden", "t"], expected: ["true"]),
      Case(words: ["config", "--global", "set", "col"], expected: ["collection", "color"]),
      Case(words: ["search", "--", "--lan"], expected: []),
    ]
    for command in Command.all {
      let name = command.name.rawValue
      cases.append(Case(words: [name, "--"], expected: Set(command.allOptions.flatMap(\.spellings).filter(isLong))))
      let syntax = command.operandSyntax
      if let words = expected(syntax.source(after: [])) { cases.append(Case(words: [name, ""], expected: words)) }
      for word in syntax.words {
        guard let words = expected(syntax.source(after: [word])) else { continue }
        cases.append(Case(words: [name, word, ""], expected: words))
      }
      for option in command.options where option.takesNextWord {
        guard let words = option.valueSource.flatMap(expected) else { continue }
        cases.append(Case(words: [name, "--" + option.name, ""], expected: words))
      }
    }
    for option in Option.settings where option.takesNextWord {
      guard let words = option.valueSource.flatMap(expected) else { continue }
      cases.append(Case(words: ["index", "--" + option.name, ""], expected: words))
    }
    return cases
  }()

  private static func isLong(_ option: String) -> Bool { option.hasPrefix("--") }

  private func tree() throws -> TemporaryTree {
    let tree = try TemporaryTree()
    for file in ["a b.txt", "main.c", "sub/inner.c"] { try tree.write(FilePath(file), "") }
    return tree
  }

  /// Runs `driver` in a directory with a few files; it answers each case with a line `<case>` and a line for each word
  /// that is offered.
  private func check(_ shell: FilePath, _ arguments: [String], cases: [Case] = cases) throws {
    let tree = try tree()
    let home = try TemporaryTree()
    let result = try Program(
      shell, arguments.map { Array($0.utf8) }, in: tree.root,
      environment: ["HOME": home.root.description, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"]
    ).wait(limit: .seconds(300))
    try #require(result.code == 0, "\(result.outputText.suffix(500))\n\(result.errorText)")
    let answers = result.outputText.components(of: "<case>\n").dropFirst()
    try #require(answers.count == cases.count, "\(result.outputText.suffix(500))\n\(result.errorText)")
    for (wanted, answer) in zip(cases, answers) {
      let offered = answer.split(separator: "\n").map { line in
        var word = line.prefix { $0 != "\t" }.filter { $0 != "\\" }[...]
        while word.last == " " { word.removeLast() }
        if word.hasPrefix(wanted.prefix) { word = word.dropFirst(wanted.prefix.count) }
        if word.last == "/" || word.last == "=" { word.removeLast() }
        return String(word)
      }
      #expect(
        Set(offered) == wanted.expected,
        "\(wanted.words): missing \(wanted.expected.subtracting(offered)), more \(Set(offered).subtracting(wanted.expected))"
      )
    }
  }

  private func quoted(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: " ") }

  @Test(.enabled(if: fileExists("/usr/bin/bash")))
  func `bash offers what the tables say, without bash-completion`() throws {
    let scripts = try TemporaryTree()
    try scripts.write("cairn.bash", Shell.bash.completions)
    var cases = Self.cases
    // Other names of options are not offered, and their values are.
    cases.append(Case(words: ["search", "--type", "pytho"], expected: ["python"]))
    // What bash makes of `--color=a`.
    cases.append(Case(words: ["search", "--color", "=", "a"], expected: ["auto", "always"]))
    cases.append(Case(words: ["search", "--color", "="], expected: ["auto", "always", "never"]))
    cases.append(Case(words: ["search", "--color", "=", "auto", "--skip"], expected: []))
    var driver = "source \(scripts.root)/cairn.bash\n"
    for wanted in cases {
      driver += """
        COMP_WORDS=(cairn \(quoted(wanted.words))) COMP_CWORD=\(wanted.words.count)
        _cairn
        echo '<case>'
        printf '%s\\n' "${COMPREPLY[@]}"

        """
    }
    try scripts.write("driver", driver)
    try check("/usr/bin/bash", ["--norc", "--noprofile", scripts.root.appending("driver").description], cases: cases)
  }

  @Test(.enabled(if: fileExists("/usr/bin/bash")))
  func `bash offers names with anything in them whole, and runs nothing of them`() throws {
    let tree = try TemporaryTree()
    let files = ["a b", "a\nb", "a$(touch ran)", "a`touch ran`", "a;touch ran", "a'\"", "a*"]
    for name in files { try tree.write(FilePath(name), "") }
    for name in ["d\ne/x", "d $(touch ran)/x"] { try tree.write(FilePath(name), "") }
    let scripts = try TemporaryTree()
    try scripts.write("cairn.bash", Shell.bash.completions)
    try scripts.write(
      "driver",
      """
      source \(scripts.root)/cairn.bash
      COMP_WORDS=(cairn grep x a) COMP_CWORD=3
      _cairn
      printf '%s\\0' "${COMPREPLY[@]}" end
      COMP_WORDS=(cairn index '') COMP_CWORD=2
      _cairn
      printf '%s\\0' "${COMPREPLY[@]}" end
      COMP_WORDS=(cairn config set 'x$(touch ran)' '') COMP_CWORD=4
      _cairn
      COMP_WORDS=(cairn index '$(touch ran)') COMP_CWORD=2
      _cairn

      """)
    let result = try Program(
      "/usr/bin/bash", ["--norc", "--noprofile", scripts.root.appending("driver").description].map { Array($0.utf8) },
      in: tree.root, environment: ["HOME": scripts.root.description, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
    ).wait()
    let offered = result.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    let ends = offered.indices.filter { offered[$0] == "end" }
    try #require(ends.count == 2, "\(result.errorText)")
    #expect(Set(offered[..<ends[0]]) == Set(files))
    #expect(Set(offered[(ends[0] + 1)..<ends[1]]) == ["d\ne", "d $(touch ran)"])
    #expect(!fileExists(tree.root.appending("ran")))
  }

  @Test(.enabled(if: fileExists("/usr/bin/fish")))
  func `fish offers what the tables say`() throws {
    let scripts = try TemporaryTree()
    try scripts.write("cairn.fish", Shell.fish.completions)
    var driver = "source \(scripts.root)/cairn.fish\n"
    for wanted in Self.cases {
      let line = (["cairn"] + wanted.words).joined(separator: " ")
      driver += "echo '<case>'\ncomplete -C '\(line)'\n"
    }
    try scripts.write("driver", driver)
    try check("/usr/bin/fish", ["--no-config", scripts.root.appending("driver").description])
  }

  @Test(.enabled(if: fileExists("/usr/bin/zsh")))
  func `zsh offers what the tables say`() throws {
    let scripts = try TemporaryTree()
    try scripts.write("functions/_cairn", Shell.zsh.completions)
    try scripts.write("rc", Self.zshSettings)
    try scripts.write("driver", Self.zshDriver)
    let lines = Self.cases.map { (["cairn"] + $0.words).joined(separator: " ") + "\n" }
    try scripts.write("cases", lines.joined())
    try check("/usr/bin/zsh", ["-f", scripts.root.appending("driver").description, scripts.root.description])
  }

  /// For the zsh that completes: what is offered is printed as it is added.
  private static let zshSettings = #"""
    compadd() {
      if ((${@[(I)-(O|A|D)*]})); then
        builtin compadd "$@"
        return
      fi
      local -a found
      builtin compadd -O found "$@"
      if (($#found)); then print -r -- $'\n'"<match>"${^found}; fi
      builtin compadd "$@"
    }
    finish() {
      compstate[insert]= compstate[list]=
      print -r -- $'\n<end>'
    }
    offer() {
      comppostfuncs=(finish)
      _main_complete
    }
    zle -C offer complete-word offer
    bindkey '^I' offer

    """#

  /// A zsh that types into another one, since zsh completes nothing without a terminal.
  private static let zshDriver = #"""
    zmodload zsh/zpty
    zpty shell zsh -f -i
    until_line() {
      local piece
      answer=
      while zpty -r shell piece; do
        answer+=$piece
        if [[ $answer == *"$1"* ]]; then return; fi
      done
      print -ru2 -- "the shell ended: $answer"
      exit 1
    }
    zpty -w shell "PROMPT= RPROMPT=; fpath=($1/functions \$fpath); autoload -Uz compinit; compinit -u -D; \
      source $1/rc; print -r -- rea''dy"
    until_line ready
    while IFS= read -r line; do
      zpty -w -n shell $line$'\t'
      until_line '<end>'
      print -r -- '<case>'
      for word in ${(f)${answer//$'\r'/}}; do
        if [[ $word == '<match>'* ]]; then print -r -- ${word#<match>}; fi
      done
      zpty -w -n shell $'\x15'
    done <$1/cases

    """#
}

extension String {
  fileprivate func components(of separator: String) -> [String] {
    var parts = [""]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line + "\n" == separator { parts.append("") } else { parts[parts.count - 1] += line + "\n" }
    }
    return parts
  }
}
