/// Commands that are shown together, by what people use them for.
package struct CommandGroup: Hashable, Sendable {
  package let title: String
  /// In the order in which they are shown.
  let names: [Command.Name]

  package var commands: [Command] { names.map(Command.named) }

  /// Every command is in one of them: what is in none of the table is in the last.
  package static var all: [CommandGroup] {
    let grouped = Set(table.flatMap(\.names))
    let others = Command.Name.allCases.filter { !grouped.contains($0) }
    let all = table + [CommandGroup(title: "More", names: others)]
    return all.filter { !$0.commands.isEmpty }
  }

  private static let table = [
    CommandGroup(title: "Find code", names: [.search, .grep, .files, .related, .ask, .context]),
    CommandGroup(title: "Indexes", names: [.index, .watch, .status, .verify, .vacuum, .remove]),
    CommandGroup(title: "Coding agents", names: [.agents, .mcp, .savings]),
    CommandGroup(
      title: "Many repositories, many machines",
      names: [.add, .list, .update, .cluster]),
    CommandGroup(
      title: "Settings and diagnosis", names: [.config, .model, .cache, .doctor, .bench, .eval]),
    CommandGroup(title: "This program", names: [.help, .completions, .man]),
  ]
}
