import Cairn
import Primitives
import Settings

/// `cairn help [TOPIC]`
func runHelp(_ arguments: ParsedArguments, _ output: Output) throws(CairnError) -> Int32 {
  let words = arguments.operands.map { String(decoding: $0, as: UTF8.self) }
  output.write(try helpText(on: words, columns: Terminal.helpColumns))
  return ExitCode.done
}

private func helpText(on words: [String], columns: Int) throws(CairnError) -> String {
  guard let word = words.first else { return Help.short(columns: columns) }
  if word == Help.settingsTopic, words.count == 2 {
    // `cairn help settings files`, where `files` may be a command as well.
    if let topic = Setting.Topic(rawValue: words[1]) { return Help.settings([topic], columns: columns) }
    return try helpText(on: [words[1]], columns: columns)
  }
  if let name = Command.Name(rawValue: word) {
    let command = Command.named(name)
    if let second = words.dropFirst().first, !command.operandSyntax.words.contains(second) {
      let near = nearestName(to: second, in: command.operandSyntax.words)
      throw CairnError(
        .invalidArgument,
        "\(word) has no \"\(second)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? "; cairn help \(word) shows all"))
    }
    return Help.text(for: command, columns: columns)
  }
  if word == Help.settingsTopic { return Help.settings(Setting.Topic.allCases, columns: columns) }
  if let topic = Setting.Topic(rawValue: word) { return Help.settings([topic], columns: columns) }
  if let setting = Setting.named(word) { return Help.text(for: setting, columns: columns) }
  let near = nearestName(to: word, in: Help.topicNames + Setting.all.map(\.key))
  throw CairnError(
    .invalidArgument,
    "there is no command \"\(word)\""
      + (near.map { "; did you mean \"\($0)\"?" }
        ?? OtherTools.command(called: word).map { "; \($0)" }
        ?? ", and no setting of that name; `cairn help` and `cairn help settings` list what there is"))
}

/// `cairn completions SHELL`
func runCompletions(_ arguments: ParsedArguments, _ output: Output) throws(CairnError) -> Int32 {
  let word = String(decoding: arguments.operands[0], as: UTF8.self)
  guard let shell = Shell(rawValue: word) else {
    let names = Shell.allCases.map(\.rawValue)
    let near = nearestName(to: word, in: names)
    throw CairnError(
      .invalidArgument,
      "there are no completions for \"\(word)\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "there are for \(names.joined(separator: ", "))"))
  }
  output.write(shell.completions)
  return ExitCode.done
}
