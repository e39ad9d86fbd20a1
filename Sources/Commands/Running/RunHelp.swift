import Cairn
import Primitives

/// `cairn help [COMMAND]`
func runHelp(_ arguments: ParsedArguments, _ output: Output) throws(CairnError) -> Int32 {
  guard let operand = arguments.operands.first else {
    output.write(Help.short(columns: Terminal.helpColumns))
    return ExitCode.done
  }
  let word = String(decoding: operand, as: UTF8.self)
  guard let name = Command.Name(rawValue: word) else {
    let near = nearestName(to: word, in: Command.Name.allCases.map(\.rawValue))
    throw CairnError(
      .invalidArgument, "there is no command \"\(word)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
  }
  output.write(Help.text(for: .named(name), columns: Terminal.helpColumns))
  return ExitCode.done
}
