import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// Places that hold an index which is not used, or files that are not Cairn's: what `doctor`, its `--repair` and
/// `remove` say of them, and what they leave alone.
@Suite struct IndexPlaceRepairTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram()
    try cairn.write("src/dates.py", "def leap_year(year):\n    return year % 4 == 0\n")
    #expect(try cairn.run("index", "-q").code == 0)
  }

  private var index: FilePath { cairn.tree.root.appending(".cairn") }
  private var cache: FilePath { cairn.home.root.appending(".cache/cairn") }
  private func shell(_ line: String) throws {
    let result = try cairn.shell(line)
    try #require(result.code == 0, "\(line): \(result.errorText)")
  }
  private func indexesInCache() -> Int { ((try? listDirectory(cache)) ?? []).count }

  // MARK: Names that people give too

  @Test func `an index cannot lie among the files of the tree, nor around the tree`() throws {
    try shell("mkdir -m 700 empty outer && mkdir outer/tree")
    for (root, place) in [("empty", "empty"), ("outer/tree", "outer"), ("outer/tree", "outer/tree/../../outer")] {
      let refused = try cairn.run("index", "--root", root, "--index-dir", place)
      #expect(refused.code == 2 && refused.errorText.contains("name a directory for the index alone"))
      #expect(refused.errorText.split(separator: "\n").count == 1, "\(refused.errorText)")
    }
    #expect(try cairn.shell("find empty outer -type f").outputText.isEmpty)
    #expect(try cairn.run("index", "-q", "--root", "empty", "--index-dir", "empty/of-its-own").code == 0)
  }

  @Test func `a file of a user's that has a name of Cairn's is not removed with the index`() throws {
    let mine = ["underway", "watch", "requests/1-2-3", "writer.lock", "caught-up", "root"]
    for name in mine { try cairn.write(FilePath(".cairn/\(name)"), "mine\n") }
    let removed = try cairn.run("remove")
    #expect(removed.code == 0 && removed.outputText.contains("removed the index in \(index)"), "\(removed.errorText)")
    for name in mine {
      #expect(try readFileBytes(index.appending(FilePath(name))) == Array("mine\n".utf8), "\(name)")
      #expect(removed.errorText.contains("/.cairn/\(name): "), "\(name): \(removed.errorText)")
    }
    #expect(!fileExists(index.appending("catalog.sqlite")) && !fileExists(index.appending("segments")))
  }

  @Test func `removing comes to an end beside files that are not Cairn's`() throws {
    try cairn.write(".cairn/mine.txt", "mine\n")
    #expect(try cairn.run("remove").code == 0)
    for _ in 0..<2 {
      let again = try cairn.run("remove")
      #expect(again.code == 1 && again.outputText.isEmpty, "\(again.outputText)")
      #expect(again.errorText.contains("there is no index of") && again.errorText.contains("mine.txt"))
      let object = try #require(try cairn.run("remove", "--json").objects("removal").first)
      #expect(object["removed"] as? Bool == false && (object["left"] as? [Any])?.count == 1, "\(object)")
    }
    #expect(try cairn.run("index", "-q").code == 0)
    #expect(fileExists(index.appending("catalog.sqlite")) && indexesInCache() == 0)
  }

  // MARK: A `.cairn` that is not believed

  @Test func `an index that was opened to others is named with what to do, and closed by a repair`() throws {
    try shell("chmod 755 .cairn")
    let search = try cairn.run("search", "-l", "leap_year")
    #expect(search.outputLines == ["src/dates.py"])
    #expect(search.errorText.contains("`chmod 700 \(index)`") && search.errorText.contains("cairn doctor --repair"))
    #expect(indexesInCache() == 1)
    let found = try cairn.run("doctor")
    #expect(found.code == 2 && found.outputText.contains("its mode lets others in"), "\(found.outputText)")
    let repaired = try cairn.run("doctor", "--repair")
    #expect(repaired.code == 0 && repaired.outputText.contains("closed \(index) to others"), "\(repaired.outputText)")
    #expect(try FileStatus(of: index).permissions == 0o700 && indexesInCache() == 0)
    #expect(try cairn.run("search", "-l", "leap_year").errors.isEmpty)
    #expect(try cairn.run("doctor", "-q").code == 0)
  }

  @Test(arguments: ["rm .cairn/cairn.tag", "chmod -R 777 .cairn", "echo x >>.cairn/cairn.tag"])
  func `what is left of an index without a tag goes by a repair, and one is made in its place`(_ fault: String) throws {
    try shell(fault)
    #expect(try cairn.run("search", "-l", "leap_year").outputLines == ["src/dates.py"])
    #expect(indexesInCache() == 1)
    let found = try cairn.run("doctor")
    #expect(found.code == 2 && found.outputText.contains("no tag that can be believed"), "\(found.outputText)")
    #expect(found.outputText.contains("run `cairn doctor --repair`"))
    let repaired = try cairn.run("doctor", "--repair")
    #expect(repaired.code == 0, "\(repaired.outputText)\(repaired.errorText)")
    #expect(fileExists(index.appending("cairn.tag")) && indexesInCache() == 0)
    #expect(try cairn.run("search", "-l", "leap_year").errors.isEmpty)
  }

  @Test func `what is left of an index beside a user's file stays whole, and the user is told to remove it`() throws {
    try cairn.write(".cairn/notes.txt", "mine\n")
    try shell("rm .cairn/cairn.tag")
    let before = TreeRecord(index)
    #expect(try cairn.run("search", "-l", "leap_year").outputLines == ["src/dates.py"])
    for arguments in [["doctor"], ["doctor", "--repair"]] {
      let result = try cairn.start(arguments).wait()
      #expect(result.code == 2 && result.outputText.contains("rm -rf"), "\(result.outputText)")
      #expect(result.outputText.contains("notes.txt"))
    }
    let removed = try cairn.run("remove")
    #expect(removed.code == 0 && removed.errorText.contains("left: \(index): it is not used"), "\(removed.errorText)")
    #expect(TreeRecord(index) == before && indexesInCache() == 0)
    #expect(try cairn.run("remove").code == 1)
  }

  @Test func `both places are removed`() throws {
    try shell("rm .cairn/cairn.tag")
    #expect(try cairn.run("search", "-q", "-l", "leap_year").code == 0 && indexesInCache() == 1)
    let both = try cairn.run("remove")
    let removed = both.outputLines.count(where: { $0.hasPrefix("removed the index in") })
    #expect(both.code == 0 && removed == 2, "\(both.outputText)\(both.errorText)")
    #expect(!fileExists(index) && indexesInCache() == 0)
    // One in the cache from a time when there was such a directory.
    #expect(try cairn.run("index", "-q").code == 0)
    try shell("chmod 755 .cairn && \"$CAIRN\" index -q && chmod 700 .cairn")
    #expect(indexesInCache() == 1)
    #expect(try cairn.run("doctor").outputText.contains("another index of this tree, which is not used"))
    #expect(try cairn.run("remove").code == 0 && indexesInCache() == 0 && !fileExists(index))
  }

  // MARK: What is in the directory

  @Test func `each entry that is not Cairn's is named`() throws {
    try shell("cd .cairn && echo x >note.txt && mkdir d && echo x >d/a && echo x >segments/mine.txt")
    try shell("mkdir .cairn/segments/999999.segment")
    let found = try cairn.run("doctor")
    for name in ["note.txt", "d", "segments/mine.txt", "segments/999999.segment"] {
      #expect(found.outputText.contains("/.cairn/\(name): "), "\(name): \(found.outputText)")
    }
    #expect(found.code == 0 && !found.outputText.contains("nothing is left over"))
  }

  @Test(arguments: [
    "rm -f watch.lock; mkfifo watch.lock", "rm -rf requests; touch requests", "rm -f watch.lock; mkdir watch.lock",
    "ln -s /etc models",
  ])
  func `what is in the place of a file and holds nothing is found and taken away`(_ obstacle: String) throws {
    try shell("cd .cairn && { \(obstacle); }")
    let found = try cairn.run("doctor")
    #expect(found.code == 2 && found.outputText.contains("a name of the index's own"), "\(found.outputText)")
    let repaired = try cairn.run("doctor", "--repair")
    #expect(repaired.code == 0 && repaired.outputText.contains("removed 1 entry"), "\(repaired.outputText)")
    #expect(try cairn.run("doctor", "-q").code == 0)
  }

  @Test func `a user's file where the requests belong stays`() throws {
    try cairn.write(".cairn/requests", "mine\n")
    for arguments in [["doctor"], ["doctor", "--repair"]] {
      let result = try cairn.start(arguments).wait()
      #expect(result.code == 2 && result.outputText.contains("move it away"), "\(result.outputText)")
    }
    #expect(try readFileBytes(index.appending("requests")) == Array("mine\n".utf8))
  }

  @Test func `a repair says for whom it changed a mode`() throws {
    try shell("chmod 000 .cairn/catalog.sqlite && chmod 644 .cairn/root")
    let repaired = try cairn.run("doctor", "--repair")
    #expect(repaired.code == 0, "\(repaired.outputText)\(repaired.errorText)")
    #expect(repaired.outputText.contains("opened 1 entry to its owner again"), "\(repaired.outputText)")
    #expect(repaired.outputText.contains("closed 1 entry to others"))
  }

  @Test func `of a damaged catalog nothing is said that sounds mended`() throws {
    try shell("truncate -s 1000 .cairn/catalog.sqlite")
    let verified = try cairn.run("verify")
    #expect(verified.code == 2 && verified.errorText.contains("the index is damaged"), "\(verified.errorText)")
    #expect(!verified.errorText.contains("opened again"), "\(verified.errorText)")
    #expect(try !cairn.run("doctor").errorText.contains("opened again"))
  }
}
