import Disk
import Primitives
import TestSupport
import Testing

/// `cairn vacuum`: what killed runs left is removed, and nothing else.
@Suite struct VacuumTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  @Test func `what a killed run left is removed, and searches find what they found`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    let before = try cairn.run("search", "--no-update", "leap_year").outputText
    try cairn.write(".cairn/segments/000099.segment", String(repeating: "x", count: 1000))
    try cairn.write(".cairn/segments/notes.txt", "somebody's\n")
    let json = try cairn.run("vacuum", "--json")
    #expect(json.code == 0, "\(json.errorText)")
    let object = try #require(try json.objects("vacuum").first)
    #expect(object.number("freed_bytes") == 1000 && object.text("index_dir")?.hasSuffix("/.cairn") == true)
    #expect(object["seconds"] != nil && object.text("root") != nil)
    #expect(!fileExists(cairn.tree.root.appending(".cairn/segments/000099.segment")))
    #expect(fileExists(cairn.tree.root.appending(".cairn/segments/notes.txt")))
    #expect(try cairn.run("vacuum").outputText == "nothing to remove\n")
    #expect(try cairn.run("vacuum", "-q", ".").outputText.isEmpty)
    #expect(try cairn.run("search", "--no-update", "leap_year").outputText == before)
  }

  @Test func `without an index there is nothing to clean, and none is made`() throws {
    let result = try cairn.run("vacuum")
    #expect(result.code == 2 && result.errorText.contains("run `cairn index`"), "\(result.errorText)")
    #expect(try cairn.run("vacuum", "--root", ".", ".").code == 2)
    #expect(!fileExists(cairn.tree.root.appending(".cairn")))
  }

  @Test func `of an index whose catalog is damaged nothing is removed`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    for damage in [": >.cairn/catalog.sqlite", "echo x >.cairn/catalog.sqlite"] {
      let result = try cairn.shell(
        "rm -f .cairn/catalog.sqlite-*; \(damage); $CAIRN vacuum; echo $?; ls .cairn/segments")
      #expect(result.outputLines.first == "2" && result.outputLines.count > 1, "\(result.outputText)")
      #expect(result.errorText.contains("damaged"), "\(result.errorText)")
    }
  }

  @Test func `an index that another process writes is left alone`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    let refused = try cairn.shell("exec 9>>.cairn/writer.lock && flock -x 9 && $CAIRN vacuum")
    #expect(refused.code == 2 && refused.errorText.contains("another process is indexing"), "\(refused.errorText)")
  }
}
