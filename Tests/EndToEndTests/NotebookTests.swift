import Primitives
import TestSupport
import Testing

/// Notebooks by their cells.
@Suite struct NotebookTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  private static let notebook = """
    {
     "cells": [
      {
       "cell_type": "markdown",
       "metadata": {},
       "source": [
        "# Fit a frame\\n"
       ]
      },
      {
       "cell_type": "code",
       "execution_count": 1,
       "metadata": {},
       "outputs": [
        {
         "data": {
          "image/png": "\(String(repeating: "iVBORw0KGgoAAAANSUhEUgAA", count: 1_500))",
          "text/plain": [
           "outputword\\n"
          ]
         }
        }
       ],
       "source": [
        "%matplotlib inline\\n",
        "def train_model(frame):\\n",
        "    \\"\\"\\"Fits \\u00fcber a frame.\\"\\"\\"\\n",
        "    return fit(frame)\\n"
       ]
      }
     ],
     "metadata": {
      "kernelspec": {
       "language": "python",
       "name": "python3"
      }
     },
     "nbformat": 4,
     "nbformat_minor": 5
    }

    """

  @Test func `a cell's function is found in its language, on its line, as its source reads`() throws {
    try cairn.write("a.ipynb", Self.notebook)
    let result = try #require(
      try cairn.run("search", "--json", "-C", "all", "train_model kind:function lang:python").objects("result").first)
    #expect(result["path"] as? String == "a.ipynb" && result["language"] as? String == "python")
    let symbols = try #require(result["symbols"] as? [[String: Any]])
    #expect(symbols.contains { $0["name"] as? String == "train_model" && $0["line"] as? Int == 26 })
    let snippet = try #require(result["snippet"] as? [String])
    #expect(snippet.contains("def train_model(frame):") && snippet.contains("    \"\"\"Fits über a frame.\"\"\""))
    let first = try #require(result["snippet_start_line"] as? Int)
    let line = Self.notebook.split(separator: "\n", omittingEmptySubsequences: false)[25]
    #expect(line.contains("def train_model") && snippet[26 - first] == "def train_model(frame):")
    #expect(try cairn.run("search", "--json", "Fit a frame kind:section").objects("result").count == 1)
  }

  @Test func `outputs are no text, and what was edited is found again`() throws {
    try cairn.write("a.ipynb", Self.notebook)
    #expect(try cairn.run("search", "\"outputword\"").code == 1)
    _ = try cairn.run("index")
    // Lines above move what stands below, without an update of the index.
    try cairn.write("a.ipynb", "\n\n" + Self.notebook)
    let moved = try #require(
      try cairn.run("search", "--no-update", "--json", "train_model").objects("result").first)
    #expect(moved["moved"] as? Bool == true)
    try cairn.write("a.ipynb", Self.notebook.replacing("train_model", with: "teach_model"))
    #expect(try cairn.run("search", "-l", "teach_model kind:function").outputLines == ["a.ipynb"])
    #expect(try cairn.run("search", "train_model").errorText.contains("no indexed file holds the name train_model"))
  }

  @Test func `broken JSON is text, and an empty notebook is empty`() throws {
    try cairn.write("broken.ipynb", Self.notebook.replacing("\"nbformat\": 4,", with: "<<<<<<< HEAD"))
    try cairn.write("none.ipynb", "{\"cells\": [], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}\n")
    let report = try #require(try cairn.run("index", "--json").objects("report").first)
    #expect(report["files_indexed"] as? Int == 1)
    #expect((report["skipped"] as? [String: Int])?["empty"] == 1)
    #expect(try cairn.run("search", "-l", "train_model").outputLines == ["broken.ipynb"])
  }
}
