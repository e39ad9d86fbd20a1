package import Primitives

/// A notebook of Jupyter (nbformat 3 and 4) as a text of its cells' sources, of the same length as the file and with
/// the same line breaks: every source line stands where the line of the file that holds it begins, and all else
/// (outputs, pictures, metadata, the JSON around) is blank. So an offset in the text is an offset in the file, for all
/// that cuts, shows or finds it again.
///
/// A source line that ends inside a line of the file, as in notebooks written without line breaks, ends with a blank in
/// the text; `breaks` has these.
package struct NotebookText: Sendable {
  package struct Cell: Hashable, Sendable {
    /// From the beginning of its first source line to the end of its last, with the line break.
    package var bytes: Range<Int>
    package var isCode: Bool
    /// In place of the kernel's, as a cell magic or the cell itself says.
    package var language: String?
  }

  package private(set) var text: [UInt8]
  /// In the order of the text; none is empty.
  package private(set) var cells: [Cell]
  /// Where a source line ends inside a line of the file, ascending.
  package private(set) var breaks: [Int]
  /// What the notebook calls the language of its code.
  package private(set) var languageName: String?

  /// Whether the file's name says that it is one.
  package static func isNotebook(_ path: FilePath) -> Bool { isNotebook(path.bytes.span) }

  /// The same of a path as bytes.
  package static func isNotebook(_ path: Span<UInt8>) -> Bool {
    path.count > 6 && ".ipynb".utf8.enumerated().allSatisfy { path[path.count - 6 + $0] == $1 }
  }

  /// Returns nil if the content is no notebook that can be read: broken JSON, nesting too deep, no cells. One pass;
  /// memory of about the content's size.
  package init?(_ content: Span<UInt8>) {
    var scanner = NotebookScanner(content)
    guard scanner.scan() else { return nil }
    text = scanner.text
    cells = scanner.cells
    breaks = scanner.breaks
    languageName = scanner.languageName
  }

  /// The language of the code: the kernel's, or Python where the notebook names none. Plain text for one that we do not
  /// know.
  package var language: Language {
    guard let languageName else { return Language.named("python") ?? .plainText }
    return Self.language(named: languageName) ?? .plainText
  }

  /// The language that kernels and magics call `name`: `python3`, `ir`, `xcpp17`, `.net-csharp`, `julia-1.9`.
  static func language(named name: String) -> Language? {
    var word = name.lowercased()
    if let known = kernels[word] { word = known }
    for prefix in [".net-", "x", "i"] where Language.named(word) == nil && word.hasPrefix(prefix) {
      let rest = String(word.dropFirst(prefix.count))
      if Language.named(String(rest.prefix { !$0.isNumber && $0 != "-" && $0 != " " })) != nil { word = rest }
    }
    if let language = Language.named(word) { return language }
    let bare = String(word.prefix { !$0.isNumber && $0 != "-" && $0 != " " && $0 != "_" })
    return bare.isEmpty ? nil : Language.named(kernels[bare] ?? bare)
  }

  private static let kernels = [
    "ir": "r", "ipython": "python", "sagemath": "python", "sage": "python", "pyspark": "python", "conda": "python",
    "deno": "typescript", "tslab": "typescript", "ijava": "java", "gophernotes": "go", "gonb": "go", "evcxr": "rust",
    "cling": "cpp", "almond": "scala", "spark": "scala", "sparkr": "r", "fsharp": "fsharp", "shell": "bash",
    "sh": "bash",
    "js": "javascript", "node": "javascript", "html": "html", "svg": "xml", "latex": "latex", "perl": "perl",
  ]

  /// The parts of the text in languages of their own: the cells without the lines that only the notebook understands
  /// (`%matplotlib`, `!pip install`), markdown as such.
  package var regions: [(bytes: Range<Int>, language: Language)] {
    var regions: [(bytes: Range<Int>, language: Language)] = []
    let kernel = language
    let markdown = Language.named("markdown") ?? .plainText
    for cell in cells {
      guard cell.isCode else {
        regions.append((cell.bytes, markdown))
        continue
      }
      let own = cell.language.flatMap(Self.language(named:)) ?? kernel
      let hasMagic = own.name == "python" || own.name == "r" || own.name == "julia" || cell.language != nil
      var start = cell.bytes.lowerBound
      var line = start
      while hasMagic, line < cell.bytes.upperBound {
        let end = lineEnd(line, cell.bytes.upperBound)
        if isMagic(line) {
          if line > start { regions.append((start..<line, own)) }
          start = end
        }
        line = end
      }
      if cell.bytes.upperBound > start { regions.append((start..<cell.bytes.upperBound, own)) }
    }
    return regions
  }

  private func lineEnd(_ start: Int, _ limit: Int) -> Int {
    var end = start
    while end < limit, text[end] != .newline, !isBreak(end) { end += 1 }
    return min(limit, end + 1)
  }

  private func isBreak(_ offset: Int) -> Bool {
    if breaks.isEmpty { return false }
    var low = 0
    var high = breaks.count
    while low < high {
      let middle = (low + high) / 2
      if breaks[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low < breaks.count && breaks[low] == offset
  }

  private func isMagic(_ start: Int) -> Bool {
    var offset = start
    while offset < text.count, text[offset] == .space || text[offset] == .tab { offset += 1 }
    guard offset < text.count else { return false }
    return text[offset] == UInt8(ascii: "!")
      || text[offset] == UInt8(ascii: "%") && offset + 1 < text.count
        && (text[offset + 1] == UInt8(ascii: "%") || text[offset + 1].isASCIILetter)
  }

  /// The lines that are worth a chunk: runs of cells with few lines between them, in the order of the text.
  package var spans: [Range<Int>] {
    var spans: [Range<Int>] = []
    for cell in cells {
      if let last = spans.last, lineCount(last.upperBound..<cell.bytes.lowerBound) <= Self.mostLinesBetween {
        spans[spans.count - 1] = last.lowerBound..<cell.bytes.upperBound
      } else {
        spans.append(cell.bytes)
      }
    }
    return spans
  }

  /// What an editor puts between two cells without outputs, and some more.
  private static let mostLinesBetween = 16

  private func lineCount(_ range: Range<Int>) -> Int {
    text[range].reduce(0) { $0 + ($1 == .newline ? 1 : 0) }
  }
}
