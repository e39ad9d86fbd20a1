import Foundation
import Primitives
import TestSupport
import Testing

/// Lines are those of grep and of editors, and of a long one the part is shown that answers.
@Suite struct LineTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  private func onTerminal(_ columns: Int, _ line: String) throws -> String {
    try cairn.shell("script -qec 'stty cols \(columns) rows 60; \(line)' /dev/null").outputText
  }

  @Test(arguments: [
    ("\u{C}", "form feed"), ("\u{B}", "vertical tab"), ("\u{85}", "next line"), ("\u{2028}", "line separator"),
    ("\u{2029}", "paragraph separator"), ("\u{C}\r", "form feed at the end of a line of DOS"),
  ])
  func `what ends no line for grep ends none here, and is shown as its picture`(sign: String, name: String) throws {
    let ending = sign.hasSuffix("\r") ? "\r\n" : "\n"
    let text = sign.filter { $0 != "\r" }
    let lines = [
      "int first;", text, "int\(text) second_wombat;\(text)", "/* \(text) */ int third_wombat;", "int fourth_wombat;",
    ]
    try cairn.write("a.c", lines.joined(separator: ending) + ending)
    for word in ["second_wombat", "third_wombat", "fourth_wombat"] {
      let grep = try cairn.shell("grep -n \(word) a.c | tr -d '\\r'").outputText
      let column = try cairn.shell("grep -bo '\(word)' a.c").outputText
      let result = try cairn.run("search", "--vimgrep", "-n", "1", word)
      let parts = result.outputText.split(separator: ":", maxSplits: 3).map(String.init)
      let pictures = ["\u{C}": "␌", "\u{B}": "␋"]
      let seen = grep.replacingOccurrences(of: text, with: pictures[text] ?? "␤")
      #expect(parts.count == 4 && parts[1] + ":" + parts[3] == seen, "\(name): \(result.outputText)")
      // The offset in the file, from the line's beginning.
      let number = try #require(Int(parts[1]))
      let start = lines.prefix(number - 1).reduce(0) { $0 + $1.utf8.count + ending.utf8.count }
      let offset = try #require(column.split(separator: ":").first.flatMap { Int($0) })
      #expect(Int(parts[2]) == offset - start + 1, "\(name): \(result.outputText)")
      let hit = try #require(try cairn.run("search", "--json", "-n", "1", word).objects("result").first)
      let snippet = try #require(hit["snippet"] as? [String])
      let first = try #require(hit["snippet_start_line"] as? Int)
      #expect(snippet[number - first] == lines[number - 1], "\(name): \(snippet)")
      #expect(hit["answer_line"] as? Int == number && hit["answer_column"] as? Int == offset - start + 1)
    }
    let shown = try onTerminal(90, "$CAIRN search --color never -n1 second_wombat")
    #expect(!shown.contains("\u{FFFD}") && !shown.contains(text), "\(name): \(shown)")
    #expect(["␌", "␋", "␤"].contains { shown.contains($0) }, "\(name): \(shown)")
  }

  @Test func `an escape sequence in a line reaches neither a terminal nor a pipe`() throws {
    try cairn.write("a.c", "int quokka_one; /* \u{1B}[31m \u{C} \u{9B}1m */\n")
    for option in ["--vimgrep", "--json", "--no-pager"] {
      let bytes = Array(try cairn.run("search", option, "quokka_one").outputText.unicodeScalars)
      #expect(!bytes.contains { $0.value == 0x1B || $0.value == 0x9B }, "\(option)")
    }
  }

  /// A line of as many words, with `needle` among them.
  private func longLine(_ needle: String, at place: Int, of count: Int, filler: String = "alpha") -> String {
    let words = (0..<count).map { $0 == place ? needle : filler }
    return "s = \"" + words.joined(separator: " ") + "\""
  }

  @Test(arguments: [0, 30, 100, 500, 1500, 2990, 2999])
  func `of a very long line the part around the hit is shown`(place: Int) throws {
    let line = longLine("zebra_needle", at: place, of: 3000)
    try cairn.write("a.py", "x = 1\n\(line)\ndef tail(): pass\n")
    let column = try #require(line.range(of: "zebra_needle")).lowerBound.utf16Offset(in: line) + 1
    let result = try cairn.run("search", "--vimgrep", "-n", "1", "zebra_needle")
    #expect(result.outputText.hasPrefix("a.py:2:\(column):"), "\(result.outputText.prefix(40))")
    #expect(result.outputText.contains("zebra_needle") && result.outputText.utf8.count < 600)
    let hit = try #require(try cairn.run("search", "--json", "-n", "1", "zebra_needle").objects("result").first)
    #expect(hit["answer_line"] as? Int == 2 && hit["answer_column"] as? Int == column)
    let snippet = try #require(hit["snippet"] as? [String])
    #expect(snippet[1].contains("zebra_needle") && snippet[1].count < 520, "\(snippet[1])")
    #expect(snippet[1].hasPrefix("… ") == (place >= 100) && snippet[1].hasSuffix(" …") == (place < 2900))
    for columns in [40, 80] {
      let shown = try onTerminal(columns, "$CAIRN search --color never -n1 zebra_needle")
      #expect(shown.contains("zebra_needle"), "\(columns): \(shown)")
      for line in shown.split(whereSeparator: \.isNewline) {
        #expect(line.unicodeScalars.count <= columns, "\(columns): \(line)")
      }
    }
  }

  @Test(arguments: [
    ("\"delta gamma\"", "delta gamma"), ("gamma_ray burst", "gamma_ray"), ("BURST", "burst"),
    ("\"gamma_ray    burst\"", "gamma_ray"),
  ])
  func `a phrase, and the word that tells most, choose the part`(query: String, shown: String) throws {
    var words = [String](repeating: "delta", count: 1200)
    words[700] = "gamma"
    words[900] = "gamma_ray"
    words[901] = "burst"
    let line = "var s = '" + words.joined(separator: " ") + "'"
    try cairn.write("a.js", line + "\n")
    let hit = try #require(try cairn.run("search", "--json", "-n", "1", query).objects("result").first)
    let snippet = try #require((hit["snippet"] as? [String])?.first)
    #expect(snippet.contains(shown), "\(snippet)")
    let column = try #require(hit["answer_column"] as? Int)
    #expect(String(decoding: Array(line.utf8)[(column - 1)...], as: UTF8.self).hasPrefix(shown), "\(column)")
  }

  @Test func `a hit in another script is shown in a long line, and its column counts bytes`() throws {
    let line = "s = \"" + String(repeating: "été ", count: 400) + "配置文件 " + String(repeating: "été ", count: 400) + "\""
    try cairn.write("a.py", "é = 1\n\(line)\n")
    let hit = try #require(try cairn.run("search", "--json", "-n", "1", "配置文件").objects("result").first)
    #expect(hit["answer_line"] as? Int == 2)
    #expect(hit["answer_column"] as? Int == 5 + 400 * 6 + 1)
    #expect((hit["snippet"] as? [String])?[1].contains("配置文件") == true)
  }

  @Test func `a column is that of the quoted text, of the whole question, or of its first word`() throws {
    try cairn.write(
      "a.py",
      "updated = date_of(date)\nwait(1); return self.wait(timeout=0)\nété_x = café_latte(1)\ntypedef Size_Policy size_policy\n"
    )
    for (query, line, column) in [
      ("\"(date)\"", 1, 18), ("return self.wait(timeout=0)", 2, 10), ("café_latte", 3, 11), ("date_of", 1, 11),
      ("Size_Policy", 4, 9), ("size_policy", 4, 21),
    ] {
      let hit = try #require(try cairn.run("search", "--json", "-n", "1", query).objects("result").first)
      #expect(hit["answer_line"] as? Int == line && hit["answer_column"] as? Int == column, "\(query): \(hit)")
    }
  }

  // MARK: Notebooks

  private func notebook(indent: String) throws {
    try runPython(
      """
      import json
      code = lambda *lines: {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": list(lines),
        "outputs": [{"name": "stdout", "output_type": "stream", "text": ["out %d\\n" % i for i in range(9)]}]}
      cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Fit a frame\\n", "\\n", "Text.\\n"]},
        code("def train_plain(frame):\\n", "\\n", "\\n", "    return fit(frame)\\n"), code("def test_wombat(frame):\\n", "    return 1\\n")]
      json.dump({"cells": cells, "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4, "nbformat_minor": 5}, open("a.ipynb", "w"), indent=\(indent))
      """)
  }

  private func runPython(_ source: String) throws {
    try cairn.write("make.py.txt", source)
    #expect(try cairn.shell("python3 make.py.txt && rm make.py.txt").code == 0)
  }

  @Test(arguments: ["1", "4"])
  func `a notebook's cell is shown without what its file has around it`(indent: String) throws {
    try notebook(indent: indent)
    let grep = try cairn.shell("grep -n 'def test_wombat' a.ipynb | cut -d: -f1").outputLines
    let hit = try #require(try cairn.run("search", "--json", "-n", "1", "test_wombat").objects("result").first)
    #expect("\(hit["answer_line"] ?? 0)" == grep.first)
    #expect(hit["snippet"] as? [String] == ["def test_wombat(frame):", "    return 1"], "\(hit)")
    // The blank lines of the cell itself stay.
    let plain = try #require(try cairn.run("search", "--json", "-n", "1", "train_plain").objects("result").first)
    #expect(
      plain["snippet"] as? [String] == ["def train_plain(frame):", "", "", "    return fit(frame)"], "\(plain)")
    let all = try cairn.run("search", "-C", "all", "-n", "1", "test_wombat").outputLines
    let numbers = all.dropFirst().filter { $0.first?.isNumber == true }
    #expect(all.contains("--") || numbers.count <= 4, "\(all)")
    #expect(all.count { $0.allSatisfy(\.isNumber) } <= 2, "\(all)")
  }
}
