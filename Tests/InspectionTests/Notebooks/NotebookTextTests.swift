import Inspection
import Primitives
import TestSupport
import Testing

@Suite struct NotebookTextTests {
  private func text(_ notebook: NotebookText) -> String { String(decoding: notebook.text, as: UTF8.self) }

  /// The lines that are not blank, each with its number.
  private func lines(_ notebook: NotebookText) -> [String] {
    text(notebook).split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
      let trimmed = String(line.reversed().drop { $0 == " " }.reversed())
      return trimmed.isEmpty ? nil : "\(number + 1) \(trimmed)"
    }
  }

  private func notebook(_ json: String) -> NotebookText? { NotebookText(Array(json.utf8).span) }

  private static let usual = """
    {
     "cells": [
      {
       "cell_type": "markdown",
       "metadata": {},
       "source": [
        "# Fit a frame\\n",
        "\\n",
        "Some \\"prose\\" \\u00fcber \\ud83d\\ude00.\\n"
       ]
      },
      {
       "cell_type": "code",
       "execution_count": 1,
       "metadata": {"source": ["not this\\n"]},
       "outputs": [
        {
         "data": {"text/plain": ["nor this\\n"], "image/png": "AAAA"},
         "source": "nor that"
        }
       ],
       "source": [
        "%matplotlib inline\\n",
        "def train(frame):\\n",
        "\\treturn fit(frame)"
       ]
      }
     ],
     "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
     "nbformat": 4,
     "nbformat_minor": 5
    }

    """

  @Test func `source lines stand on their lines of the file, and nothing else does`() throws {
    let notebook = try #require(self.notebook(Self.usual))
    #expect(
      lines(notebook) == [
        "7 # Fit a frame", "9 Some \"prose\" über 😀.", "23 %matplotlib inline", "24 def train(frame):",
        "25 \treturn fit(frame)",
      ])
    #expect(notebook.text.count == Self.usual.utf8.count)
    #expect(notebook.breaks.isEmpty)
    #expect(notebook.cells.map(\.isCode) == [false, true])
    #expect(notebook.language.name == "python")
    // The magic is no Python.
    let parts = notebook.regions.map { ($0.language.name, String(decoding: notebook.text[$0.bytes], as: UTF8.self)) }
    #expect(parts.map(\.0) == ["markdown", "python"])
    #expect(parts[1].1.hasPrefix("def train"))
    #expect(notebook.spans.count == 1)
  }

  @Test func `version 3 has its cells in worksheets and its code in inputs`() throws {
    let json = """
      {"metadata": {"name": "x"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [
      {"cell_type": "heading", "level": 1, "source": ["Title"]},
      {"cell_type": "code", "language": "python", "input": [
      "def f():\\n",
      "  pass"], "outputs": [{"output_type": "pyout", "text": ["6"]}]}
      ]}]}
      """
    let notebook = try #require(self.notebook(json))
    #expect(lines(notebook) == ["2 Title", "4 def f():", "5   pass"])
  }

  @Test func `a notebook on one line keeps its lines as breaks`() throws {
    let json =
      #"{"cells":[{"cell_type":"code","source":"import os\ndef f():\n    return 1","outputs":[]},"#
      + #"{"cell_type":"code","source":["x = 1\n","y = 2"],"outputs":[]}],"metadata":{},"nbformat":4}"#
    let notebook = try #require(self.notebook(json))
    var text = notebook.text
    #expect(!text.contains(UInt8(ascii: "\n")))
    for place in notebook.breaks { text[place] = UInt8(ascii: "\n") }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    #expect(lines == ["import os", "def f():", "    return 1", "x = 1", "y = 2"])
    #expect(notebook.cells.count == 2)
    #expect(notebook.language.name == "python")
  }

  @Test(arguments: [
    (#"{"kernelspec":{"name":"ir"}}"#, "r"), (#"{"kernelspec":{"language":"julia","name":"julia-1.9"}}"#, "julia"),
    (#"{"kernelspec":{"name":"julia-1.9"}}"#, "julia"), (#"{"language_info":{"name":"C++17"}}"#, "cpp"),
    (#"{"kernelspec":{"name":"xcpp17"}}"#, "cpp"), (#"{"kernelspec":{"name":".net-csharp"}}"#, "csharp"),
    (#"{"kernelspec":{"name":"ijavascript"}}"#, "javascript"), (#"{"kernelspec":{"language":"scala"}}"#, "scala"),
    (#"{"kernelspec":{"name":"python3"},"language_info":{"name":"python","version":"3.1"}}"#, "python"),
    ("{}", "python"), (#"{"kernelspec":{"language":"klingon"}}"#, "text"),
  ])
  func `the kernel says what the code is in`(metadata: String, name: String) throws {
    let json = #"{"cells":[{"cell_type":"code","source":"x"}],"metadata":"# + metadata + #","nbformat":4}"#
    #expect(try #require(self.notebook(json)).language.name == name)
  }

  @Test func `a cell magic names another language`() throws {
    let json = """
      {"cells":[{"cell_type":"code","source":[
      "%%bash\\n",
      "ls"]},{"cell_type":"code","source":[
      "%%time\\n",
      "f()"]}],"metadata":{},"nbformat":4}
      """
    let regions = try #require(self.notebook(json)).regions
    #expect(regions.map(\.language.name) == ["bash", "python"])
  }

  @Test(arguments: [
    "", "{", "[]", "{}", #"{"cells": []}"#, #"{"nbformat": 4}"#, #"{"cells":[{"source":"a}],"nbformat":4}"#,
    #"{"cells":[{"source":"a"}],"nbformat":4"#, #"{"cells":[{"source" "a"}],"nbformat":4}"#,
    #"{"cells":[{"source":"a"}],"nbformat":4} x"#, #"{"cells":[{"source":"a"},,],"nbformat":4}"#, "<<<<<<< HEAD\n{",
    "{\"cells\":[{\"source\":\"a\nb\"}],\"nbformat\":4}",
  ])
  func `what is no notebook is none`(content: String) {
    #expect(notebook(content) == nil)
  }

  @Test func `nesting without end is no notebook, and does not end the process`() {
    let deep = #"{"nbformat":4,"cells":"# + String(repeating: "[", count: 1_000_000)
    #expect(notebook(deep) == nil)
  }

  @Test func `no bytes make it fail, and the length and the lines stay`() {
    var random = SeededRandom(seed: 7)
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"cells\"", "\"source\"", "\"cell_type\"", "\"code\"", "\"a\\n\"",
      "\"\\ud83d\\n\"",
      "\"\\u00\"", "\\", "\"", "\n", " ", "1", "\"nbformat\":4", "\"worksheets\"", "\"input\"", "\"%%sql\\nx\"",
      "\u{FEFF}", "é",
    ]
    let usual = Array(Self.usual.utf8)
    var found = 0
    for round in 0..<20_000 {
      var bytes: [UInt8]
      if round % 2 == 0 {
        bytes = (0..<random.next(upTo: 30)).flatMap { _ in Array(pieces[random.next(upTo: pieces.count)].utf8) }
      } else {
        bytes = usual
        for _ in 0..<(1 + random.next(upTo: 3)) {
          let place = random.next(upTo: bytes.count)
          bytes.replaceSubrange(
            place..<min(bytes.count, place + random.next(upTo: 4)), with: pieces[random.next(upTo: pieces.count)].utf8)
        }
      }
      guard let notebook = NotebookText(bytes.span) else { continue }
      found += 1
      #expect(notebook.text.count == bytes.count)
      for i in bytes.indices where (bytes[i] == 0x0A) != (notebook.text[i] == 0x0A) {
        Issue.record("a line break moved at \(i) of \(String(decoding: bytes, as: UTF8.self))")
        break
      }
      var end = 0
      for cell in notebook.cells {
        #expect(cell.bytes.lowerBound >= end && cell.bytes.upperBound <= bytes.count && !cell.bytes.isEmpty)
        end = cell.bytes.upperBound
      }
    }
    #expect(found > 1_000)
  }

  // Each cell looked for the end of the line again: minutes for these.
  @Test func `tens of thousands of cells on one line are read as fast as they are many`() throws {
    let cells = (0..<60_000).map { "{\"cell_type\":\"code\",\"source\":\"x\($0)\"}" }.joined(separator: ",")
    let bytes = Array("{\"nbformat\":4,\"metadata\":{},\"cells\":[\(cells)]}".utf8)
    let read = NotebookText(bytes.span)
    let text = try #require(read)
    #expect(text.text.count == bytes.count)
    #expect(String(decoding: text.text, as: UTF8.self).contains("x59999"))
  }
}
