import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// A directory that `--index-dir` names: whose index it holds, and who else may look into it.
@Suite struct SharedPlaceTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram(inMemory: true)
    try cairn.write("first/a.py", "def leap_year(): pass\n")
    try cairn.write("second/b.py", "def other_thing(): pass\n")
  }

  private var place: FilePath { cairn.home.root.appending("shared") }
  private func run(_ tree: FilePath, _ arguments: String...) throws -> ProgramResult {
    try cairn.start(
      [arguments[0], "--root", cairn.tree.root.appending(tree).description, "--index-dir", place.description]
        + arguments.dropFirst()
    ).wait()
  }

  @Test func `another tree's index is neither replaced nor answered from, unless it is asked for`() throws {
    #expect(try run("first", "index", "-q").code == 0)
    for arguments in [
      ["index"], ["search", "leap_year"], ["search", "--no-update", "leap_year"], ["status"], ["verify"],
    ] {
      let refused = try cairn.start(
        [arguments[0], "--root", "second", "--index-dir", place.description] + arguments.dropFirst()
      ).wait()
      #expect(refused.code == 2 && refused.output.isEmpty, "\(arguments) \(refused.outputText)")
      #expect(refused.errorText.contains(cairn.tree.root.appending("first").description), "\(refused.errorText)")
      #expect(refused.errorText.contains("--rebuild"))
    }
    #expect(try run("first", "search", "--no-update", "-l", "leap_year").outputLines == ["first/a.py"])
    #expect(try run("second", "index", "-q", "--rebuild").code == 0)
    #expect(try run("second", "search", "-l", "-n1", "other_thing").outputLines == ["second/b.py"])
    #expect(try run("first", "search", "leap_year").code == 2)
  }

  @Test func `a tree that was moved goes on with its index, wherever that is`() throws {
    #expect(try run("first", "index", "-q").code == 0)
    #expect(try cairn.run("index", "-q", "--root", "second").code == 0)
    #expect(try cairn.shell("mv first third && mv second fourth").code == 0)
    let report = try #require(try run("third", "index", "--json").objects("report").first)
    #expect(report.number("files_unchanged") == 1 && report.number("files_indexed") == 0, "\(report)")
    let own = try #require(try cairn.run("index", "--json", "--root", "fourth").objects("report").first)
    #expect(own.number("files_unchanged") == 1 && own.number("files_indexed") == 0, "\(own)")
    // A copy has an index of its own.
    #expect(try cairn.shell("cp -a fourth fifth").code == 0)
    #expect(
      try cairn.run("search", "--root", "fifth", "--index-dir", "fifth/.cairn", "-l", "other_thing").outputLines
        == ["fifth/b.py"])
  }

  @Test func `an empty directory keeps its mode, and must be closed to others`() throws {
    #expect(try cairn.shell("mkdir -m 755 \(place)").code == 0)
    let refused = try run("first", "index")
    #expect(refused.code == 2 && refused.errorText.contains("chmod 700"), "\(refused.errorText)")
    #expect(try cairn.shell("stat -c %a \(place); ls -A \(place)").outputLines == ["755"])
    #expect(try cairn.shell("chmod 700 \(place)").code == 0)
    #expect(try run("first", "index", "-q").code == 0)
  }

  @Test func `what a clone brings along is told as such before its mode is`() throws {
    let result = try cairn.shell(
      """
      g="git -c user.name=x -c user.email=x@example.org -c init.defaultBranch=main"
      cd first && "$CAIRN" index -q && $g init -q . && $g add -f . && $g commit -qm x && cd .. &&
      $g clone -q first clone && cd clone && "$CAIRN" search -l -n1 leap_year
      """)
    #expect(result.code == 0 && result.outputLines == ["a.py"], "\(result.errorText)")
    #expect(result.errorText.contains("git tracks files in it"), "\(result.errorText)")
  }
}
