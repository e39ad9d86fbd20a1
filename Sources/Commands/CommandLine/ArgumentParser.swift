import Cairn
import Primitives
import Rendering

/// Takes a command line apart: `--name value`, `--name=value`, `-n 5`, `-n5`, `-lq`, and `--`, after which nothing is
/// an option. The first word that is no option names the command; options may come before it.
package struct ArgumentParser {
  private var parsed = ParsedArguments()
  private var rest: ArraySlice<[UInt8]>

  private init(_ arguments: [[UInt8]]) { rest = arguments[...] }

  package static func parse(_ arguments: [[UInt8]]) throws(UsageError) -> ParsedArguments {
    var parser = ArgumentParser(arguments)
    try parser.run()
    return parser.parsed
  }

  /// The options of the command, once it is known.
  private var ofCommand: [Option]?
  private var known: [Option] { ofCommand ?? Self.everyOption }

  /// Without repetition: what may come before the command is known.
  private static let everyOption: [Option] = Command.all.flatMap(\.options) + Command.commonOptions + Option.settings

  private mutating func run() throws(UsageError) {
    while let argument = rest.popFirst() {
      if argument == Array("--".utf8), parsed.command != nil {
        parsed.operands += rest
        break
      } else if argument.starts(with: "--".utf8), argument.count > 2 {
        try takeLong(argument.dropFirst(2))
      } else if parsed.command?.takesQuery == true, argument.first == UInt8(ascii: "-"),
        SearchRequest.isFilter(String(decoding: argument, as: UTF8.self))
      {
        // `-lang:go` and its kin are words of a query, and no options.
        parsed.operands.append(argument)
      } else if argument.first == UInt8(ascii: "-"), argument.count > 1 {
        try takeShort(String(decoding: argument.dropFirst(), as: UTF8.self))
      } else if parsed.command == nil {
        try takeCommand(String(decoding: argument, as: UTF8.self))
      } else {
        parsed.operands.append(argument)
      }
    }
    try check()
  }

  private mutating func takeCommand(_ word: String) throws(UsageError) {
    guard let name = Command.Name(rawValue: word) else {
      if let meant = OtherTools.command(called: word) {
        throw UsageError(message: "there is no command \"\(word)\"; \(meant)")
      }
      let near = nearestName(to: word, in: Command.Name.allCases.map(\.rawValue))
      throw UsageError(
        message: "there is no command \"\(word)\"; "
          + (near.map { "did you mean \"\($0)\"?" } ?? "to search for it: cairn search \(word)"))
    }
    let command = Command.named(name)
    parsed.command = command
    ofCommand = command.allOptions
  }

  private mutating func takeLong(_ text: ArraySlice<UInt8>) throws(UsageError) {
    let equals = text.firstIndex(of: UInt8(ascii: "="))
    let name = String(decoding: text[..<(equals ?? text.endIndex)], as: UTF8.self)
    let attached = equals.map { Array(text[($0 + 1)...]) }
    let spelling = "--" + name
    if let option = known.first(where: { $0.isCalled(name) }) {
      switch option.operand {
      case .none:
        guard attached == nil else { throw mistake("\(spelling) takes no value") }
        record(option, spelling, [])
      case .optionalValue: record(option, spelling, attached ?? [])
      case .boolean: record(option, spelling, attached ?? Array("true".utf8))
      case .value:
        let value: [UInt8]
        if let attached { value = attached } else { value = try nextValue(of: option, spelling) }
        record(option, spelling, value)
      }
    } else if name.hasPrefix("no-"), attached == nil,
      let option = known.first(where: { $0.operand == .boolean && $0.name == name.dropFirst(3) })
    {
      record(option, spelling, Array("false".utf8))
    } else if findsLines, let takesValue = OtherTools.takesValueWithoutEffect(spelling), takesValue || attached == nil {
      if takesValue, attached == nil, rest.popFirst() == nil { throw mistake("\(spelling) needs a value") }
    } else if findsLines, name.hasPrefix("no-"), attached == nil,
      let option = known.first(where: { $0.operand == .none && $0.isCalled(String(name.dropFirst(3))) })
    {
      // As in ripgrep, it takes back what was said before it.
      parsed.uses.removeAll { $0.option.meaning == option.meaning }
    } else {
      throw unknown(spelling, among: known.map { "--" + $0.name }, as: "--" + String(decoding: text, as: UTF8.self))
    }
  }

  private mutating func takeShort(_ text: String) throws(UsageError) {
    var letters = Substring(text)
    while let letter = letters.popFirst() {
      let spelling = "-\(letter)"
      guard let option = known.first(where: { $0.short == String(letter) || $0.aliases.contains(String(letter)) })
      else {
        if findsLines, OtherTools.takesValueWithoutEffect(spelling) == true {
          if letters.isEmpty, rest.popFirst() == nil { throw mistake("\(spelling) needs a value") }
          return
        }
        throw unknown(spelling, among: [], as: "-" + text)
      }
      guard case .value = option.operand else {
        record(option, spelling, [])
        continue
      }
      // Behind `=` is the value, be it empty, as in `--lang=`.
      let isAttached = letters.first == "="
      if isAttached { letters.removeFirst() }
      let value = isAttached || !letters.isEmpty ? Array(letters.utf8) : try nextValue(of: option, spelling)
      if value.isEmpty, isAttached, case .value(let placeholder) = option.operand {
        throw mistake("\(spelling) needs a value: \(spelling) \(placeholder)")
      }
      record(option, spelling, value)
      return
    }
  }

  /// Whether the command has ripgrep's options.
  private var findsLines: Bool { [.grep, .files].contains(parsed.command?.name) }

  private mutating func nextValue(of option: Option, _ spelling: String) throws(UsageError) -> [UInt8] {
    guard let value = rest.popFirst() else {
      guard case .value(let placeholder) = option.operand else { return [] }
      throw mistake("\(spelling) needs a value: \(spelling) \(placeholder)")
    }
    return value
  }

  private mutating func record(_ option: Option, _ spelling: String, _ value: [UInt8]) {
    parsed.uses.append(ParsedArguments.Use(option: option, spelling: spelling, value: value))
  }

  /// What could not be seen while the command was unknown, and the number of operands.
  private func check() throws(UsageError) {
    if parsed.has(.help) || parsed.has(.version) { return }
    guard let command = parsed.command else {
      guard parsed.uses.isEmpty else { throw mistake("no command was named") }
      return
    }
    for use in parsed.uses where !known.contains(where: { $0.meaning == use.option.meaning }) {
      throw mistake("cairn \(command.name.rawValue) does not take \(use.spelling)")
    }
    // What a shell makes of a variable that is not set: not the current directory, nor a file without a name.
    for use in parsed.uses where use.value.isEmpty {
      // An empty one of a setting is the built-in value.
      if case .setting = use.option.meaning { continue }
      guard let source = use.option.valueSource, [.files, .directories].contains(source),
        case .value(let placeholder) = use.option.operand
      else { continue }
      throw mistake("\(use.spelling) was given an empty name: \(use.spelling) \(placeholder)")
    }
    guard command.operandCount.contains(parsed.operands.count) else {
      throw mistake(
        parsed.operands.count < command.operandCount.lowerBound
          ? "\(missingOperand(of: command)) is missing: cairn \(command.name.rawValue) \(command.usage)"
          : "too many words: cairn \(command.name.rawValue) \(command.usage)")
    }
    for (number, operand) in parsed.operands.enumerated() where operand.isEmpty && namesFile(number, of: command) {
      throw mistake("the name of a file or a directory is empty: cairn \(command.name.rawValue) \(command.usage)")
    }
  }

  /// Whether the operand of that number is the name of a file or a directory, or may be.
  private func namesFile(_ number: Int, of command: Command) -> Bool {
    let alternatives = command.operandSyntax.alternatives
    let first = parsed.operands.first.map { String(decoding: $0, as: UTF8.self) }
    if number > 0, let typed = alternatives.first(where: { $0.word != nil && $0.word == first }) {
      let source = typed.operands.indices.contains(number - 1) ? typed.operands[number - 1] : typed.operands.last
      return source == .files || source == .directories
    }
    // With its patterns given as options, all of the operands of `grep` are paths.
    let isShifted = command.name == .grep && (parsed.has(.grep(.pattern)) || parsed.has(.grep(.patternFile)))
    return alternatives.contains { alternative in
      let index = isShifted ? number + 1 : number
      guard alternative.word == nil, let last = alternative.operands.last else { return false }
      let source = alternative.operands.indices.contains(index) ? alternative.operands[index] : last
      return source == .files || source == .directories
    }
  }

  /// What the first operand that was not given is called: `the query`.
  private func missingOperand(of command: Command) -> String {
    let operands = command.usage.split(separator: " ").filter { $0.first != "[" }
    // Small letters are a choice of words.
    guard parsed.operands.count < operands.count, !operands[parsed.operands.count].contains(where: \.isLowercase) else {
      return "something"
    }
    let names = operands[parsed.operands.count].filter { $0 != "." }.lowercased().split(separator: "|")
    return "the " + names.joined(separator: " or the ")
  }

  private func mistake(_ message: String) -> UsageError { UsageError(message: message, command: parsed.command?.name) }

  /// - Parameter word: all of what was typed, which may be what somebody looks for.
  private func unknown(_ spelling: String, among names: [String], as word: String) -> UsageError {
    var message = "there is no option \(spelling)"
    let advice = findsLines ? OtherTools.adviceOnLines(on: spelling) : OtherTools.advice(on: spelling)
    let near = advice == nil ? nearestName(to: spelling, in: names) : nil
    message += advice.map { "; \($0)" } ?? near.map { "; did you mean \($0)?" } ?? ""
    // `-r` is an option alone; `-word` may be a word.
    if let command = parsed.command, command.takesQuery, advice == nil || word.count > 3 {
      message += advice != nil ? "; or, to" : near == nil ? "; to" : " Or, to"
      message += " look for \"\(word)\" write it behind --: cairn \(command.name.rawValue) -- \(word)"
    }
    return mistake(message)
  }
}

/// What the user typed, parsed: which command, which options in their order, which operands. What it means for a
/// workspace is `Invocation`'s to say.
package struct ParsedArguments {
  package struct Use {
    package var option: Option
    /// As typed: `--limit`, `-n`.
    package var spelling: String
    package var value: [UInt8]
  }
  /// None was named: `cairn`, `cairn --help`.
  package var command: Command?
  package var uses: [Use] = []
  /// Bytes, since a path among them need not be UTF-8.
  package var operands: [[UInt8]] = []

  package func has(_ meaning: Option.Meaning) -> Bool { uses.contains { $0.option.meaning == meaning } }
  /// The values of every use, in their order.
  package func values(_ meaning: Option.Meaning) -> [[UInt8]] {
    uses.filter { $0.option.meaning == meaning }.map(\.value)
  }
}

/// A mistake on the command line: exit code 2, with a line that says how to do better.
package struct UsageError: Error, Equatable {
  package var message: String
  /// The command whose help to point at.
  package var command: Command.Name?
}
