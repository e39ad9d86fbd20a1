import Corpus
import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// Ignore files in directories inside of each other.
@Suite struct RuleScopeTests {
  private func rules(_ text: String) -> IgnoreRules { IgnoreRules(Array(text.utf8), foldsCase: false) }

  @Test func `thousands of ignore files inside of each other cost a question what one does`() throws {
    var scope: RuleScope?
    var base: [UInt8] = []
    for level in 0..<2_000 {
      let text = "name\(level)\n*.x\(level)\n/own\(level)\n/dir\(level)/*.c\nboth\n"
      scope = try RuleScope(
        rules(level % 2 == 0 ? text : text + "!both\n"), base: base.span, outer: scope, path: ".gitignore")
      base += Array("a/".utf8)
    }
    let innermost = try #require(scope)
    #expect(innermost.askedCount < 8)
    let directory = Array(base.dropLast(2))
    func verdict(_ name: String) -> IgnoreRules.Verdict? {
      let path = directory + Array(name.utf8)
      return innermost.verdict(path: path.span, nameStart: directory.count, isDirectory: false)
    }
    #expect(verdict("name0") == .ignored && verdict("name7") == .ignored && verdict("name1999") == .ignored)
    #expect(verdict("f.x0") == .ignored && verdict("f.x1000") == .ignored)
    #expect(verdict("own1999") == .ignored && verdict("own1998") == nil && verdict("name2000") == nil)
    #expect(verdict("both") == .included, "the innermost file has the last word")
  }

  @Test func `so many patterns that a walk would hardly end are refused, however they are spread`() throws {
    var scope: RuleScope?
    var failure: Failure?
    let base: [UInt8] = []
    do throws(Failure) {
      for _ in 0..<200 {
        scope = try RuleScope(
          rules((0..<500).map { "*a\($0)*b\n" }.joined()), base: base.span, outer: scope, path: "deep/.gitignore")
      }
    } catch { failure = error }
    #expect(failure?.code == .tooLarge && failure?.path == "deep/.gitignore")
  }

  @Test func `files inside of each other agree with git`() throws {
    let tree = try TemporaryTree()
    let names = ["a", "b", "ab", "a.o", "b.o", "d"]
    let pieces = ["a", "b", "ab", "d", "*.o", "*", "a*", "?", "/a", "/d/b", "/d/d/*.o", "**/b", "d/**/a", "d/", "/d/"]
    for seed in 0..<60 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let top = FilePath("\(seed)")
      var directory = top
      for _ in 0..<(3 + random.next(upTo: 12)) {
        for name in names where name != "d" && random.next(upTo: 2) == 0 {
          try tree.write(directory.appending(FilePath(name)), "x\n")
        }
        if random.next(upTo: 4) > 0 {
          let lines = (0..<(1 + random.next(upTo: 4))).map { _ in
            (random.next(upTo: 3) == 0 ? "!" : "") + pieces[random.next(upTo: pieces.count)]
          }
          // Nothing is asked about below a directory that is ignored: most stay open.
          let last = random.next(upTo: 4) > 0 ? "!d\n!/d/\n" : ""
          try tree.write(directory.appending(".gitignore"), lines.joined(separator: "\n") + "\n" + last)
        }
        directory = directory.appending("d")
      }
      let root = tree.root.appending(top)
      if !fileExists(root) { continue }
      let git = Process()
      git.executableURL = URL(fileURLWithPath: "/bin/sh")
      git.currentDirectoryURL = URL(fileURLWithPath: root.description)
      git.environment = ["PATH": "/usr/bin:/bin", "HOME": root.description, "GIT_CONFIG_NOSYSTEM": "1"]
      git.arguments = ["-c", "git init -q . && git ls-files -o -z --exclude-standard"]
      let pipe = Pipe()
      git.standardOutput = pipe
      try git.run()
      let answer = try pipe.fileHandleForReading.readToEnd() ?? Data()
      git.waitUntilExit()
      let expected = Set([UInt8](answer).split(separator: 0).map { FilePath(bytes: Array($0)) })
      var options = WalkOptions()
      options.includesHidden = true
      let found = try CorpusWalker(
        root: root, options: options, environment: GitEnvironment(home: root, configHome: root.appending("none"))
      ).list()
      #expect(Set(found.files.map(\.path)) == expected, "seed \(seed)")
    }
  }
}
