import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// `cairn doctor`: the real program over an index in which something is not as it was left.
@Suite struct DoctorTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.indexSampleTwice()
  }
  var index: FilePath { cairn.tree.root.appending(".cairn") }

  func checks(_ result: ProgramResult) throws -> [[String: Any]] {
    let object = try #require(try result.objects("examination").first)
    return try #require(object["checks"] as? [[String: Any]])
  }

  func names(_ checks: [[String: Any]], _ state: String) -> Set<String> {
    Set(checks.filter { $0.text("state") == state }.compactMap { $0.text("name") })
  }

  /// What searches find, without the update that would mend the index first.
  func found() throws -> [String] {
    try ["leap_year", "added_landmark", "multiply", "sessions expire"].map {
      try cairn.run("search", "--no-update", "--json", $0).objects("result").map {
        "\($0["path"] ?? "") \($0["start_line"] ?? "") \($0["score"] ?? "")"
      }.joined(separator: "\n")
    }
  }

  @Test func `of a sound index nothing is wrong, a line for each check`() throws {
    let plain = try cairn.run("doctor")
    #expect(plain.code == 0 && plain.errors.isEmpty, "\(plain.outputText)\(plain.errorText)")
    #expect(plain.outputLines.last == "nothing is wrong")
    #expect(!plain.outputText.contains("✓") && !plain.outputText.contains("\u{1B}"))
    for line in plain.outputLines.dropLast() {
      #expect(["good ", "note ", "unknown "].contains { line.hasPrefix($0) }, "\(line)")
    }
    let quiet = try cairn.run("doctor", "-q", ".")
    #expect(quiet.code == 0 && quiet.outputText.isEmpty, "\(quiet.outputText)")
    let json = try cairn.run("doctor", "--json")
    let object = try #require(try json.objects("examination").first)
    #expect(json.code == 0 && object["sound"] as? Bool == true)
    #expect(object.text("index_dir")?.hasSuffix("/.cairn") == true && object["seconds"] != nil)
    let all = try checks(json)
    #expect(names(all, "bad").isEmpty && names(all, "not-checked").isEmpty, "\(all)")
    #expect(
      Set(all.compactMap { $0.text("name") }) == [
        "index", "permissions", "disk", "lock", "catalog", "mark", "journal", "options", "segments", "checksums",
        "postings", "orphans", "freshness", "last-run", "left-out", "model", "settings", "grammars", "watches",
        "memory",
      ])
  }

  @Test func `an index that git may see is told of, and hidden again`() throws {
    for shell in ["rm .cairn/.gitignore", "echo '!*' > .cairn/.gitignore"] {
      #expect(try cairn.shell(shell).code == 0)
      let told = try cairn.run("doctor")
      #expect(told.code == 0 && told.outputText.contains("note     permissions"), "\(told.outputText)")
      #expect(told.outputText.contains("git "), "\(told.outputText)")
      #expect(try cairn.run("doctor", "--repair").code == 0)
      // What somebody wrote is theirs.
      let left = shell.hasPrefix("rm") ? "*\n" : "!*\n"
      #expect(try cairn.shell("cat .cairn/.gitignore").outputText == left)
    }
  }

  @Test func `without an index that is said, nothing is made, and nothing is removed`() throws {
    let other = try CairnProgram()
    try other.writeSample()
    for arguments in [["doctor"], ["doctor", "--repair"]] {
      let result = try other.start(arguments).wait()
      #expect(result.code == 2 && result.outputText.contains("run `cairn index`"), "\(result.outputText)")
    }
    let removed = try other.run("remove")
    #expect(removed.code == 1 && removed.errorText.contains("there is no index"))
    #expect(try other.run("remove", "--json").objects("removal").first?["removed"] as? Bool == false)
    #expect(!fileExists(other.tree.root.appending(".cairn")))
  }

  enum Damage: String, CaseIterable {
    case segmentGone, segmentsSwapped, segmentCut, byteFlipped, segmentsAreLink
    case catalogScrambled, catalogRowForged, catalogPageUnread, catalogGone
    case journalEmpty, markScribbled, optionsScribbled, lockIsLink
  }

  func cause(_ damage: Damage) throws -> String {
    let shell =
      switch damage {
      case .segmentGone: "rm $(ls .cairn/segments/*.segment | head -1)"
      case .segmentsSwapped:
        "set -- .cairn/segments/*.segment; cp -p $1 t; cp -p $2 $1; cp -p t $2; rm t"
      case .segmentCut: "set -- .cairn/segments/*.segment; truncate -s 1000 $1"
      case .byteFlipped:
        "set -- .cairn/segments/*.segment; printf '\\377' | dd of=$1 bs=1 seek=300 conv=notrunc status=none"
      case .segmentsAreLink: "mv .cairn/segments elsewhere && ln -s ../elsewhere .cairn/segments"
      case .catalogScrambled:
        "head -c 40000 /dev/zero | dd of=.cairn/catalog.sqlite bs=4096 seek=1 conv=notrunc status=none"
      case .catalogRowForged:
        "python3 -c \"import sqlite3; c = sqlite3.connect('.cairn/catalog.sqlite'); "
          + "c.execute('update files set byte_count = byte_count + 1'); c.commit()\""
      case .catalogPageUnread:
        // A page that a run with nothing to do has no need of, so that it meets no damage.
        "python3 -c \"import sqlite3; f = '.cairn/catalog.sqlite'; "
          + "page = sqlite3.connect(f).execute('select rootpage from sqlite_schema where name = \\\"counters\\\"')"
          + ".fetchone()[0]; f = open(f, 'r+b'); f.seek((page - 1) * 4096 + 4); f.write(bytes([0x10]))\""
      case .catalogGone: "rm .cairn/catalog.sqlite*"
      case .journalEmpty: ": >.cairn/catalog.sqlite-journal"
      case .markScribbled: "echo mine >.cairn/catalog.newest"
      case .optionsScribbled: "echo mine >.cairn/options"
      case .lockIsLink: "rm .cairn/writer.lock; ln -s /dev/null .cairn/writer.lock"
      }
    let result = try cairn.shell(shell)
    #expect(result.code == 0, "\(result.errorText)")
    // Of a segment of one piece every byte is read when it is opened.
    return switch damage {
    case .segmentGone, .segmentsSwapped, .segmentCut, .segmentsAreLink, .byteFlipped: "segments"
    case .catalogScrambled, .catalogRowForged, .catalogPageUnread, .catalogGone: "catalog"
    case .journalEmpty: "journal"
    case .markScribbled: "mark"
    case .optionsScribbled: "options"
    case .lockIsLink: "lock"
    }
  }

  @Test(arguments: Damage.allCases)
  func `what is damaged is named and mended, and searches find what they found`(_ damage: Damage) throws {
    let before = try found()
    let name = try cause(damage)
    let seen = try cairn.run("doctor", "--json")
    let state = damage == .lockIsLink ? "note" : "bad"
    #expect(seen.code == (damage == .lockIsLink ? 0 : 2), "\(seen.outputText)")
    #expect(names(try checks(seen), state).contains(name), "\(seen.outputText)")
    let plain = try cairn.run("doctor")
    #expect(plain.outputText.contains("run `cairn doctor --repair`"), "\(plain.outputText)")
    let repaired = try cairn.run("doctor", "--repair", "--json")
    #expect(repaired.code == 0, "\(repaired.outputText)\(repaired.errorText)")
    #expect(names(try checks(repaired), "bad").isEmpty)
    #expect((try repaired.objects("examination").first?["repairs"] as? [String])?.isEmpty == false)
    #expect(try found() == before)
    #expect(try cairn.run("doctor", "-q").outputText.isEmpty)
    #expect(try cairn.run("verify", "-q").code == 0)
  }

  @Test func `what is in the way and not Cairn's is named, and stays`() throws {
    let barred = "rm .cairn/catalog.newest; mkdir .cairn/catalog.newest; echo x >.cairn/catalog.newest/mine"
    #expect(try cairn.shell(barred).code == 0)
    for arguments in [["doctor"], ["doctor", "--repair"]] {
      let result = try cairn.start(arguments).wait()
      #expect(result.code == 2 && result.outputText.contains("move it away"), "\(result.outputText)")
      #expect(!result.outputText.contains("run `cairn index`") && !result.outputText.contains("--repair"))
    }
    #expect(fileExists(index.appending("catalog.newest/mine")))
    #expect(try cairn.shell("mv .cairn/catalog.newest away && $CAIRN doctor --repair").code == 0)
  }

  @Test func `the tree, the last run and the settings are looked at`() throws {
    try cairn.write("src/new.py", "def brand_new():\n    pass\n")
    let fresh = try checks(try cairn.run("doctor", "--json"))
    let pending = try #require(fresh.first { $0.text("name") == "freshness" })
    #expect(pending.text("state") == "note" && pending.text("path") == "src/new.py", "\(pending)")
    #expect((pending["remedy"] as? [String: Any])?.text("action") == "index")
    try cairn.write("cairn.toml", "limitt = 3\n")
    let settings = try cairn.run("doctor", "--json")
    #expect(settings.code == 2)
    let found = try #require(try checks(settings).first)
    #expect(found.text("name") == "settings" && found.text("state") == "bad", "\(found)")
    #expect(found.text("message")?.contains("limitt") == true)
  }

  @Test func `a name made to drive a terminal does not`() throws {
    try cairn.write(".cairn/\u{1B}[31mred\u{7}", "x")
    try cairn.write("src/\u{1B}]0;title\u{7}.py", "def odd():\n    pass\n")
    #expect(try cairn.shell("rm $(ls .cairn/segments/*.segment | head -1)").code == 0)
    for arguments in [["doctor"], ["doctor", "--json"], ["doctor", "--repair"], ["remove"]] {
      let result = try cairn.start(arguments).wait()
      #expect(!(result.output + result.errors).contains { $0 < 0x20 && $0 != 10 }, "\(arguments)")
    }
  }

  @Test func `a writer at work is told, and nothing is mended or removed meanwhile`() throws {
    let told = try cairn.shell("exec 9>>.cairn/writer.lock && flock -x 9 && $CAIRN doctor")
    #expect(told.code == 0 && told.outputText.contains("is writing"), "\(told.outputText)\(told.errorText)")
    let removal = try cairn.shell("exec 9>>.cairn/writer.lock && flock -x 9 && $CAIRN remove")
    #expect(removal.code == 2 && removal.errorText.contains("another process is indexing"))
    #expect(try cairn.shell("chmod 644 .cairn/segments/*.segment; : >.cairn/options").code == 0)
    let repair = try cairn.shell("exec 9>>.cairn/writer.lock && flock -x 9 && $CAIRN doctor --repair")
    #expect(repair.code == 2 && repair.errorText.contains("another process is indexing"))
  }

  // MARK: Removal

  @Test func `the index goes, and nothing else does`() throws {
    let before = TreeRecord(cairn.tree.root, leavingOut: [".cairn"], withTimesOfDirectories: false)
    let result = try cairn.run("remove")
    #expect(result.code == 0 && result.outputText.contains("removed the index in "), "\(result.outputText)")
    #expect(!fileExists(index))
    #expect(TreeRecord(cairn.tree.root, leavingOut: [".cairn"], withTimesOfDirectories: false) == before)
    #expect(try cairn.run("remove").code == 1)
    #expect(try cairn.run("search", "-l", "leap_year").outputLines.first == "src/dates.py")
  }

  @Test func `what somebody put there stays, and the next run goes on beside it`() throws {
    try cairn.write(".cairn/mine.txt", "mine\n")
    let result = try cairn.run("remove", "--json")
    let object = try #require(try result.objects("removal").first)
    #expect(result.code == 0 && object["removed"] as? Bool == true && (object.number("bytes") ?? 0) > 0)
    let left = try #require(object["left"] as? [[String: Any]])
    #expect(left.count == 1 && left[0].text("path")?.hasSuffix("/.cairn/mine.txt") == true, "\(left)")
    #expect(try readFileBytes(index.appending("mine.txt")) == Array("mine\n".utf8))
    #expect(try cairn.run("index", "-q").errors.isEmpty)
    #expect(fileExists(index.appending("catalog.sqlite")))
  }
}
