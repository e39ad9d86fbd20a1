import Primitives
import TestSupport
import Testing

/// Messages as programs print them, with places of callers' files and the classes of errors around them, through the
/// real binary.
@Suite struct PrintedMessageTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram()
    try cairn.write(
      "lib/Clock.pm", "package Clock;\nsub set {\n  croak \"Second '$_[0]' out of range 0..59\" if $_[0] > 59;\n}\n1;\n"
    )
    try cairn.write(
      "lib/Wall.pm", "package Wall;\n# a second clock on the wall, its range and line\nsub line { 3 }\n1;\n")
    try cairn.write("tools/perlfoo.pl", "# report of the second range\nmy $x = 1;\nprint $x;\n")
    try cairn.write("net/shlex.py", "import re\n\nx = 3\n\ndef split(text):\n    return text.split()\n")
    try cairn.write("net/windows_utils.py", "import os\nimport sys\n\ny = 3\n")
    try cairn.write(
      "net/store.py",
      "class BadFile(Exception):\n    pass\n\ndef append(path):\n    try:\n        read(path)\n"
        + "    except BadFile:\n        # file is not an archive, so begin one\n        begin(path)\n")
    try cairn.write(
      "net/reader.py",
      "from store import BadFile\n\ndef read(path):\n    if not path:\n"
        + "        raise BadFile(\"File is not an archive\")\n")
    try cairn.write(".gitignore", "a\nb\nc\n")
    try cairn.write("cairn.toml", "include_hidden = true\n")
  }

  private func first(_ query: String) throws -> String {
    let hit = try cairn.run("search", "--json", "-n1", "--", query).objects("result").first
    return "\(hit?.text("path") ?? "none"):\(hit?.number("answer_line") ?? 0)"
  }

  @Test(arguments: [
    "", " at foo.pl line 3.", " at oo.pl line 3.", " at script.pl line 40, <STDIN> line 2.", " (foo.pl:3)",
    " at /home/me/foo.pl line 3.",
  ])
  func `a place of a file that is not there takes nothing from the message`(place: String) throws {
    #expect(try first("Second '75' out of range 0..59" + place) == "lib/Clock.pm:3")
    if !place.isEmpty {
      #expect(
        try cairn.run("search", "Second '75' out of range 0..59" + place).errorText.contains(
          "no indexed file is called"))
    }
  }

  @Test(arguments: ["foo.pl:3: ", "nowhere/foo.pl:3:5: ", "[foo.pl:3] ", "File \"/home/me/foo.pl\", line 3, in set "])
  func `nor where it stands before the message`(place: String) throws {
    #expect(try first(place + "Second '75' out of range 0..59") == "lib/Clock.pm:3")
  }

  @Test(arguments: ["x.py:3", "ex.py:3", "utils.py:3", "py:3.py:3", "other/windows.py:3"])
  func `a name is no file's whose name only ends in it`(place: String) throws {
    let result = try cairn.run("search", "--", place)
    #expect(result.code == 1 && result.errorText.contains("no indexed file is called"), "\(result.errorText)")
  }

  @Test(arguments: [
    "shlex.py:3", "net/shlex.py:3", "/srv/net/shlex.py:3", "/srv/app/shlex.py:3", "error in shlex.py:3",
  ])
  func `a name that is a whole component is the file's`(place: String) throws {
    #expect(try first(place) == "net/shlex.py:3")
  }

  @Test(arguments: [
    "", "BadFile: ", "store.BadFile: ", "Store::Error: ", "panic: ",
    "TypeError: ",
    "E   BadFile: ",
  ])
  func `the class before a message takes nothing from it`(head: String) throws {
    #expect(try first(head + "File is not an archive") == "net/reader.py:5")
  }

  @Test(arguments: [".gitignore:3", "./.gitignore:3", "/srv/app/.gitignore:3"])
  func `a hidden file has lines too`(place: String) throws { #expect(try first(place) == ".gitignore:3") }

  @Test func `a hidden name is a file's, and is said to be none's`() throws {
    #expect(try first(".gitignore").hasPrefix(".gitignore:"))
    let result = try cairn.run("search", ".dockerignore")
    #expect(result.code == 1 && result.errorText.contains("no indexed file is called .dockerignore"))
  }
}
