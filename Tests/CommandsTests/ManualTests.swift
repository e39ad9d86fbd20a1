import Cairn
import Commands
import Disk
import Primitives
import Settings
import TestSupport
import Testing

/// The manual pages, read by the programs that show them, which `Scripts/setup --checks` installs.
@Suite struct ManualTests {
  private func written() throws -> (TemporaryTree, [String]) {
    let tree = try TemporaryTree()
    for page in ManualPage.all { try tree.write(FilePath(page.fileName), page.text) }
    return (tree, ManualPage.all.map { tree.root.appending(FilePath($0.fileName)).description })
  }

  private func run(_ program: FilePath, _ arguments: [String]) throws -> ProgramResult {
    try Program(
      program, arguments.map { Array($0.utf8) }, in: "/",
      environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MANWIDTH": "80", "MANROFFSEQ": ""]
    ).wait(limit: .seconds(120))
  }

  @Test(.enabled(if: fileExists("/usr/bin/mandoc")))
  func `mandoc has nothing to say about any page`() throws {
    let (tree, files) = try written()
    defer { withExtendedLifetime(tree) {} }
    let result = try run("/usr/bin/mandoc", ["-T", "lint", "-W", "style"] + files)
    #expect(result.code == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.outputText.prefix(2000))")
  }

  @Test(.enabled(if: fileExists("/usr/bin/man") && fileExists("/usr/bin/groff")))
  func `man shows every page without a warning`() throws {
    let (tree, files) = try written()
    defer { withExtendedLifetime(tree) {} }
    for file in files {
      let result = try run("/usr/bin/man", ["--warnings=w", "--local-file", "-P", "cat", file])
      #expect(result.code == 0 && result.errors.isEmpty, "\(file): \(result.errorText)")
      #expect(result.outputText.contains("SEE ALSO"))
    }
  }

  @Test func `there is a page for the program, each command and the settings`() {
    let names = ManualPage.all.map(\.fileName)
    #expect(names == ["cairn.1"] + Command.Name.allCases.map { "cairn-\($0.rawValue).1" } + ["cairn-settings.5"])
    for page in ManualPage.all {
      #expect(page.text.hasPrefix(".TH CAIRN") && page.text.contains("\"cairn \(version)\""))
    }
  }

  @Test(arguments: Command.Name.allCases)
  func `a page says all that the help says`(_ name: Command.Name) throws {
    let command = Command.named(name)
    func words(_ text: String) -> Set<Substring> {
      var text = text
      for escape in ["(aq", "(ga", "(dq", "(ha", "(ti", "fB", "fI", "fR"] {
        text = text.replacing("\\" + escape, with: " ")
      }
      return Set(
        text.filter { $0 != "\\" }.split { !($0.isLetter || $0.isNumber || $0 == "_") }.filter { $0.count > 3 })
    }
    let page = words(ManualPage.page(for: command).text)
    let help = words([command.summary, command.details, command.usage].joined(separator: "\n"))
    #expect(help.subtracting(page).subtracting(["Exit", "code"]).isEmpty, "\(help.subtracting(page))")
    for option in command.options { #expect(words(option.summary).subtracting(page).isEmpty, "\(option.name)") }
  }
}
