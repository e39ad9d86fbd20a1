import Commands
import Disk
import Primitives
import Rendering
import Settings
import TestSupport
import Testing

/// Documents that are made from tables of the program, or promise what it prints. With `CAIRN_WRITE_DOCUMENTS=1` the
/// generated ones are written anew.
@Suite struct DocumentTests {
  static let top = repository

  func check(_ path: FilePath, _ expected: String) throws {
    let file = Self.top.appending(path)
    if processEnvironment()["CAIRN_WRITE_DOCUMENTS"] == Array("1".utf8) {
      try makeDirectory(file.parent)
      var writer = try AtomicFile(file)
      try writer.write(Array(expected.utf8))
      try writer.commit()
    }
    let found = String(decoding: try readFileBytes(file), as: UTF8.self)
    #expect(found == expected, "\(path) has drifted; write it anew with CAIRN_WRITE_DOCUMENTS=1")
  }

  @Test func `the reference of settings is what the table says`() throws {
    try check("Docs/CONFIGURATION.md", settingReference())
  }

  @Test(arguments: Command.Name.allCases)
  func `the help of a command is what it was when someone last read it`(_ name: Command.Name) throws {
    try check(FilePath("Tests/CommandsTests/Help/\(name.rawValue).txt"), Help.text(for: .named(name)))
  }

  @Test func `the short help is what it was when someone last read it`() throws {
    try check("Tests/CommandsTests/Help/cairn.txt", Help.short())
  }

  @Test func `every line of help fits a terminal of a hundred columns`() {
    for text in Command.all.map({ Help.text(for: $0) }) + [Help.short()] {
      for line in text.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
    }
  }
}
