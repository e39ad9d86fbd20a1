import Foundation
import Primitives
import TestSupport
import Testing

/// What a command cannot do, or does in part, is said with what helps.
@Suite struct ReportedBoundsTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  @Test func `two roots are an error, and the same one twice is not`() throws {
    let two = try cairn.run("search", "--root", "src", "--root", ".", "leap_year")
    #expect(two.code == 2 && two.errorText.contains("one tree is searched at a time"), "\(two.errorText)")
    #expect(try cairn.run("search", "--root", ".", "--root", ".", "leap_year").code == 0)
  }

  @Test func `related takes the path of a traceback of another place`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    for place in [
      "  File \"/opt/elsewhere/src/dates.py\", line 2, in parse", "/srv/app/src/dates.py:2",
    ] {
      let result = try cairn.run("related", place)
      #expect(result.code == 0, "\(place): \(result.errorText)")
      #expect(result.errorText.contains("src/dates.py:2 is taken"), "\(result.errorText)")
    }
    try cairn.write("lib/dates.py", "def other(): pass\n")
    #expect(try cairn.run("index", "-q").code == 0)
    let longest = try cairn.run("related", "/srv/lib/dates.py:1")
    #expect(longest.code == 0 && longest.errorText.contains("lib/dates.py:1 is taken"), "\(longest.errorText)")
    let several = try cairn.run("related", "/srv/dates.py:1")
    #expect(several.code == 2 && several.errorText.contains("2 files are called so"), "\(several.errorText)")
    #expect(try cairn.run("related", "/srv/nosuch.py:1").errorText.contains("not inside"))
  }

  @Test func `a damaged index of git's is not to be mended by an index run`() throws {
    let made = try cairn.shell("git init -q . && git add src && echo garbage-garbage-garbage >.git/index")
    #expect(made.code == 0)
    for arguments in [["search", "leap_year"], ["index"]] {
      let result = try cairn.start(arguments).wait()
      #expect(result.code == 2 && result.errorText.contains(".git/index"), "\(result.errorText)")
      #expect(result.errorText.contains("git's reset makes another"), "\(result.errorText)")
      #expect(!result.errorText.contains("cairn index"), "\(result.errorText)")
    }
  }

  @Test func `too many filters are counted, and a long text that is absent is shown in part`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    let filters = (0..<300).map { "path:f\($0)" }.joined(separator: " ")
    let many = try cairn.start(["search", "--json", "--no-update", "leap_year " + filters]).wait()
    #expect(many.errorText.contains("44 of them, or of their values, do not count"), "\(many.errorText)")
    let long = String(repeating: "zz9", count: 20_000)
    let absent = try cairn.start(["search", "--json", "--no-update", long]).wait()
    let summary = try #require(try absent.objects("summary").first)
    let texts = (summary["absent"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
    #expect(absent.code == 1 && !texts.isEmpty && texts.allSatisfy { $0.utf8.count < 1100 })
    #expect(summary.text("query") == long)
  }

  @Test func `the ceiling on memory is shown in the unit in which it is set`() throws {
    let profile = try cairn.run("index", "--profile", "--max-memory-mb", "200")
    #expect(profile.outputText.contains("(limit 200 MiB)"), "\(profile.outputText)")
  }

  @Test func `verify says of a missing segment what helps`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    #expect(try cairn.shell("rm .cairn/segments/*.segment").code == 0)
    let verified = try cairn.run("verify", "--json")
    let problems = try #require(try verified.objects("verification").first?["problems"] as? [[String: Any]])
    #expect(verified.code == 2 && !problems.isEmpty)
    #expect(problems.allSatisfy { ($0["remedy"] as? [String: Any])?.text("action") == "index" })
  }
}
