import Foundation
import Primitives
import TestSupport
import Testing

/// What a new user meets first.
@Suite struct FirstMinutesTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  private static let commands = [
    "index", "search", "related", "ask", "status", "verify", "cache", "model", "config", "bench", "help",
  ]

  private func onTerminal(_ columns: Int, _ line: String) throws -> [Substring] {
    try cairn.shell("script -qec 'stty cols \(columns) rows 60; \(line)' /dev/null").outputText
      .split(whereSeparator: \.isNewline)
  }

  @Test func `every way to ask for help gives it, to standard output, with exit code 0`() throws {
    let short = try cairn.run().outputText
    #expect(short.contains("usage: cairn COMMAND"))
    for arguments in [["--help"], ["-h"], ["help"]] {
      let result = try cairn.start(arguments).wait()
      #expect(result.code == 0 && result.outputText == short && result.errors.isEmpty)
    }
    for command in Self.commands {
      for arguments in [[command, "--help"], [command, "-h"], ["help", command], ["--help", command]] {
        let result = try cairn.start(arguments).wait()
        #expect(result.code == 0 && result.outputText.contains("usage: cairn \(command)"), "\(arguments)")
        #expect(result.errors.isEmpty, "\(arguments): \(result.errorText)")
      }
    }
  }

  @Test(arguments: [40, 60, 80, 200])
  func `help fits the terminal, and no word is cut`(columns: Int) throws {
    for arguments in ["", "search -h", "index --help", "help config"] {
      let lines = try onTerminal(columns, "$CAIRN \(arguments)")
      #expect(lines.count > 10)
      for line in lines where line.contains(" ") && !line.hasPrefix("  cairn ") && !line.hasPrefix("For example") {
        // A word that is longer than what there is room for stands alone.
        let words = line.split(separator: " ").count
        #expect(
          line.count <= min(columns, 100) || words == 1 || line.contains("--"), "\(columns) \(arguments): \(line)")
      }
    }
    let narrow = try cairn.shell("script -qec 'COLUMNS=40 $CAIRN' /dev/null").outputText
    #expect(narrow.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 46 }, "\(narrow)")
  }

  @Test func `a terminal of 40 columns shows hits and the state of an index`() throws {
    try cairn.writeSample()
    _ = try cairn.run("index", "-q")
    for line in try onTerminal(40, "$CAIRN search --color never --no-pager multiply matrices") {
      #expect(line.unicodeScalars.count <= 40, "\(line)")
    }
    for line in try onTerminal(40, "$CAIRN status --color never") where line.contains(" %  ") {
      #expect(line.unicodeScalars.count <= 40, "\(line)")
    }
  }

  @Test func `a directory without files, and what is none, are said to be so once`() throws {
    let empty = try cairn.run("search", "landmark")
    #expect(empty.code == 1 && empty.errorText.split(separator: "\n").count == 1, "\(empty.errorText)")
    #expect(empty.errorText.contains("there is no file here to search"))
    let bench = try cairn.run("bench")
    #expect(bench.code == 2 && bench.errorText.contains("nothing to measure"), "\(bench.errorText)")
    try cairn.write("a.py", "x = 1\n")
    for command in [
      ["index", "a.py"], ["search", "--root", "a.py", "x"], ["verify", "a.py"], ["status", "--root", "a.py"],
    ] {
      let result = try cairn.start(command).wait()
      #expect(result.code == 2 && result.errorText.contains("it is not a directory"), "\(result.errorText)")
    }
    for command in [["index", "nosuch"], ["search", "--root", "nosuch", "x"]] {
      let result = try cairn.start(command).wait()
      #expect(result.code == 2 && result.errorText == "cairn: nosuch: there is no such file or directory\n")
    }
  }

  @Test func `a name that is not UTF-8 is found by it`() throws {
    _ = try cairn.shell("printf 'def landmark(): pass\\n' >\"$(printf 'caf\\351.py')\"; printf 'x = 1\\n' >other.py")
    let result = try cairn.shell("$CAIRN search -l -n1 \"$(printf 'caf\\351.py')\" | od -An -c | tr -d ' \\n'")
    #expect(result.outputText == "caf351.py\\n" && result.errors.isEmpty, "\(result.outputText) \(result.errorText)")
    for locale in ["C", "POSIX", "de_DE.ISO-8859-1", "nonsense"] {
      let other = try cairn.shell("LC_ALL=\(locale) $CAIRN search --vimgrep -n1 landmark | wc -l")
      #expect(other.outputText.contains("1") && other.errors.isEmpty, "\(locale): \(other.errorText)")
    }
  }

  @Test func `a size without meaning is not shown`() throws {
    try cairn.write("a.py", "x = 1\n")
    _ = try cairn.run("index", "-q")
    #expect(try !cairn.run("status").outputText.contains("times the source"))
  }

  @Test func `a terminal that cannot move its cursor is not sent what moves it`() throws {
    for number in 0..<300 {
      try cairn.write(
        FilePath("many/\(number).py"), String(repeating: "def landmark_\(number)(a):\n    return a\n\n", count: 200))
    }
    // Slow enough for a progress line.
    let slow = "index --rebuild --threads 1 --max-memory-mb 1"
    for (term, draws) in [("dumb", false), ("xterm", true)] {
      let shown = try cairn.shell("script -qec 'TERM=\(term) $CAIRN \(slow)' /dev/null").outputText
      #expect(shown.contains("300 indexed"), "\(shown)")
      if !draws { #expect(!shown.contains("\u{1B}"), "\(shown)") }
    }
  }
}
