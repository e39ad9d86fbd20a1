import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// A key that was lost or damaged costs no answer, is named, and makes nothing believed.
@Suite struct UserKeyTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram(inMemory: true)
    try cairn.write("a.py", "def leap_year(): pass\n")
  }

  private var key: FilePath { cairn.home.root.appending(".local/state/cairn/key") }
  private let inCache = ["search", "--index-dir", "cache", "-l", "-n1", "leap_year"]

  private static let losses = [
    "rm \"$KEY\"", "printf short >\"$KEY\"", "chmod 644 \"$KEY\"", "rm \"$KEY\" && mkdir \"$KEY\"",
    "head -c 32 /dev/urandom >\"$KEY\"",
  ]

  @Test(arguments: losses) func `an index in the cache is made again, with one line`(_ loss: String) throws {
    #expect(try cairn.start(inCache).wait().code == 0)
    #expect(try cairn.shell("KEY=\(key); \(loss)").code == 0)
    let first = try cairn.start(inCache).wait()
    #expect(first.code == 0 && first.outputLines == ["a.py"], "\(first.errorText)")
    #expect(first.errorText.split(separator: "\n").count == 1 && first.errorText.contains("made again"))
    let isDamaged = loss.contains("short") || loss.contains("chmod") || loss.contains("mkdir")
    #expect(first.errorText.contains(key.description) == isDamaged, "\(first.errorText)")
    let second = try cairn.start(inCache).wait()
    #expect(second.code == 0 && second.outputLines == ["a.py"] && second.errors.isEmpty, "\(second.errorText)")
  }

  @Test func `an index in the tree is left alone, and one line says what to do`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    let before = try cairn.shell("ls -lR .cairn").outputText
    #expect(try cairn.shell("printf short >\(key)").code == 0)
    let result = try cairn.run("search", "-l", "-n1", "leap_year")
    #expect(result.code == 0 && result.outputLines == ["a.py"])
    #expect(result.errorText.split(separator: "\n").count == 1, "\(result.errorText)")
    #expect(result.errorText.contains("your key \(key) is damaged: remove it"), "\(result.errorText)")
    #expect(
      result.errorText.components(separatedBy: "remove it").count == 2, "one remedy, said once: \(result.errorText)")
    #expect(try cairn.shell("ls -lR .cairn").outputText == before)
    // As long as an index is there and is not used, that is said.
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").errorText.split(separator: "\n").count == 1)
    #expect(try cairn.run("status").errorText.contains(key.description))
  }

  @Test func `nothing of what lay in a stale place is read`() throws {
    #expect(try cairn.start(inCache).wait().code == 0)
    let cache = cairn.home.root.appending(".cache/cairn")
    // The user's own directory, with the content of a stranger's index of the same path.
    var stranger = cairn
    let home = try TemporaryTree(inMemory: true)
    stranger.environment["HOME"] = home.root.description
    try cairn.write("a.py", "def planted_name(): pass\n")
    #expect(try stranger.start(inCache).wait().code <= 1)
    let made = try cairn.shell(
      "d=$(ls \(cache)) && rm -r \(cache)/$d && cp -a \(home.root)/.cache/cairn/$d \(cache)/$d")
    #expect(made.code == 0, "\(made.errorText)")
    try cairn.write("a.py", "def leap_year(): pass\n")
    #expect(try cairn.start(["search", "--no-update"] + inCache.dropFirst()).wait().code == 2)
    #expect(try cairn.start(inCache).wait().outputLines == ["a.py"])
    #expect(try cairn.run("verify", "--index-dir", "cache").code == 0)
  }
}
