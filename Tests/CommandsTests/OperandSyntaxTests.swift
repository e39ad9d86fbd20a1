import Commands
import Settings
import Testing

/// What shells complete is read from usages and placeholders, so these must be written in the way that is read here.
@Suite struct OperandSyntaxTests {
  @Test func `words and operands are read from a usage`() {
    let agents = OperandSyntax(usage: "[OPTIONS] install|status|uninstall [DIRECTORY...]")
    #expect(agents.words == ["install", "status", "uninstall"])
    #expect(agents.source(after: []) == .words(agents.words))
    #expect(agents.source(after: ["status"]) == .directories && agents.source(after: ["status", "x"]) == .directories)

    let mixed = OperandSyntax(usage: "[OPTIONS] list|info NAME|add DIRECTORY|runtime")
    #expect(mixed.words == ["list", "info", "add", "runtime"])
    #expect(mixed.source(after: ["list"]) == .free && mixed.source(after: ["info"]) == .free)
    #expect(mixed.source(after: ["add"]) == .directories)

    let spaced = OperandSyntax(usage: "[OPTIONS] [list | set KEY VALUE | import FILE]")
    #expect(spaced.words == ["list", "set", "import"] && spaced.source(after: ["import"]) == .files)
    #expect(spaced.source(after: ["set"]) == .words(Setting.all.map(\.key)))
    #expect(spaced.source(after: ["set", "color"]) == .settingValue)

    #expect(OperandSyntax(usage: "[OPTIONS] [--skipped [PATH]]").source(after: []) == .files)
    #expect(OperandSyntax(usage: "[OPTIONS] PATTERN [PATH...]").source(after: ["x"]) == .files)
    #expect(OperandSyntax(usage: "[OPTIONS] QUERY...").source(after: []) == .free)
  }

  @Test(arguments: Command.Name.allCases)
  func `a usage has words in small letters, and others in capitals`(_ name: Command.Name) {
    let command = Command.named(name)
    let text = command.usage.replacing("[OPTIONS]", with: "").filter { !"[].".contains($0) }
    for word in text.split(whereSeparator: { " |".contains($0) }) where !word.hasPrefix("--") {
      let isTyped = word.allSatisfy { $0.isLowercase || $0 == "-" }
      #expect(isTyped || word.allSatisfy { $0.isUppercase || ":-".contains($0) }, "\(name.rawValue): \(word)")
    }
    // A word of its own is one that the usage names for every way to go on.
    #expect(command.operandSyntax.alternatives.allSatisfy { $0.word?.isEmpty != true })
  }

  @Test(arguments: Command.Name.allCases)
  func `a command has two examples and a summary of one line`(_ name: Command.Name) {
    let command = Command.named(name)
    #expect(command.examples.count >= Help.openingExampleCount, "\(name.rawValue)")
    #expect(command.summary.count <= 64 && command.summary.hasSuffix("."), "\(name.rawValue): \(command.summary)")
    for example in command.examples { #expect(example.contains("cairn"), "\(example)") }
  }

  @Test func `every command is in one group, and the short help is a screen`() {
    let names = CommandGroup.all.flatMap { $0.commands.map(\.name.rawValue) }
    #expect(names.sorted() == Command.Name.allCases.map(\.rawValue).sorted())
    #expect(Help.short().split(separator: "\n", omittingEmptySubsequences: false).count <= 55)
  }

  @Test(arguments: Command.Name.allCases)
  func `the help of a command opens with two examples and lists no settings`(_ name: Command.Name) {
    let text = Help.text(for: .named(name))
    let parts = text.split(separator: "\n\n", maxSplits: 3)
    #expect(parts[2].hasPrefix("Examples:\n") && parts[2].split(separator: "\n").count == 3, "\(parts[2])")
    // Those of a letter are few.
    let explained = Setting.all.filter { text.contains($0.summary.prefix(30)) && $0.shortFlag == nil }
    #expect(explained.isEmpty, "\(explained.map(\.key))")
  }
}
