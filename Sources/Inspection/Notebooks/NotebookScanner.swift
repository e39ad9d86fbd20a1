import Primitives

/// Reads the JSON of a notebook in one pass, without recursion, and writes `NotebookText` meanwhile. Strict where it
/// must be to know what is a string: whatever it cannot read ends it.
struct NotebookScanner: ~Escapable {
  /// Levels of objects and arrays; outputs of widgets have some dozens.
  private static let maximumDepth = 500

  private enum Key: UInt8 {
    case other, cells, worksheets, cellType, source, input, metadata, kernelspec, languageInfo, language, name, nbformat
  }

  private struct Level {
    var isArray: Bool
    /// Of the current member, in an object.
    var key = Key.other
  }

  private let content: Span<UInt8>
  private var offset = 0
  private var levels: [Level] = []
  private(set) var text: [UInt8] = []
  private(set) var cells: [NotebookText.Cell] = []
  private(set) var breaks: [Int] = []
  /// By what it was said; the language itself is surer than the kernel's name.
  private var languages: (own: String?, kernels: String?, name: String?) = (nil, nil, nil)
  private var hasCells = false
  private var hasFormat = false

  // The current cell.
  private var cellType: [UInt8] = []
  private var cellLanguage: String?
  private var cellStart = -1
  private var cellEnd = 0
  private var firstLine: [UInt8] = []
  private var isFirstLine = true

  /// Where the next source line may be written.
  private var written = 0
  /// Where the source line ends that was written last, or -1: its own line of the file may end there as well.
  private var pendingBreak = -1
  /// Where the line of the file that `offset` is on begins.
  private var lineStart = 0
  /// Where the line ends on which the last cell does.
  private var cellLineEnd = -1

  var languageName: String? { languages.own ?? languages.kernels ?? languages.name }

  @_lifetime(copy content)
  init(_ content: Span<UInt8>) { self.content = content }

  /// False if the content is no notebook.
  mutating func scan() -> Bool {
    text = [UInt8](repeating: .space, count: content.count)
    for i in content.indices where content[i] == .newline { text[i] = .newline }
    if content.count >= 3, content[0] == 0xEF, content[1] == 0xBB, content[2] == 0xBF { offset = 3 }
    guard scanDocument() else { return false }
    passBlanks()
    return offset == content.count && hasCells && hasFormat
  }

  private mutating func passBlanks() {
    while offset < content.count {
      switch content[offset] {
      case .space, .tab, .carriageReturn: offset += 1
      case .newline:
        offset += 1
        lineStart = offset
      default: return
      }
    }
  }

  private mutating func scanDocument() -> Bool {
    passBlanks()
    guard offset < content.count, content[offset] == UInt8(ascii: "{") else { return false }
    guard open(isArray: false) else { return false }
    var expectsMember = true
    while !levels.isEmpty {
      passBlanks()
      guard offset < content.count else { return false }
      let byte = content[offset]
      let isArray = levels[levels.count - 1].isArray
      if byte == (isArray ? UInt8(ascii: "]") : UInt8(ascii: "}")) {
        offset += 1
        close()
        expectsMember = false
        continue
      }
      if byte == UInt8(ascii: ",") {
        if expectsMember { return false }
        offset += 1
        expectsMember = true
        continue
      }
      guard expectsMember else { return false }
      expectsMember = false
      if !isArray {
        guard byte == UInt8(ascii: "\""), let key = passString() else { return false }
        levels[levels.count - 1].key = self.key(key)
        passBlanks()
        guard offset < content.count, content[offset] == UInt8(ascii: ":") else { return false }
        offset += 1
        passBlanks()
        guard offset < content.count else { return false }
      }
      let first = content[offset]
      switch first {
      case UInt8(ascii: "{"):
        guard open(isArray: false) else { return false }
        expectsMember = true
      case UInt8(ascii: "["):
        guard open(isArray: true) else { return false }
        expectsMember = true
      case UInt8(ascii: "\""):
        guard let string = passString() else { return false }
        take(string)
      default:
        guard passScalar() else { return false }
      }
    }
    return true
  }

  private mutating func open(isArray: Bool) -> Bool {
    offset += 1
    if levels.count >= Self.maximumDepth { return false }
    levels.append(Level(isArray: isArray))
    if isArray, levels.count == 2, levels[0].key == .cells { hasCells = true }
    if isArray, levels.count == 4, levels[0].key == .worksheets, levels[2].key == .cells { hasCells = true }
    if !isArray, isCell(levels.count) { beginCell() }
    return true
  }

  private mutating func close() {
    if !levels[levels.count - 1].isArray, isCell(levels.count) { endCell() }
    levels.removeLast()
  }

  /// Whether an object at this depth is a cell: of `cells`, or of `worksheets[].cells`.
  private func isCell(_ depth: Int) -> Bool {
    if depth == 3 { return levels[0].key == .cells && levels[1].isArray }
    return depth == 5 && levels[0].key == .worksheets && levels[1].isArray && levels[2].key == .cells
      && levels[3].isArray
  }

  /// The raw bytes of the string that begins at `offset`, without its quotes; nil if it does not end. A line break in
  /// it is an error in JSON.
  private mutating func passString() -> Range<Int>? {
    let start = offset + 1
    var end = start
    while end < content.count {
      let byte = content[end]
      if byte == UInt8(ascii: "\"") {
        offset = end + 1
        return start..<end
      }
      if byte == .newline { return nil }
      if byte == .backslash, end + 1 < content.count, content[end + 1] == .newline { return nil }
      end += byte == .backslash ? 2 : 1
    }
    return nil
  }

  /// A number, `true`, `false` or `null`.
  private mutating func passScalar() -> Bool {
    let start = offset
    while offset < content.count {
      let byte = content[offset]
      let isPart =
        byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        || byte == .dot
      if !isPart { break }
      offset += 1
    }
    if levels.count == 1, levels[0].key == .nbformat { hasFormat = true }
    return offset > start
  }

  private func key(_ range: Range<Int>) -> Key {
    // No known key has fewer letters or more.
    guard range.count >= 4, range.count <= 13, levels.count <= 5 else { return .other }
    for (name, key) in Self.keys where range.count == name.count {
      var i = 0
      while i < name.count, content[range.lowerBound + i] == name[i] { i += 1 }
      if i == name.count { return key }
    }
    return .other
  }

  private static let keys: [(name: [UInt8], key: Key)] = {
    let keys: [(String, Key)] = [
      ("cells", .cells), ("worksheets", .worksheets), ("cell_type", .cellType), ("source", .source), ("input", .input),
      ("metadata", .metadata), ("kernelspec", .kernelspec), ("language_info", .languageInfo), ("language", .language),
      ("name", .name), ("nbformat", .nbformat),
    ]
    return keys.map { (Array($0.0.utf8), $0.1) }
  }()

  // MARK: What is wanted

  private mutating func take(_ string: Range<Int>) {
    let depth = levels.count
    let key = levels[depth - 1].key
    if levels[0].key == .metadata {
      takeMetadata(string, depth, key)
      return
    }
    if isCell(depth) {
      switch key {
      case .cellType: cellType = decoded(string)
      case .language: cellLanguage = String(decoding: decoded(string), as: UTF8.self)
      case .source, .input: addSource(string, of: key)
      default: break
      }
    } else if levels[depth - 1].isArray, depth > 1, isCell(depth - 1) {
      let key = levels[depth - 2].key
      if key == .source || key == .input { addSource(string, of: key) }
    }
  }

  private mutating func takeMetadata(_ string: Range<Int>, _ depth: Int, _ key: Key) {
    guard depth == 2 || depth == 3, key == .language || key == .name else { return }
    let value = String(decoding: decoded(string), as: UTF8.self)
    switch (depth == 3 ? levels[1].key : .other, key) {
    case (.languageInfo, .name): languages.own = value
    case (.kernelspec, .language): languages.kernels = value
    case (.kernelspec, .name): languages.name = value
    case (.other, .language) where depth == 2: languages.kernels = languages.kernels ?? value
    default: break
    }
  }

  private mutating func beginCell() {
    cellType = []
    cellLanguage = nil
    cellStart = -1
    firstLine = []
    isFirstLine = true
    // Cells never share a line.
    if pendingBreak < 0, written > lineStart { pendingBreak = written }
  }

  private mutating func endCell() {
    guard cellStart >= 0 else { return }
    let isCode = cellType.elementsEqual("code".utf8)
    var language = isCode ? cellLanguage : nil
    if isCode, firstLine.starts(with: "%%".utf8) {
      let word = firstLine.dropFirst(2).prefix { $0.isASCIILetter || $0.isASCIIDigit }
      language = String(decoding: word, as: UTF8.self)
      if let name = language, NotebookText.language(named: name) == nil { language = nil }
    }
    // To the end of the line of the file, with its break: searched for once, however many cells are on the line.
    if cellLineEnd < cellEnd {
      cellLineEnd = cellEnd
      while cellLineEnd < content.count, content[cellLineEnd] != .newline { cellLineEnd += 1 }
    }
    let end = cellLineEnd
    var bytes = cellStart..<min(content.count, end + 1)
    // Where another cell stands on the same line, no further than this one.
    if let last = cells.last, last.bytes.upperBound > bytes.lowerBound {
      cells[cells.count - 1].bytes = last.bytes.lowerBound..<bytes.lowerBound
      if cells[cells.count - 1].bytes.isEmpty { cells.removeLast() }
    }
    if bytes.isEmpty { bytes = cellStart..<(cellStart + 1) }
    cells.append(NotebookText.Cell(bytes: bytes, isCode: isCode, language: language))
  }

  /// Writes one string of a source: a line with its break, or all lines in one.
  private mutating func addSource(_ string: Range<Int>, of key: Key) {
    var start = max(lineStart, written)
    // What came before it on this line of the file ended a line.
    if pendingBreak >= lineStart, pendingBreak >= 0 {
      breaks.append(pendingBreak)
      start = max(start, pendingBreak + 1)
    }
    pendingBreak = -1
    let first = start
    var isAtBreak = false
    var position = string.lowerBound
    while position < string.upperBound {
      let byte = content[position]
      if byte != .backslash {
        write(byte, &start)
        position += 1
        continue
      }
      let (scalar, next) = escape(at: position, before: string.upperBound)
      position = next
      if scalar == "\n" {
        // At the end of the line of the file its own break is enough.
        isAtBreak = position == string.upperBound
        if !isAtBreak { lineBreak(&start) }
      } else {
        for byte in String(Character(scalar.value < 0x20 && scalar.value != 9 ? " " : scalar)).utf8 {
          write(byte, &start)
        }
      }
    }
    if isAtBreak {
      isFirstLine = false
      pendingBreak = start
    }
    if start > first || isAtBreak {
      if cellStart < 0 { cellStart = first }
      cellEnd = max(start, first)
    }
    written = start
  }

  private mutating func write(_ byte: UInt8, _ start: inout Int) {
    text[start] = byte
    start += 1
    if isFirstLine, firstLine.count < 64 { firstLine.append(byte) }
  }

  private mutating func lineBreak(_ start: inout Int) {
    breaks.append(start)
    start += 1
    isFirstLine = false
  }

  /// What the escape at `position` stands for, and where it ends. What it cannot stand for is U+FFFD.
  private func escape(at position: Int, before end: Int) -> (Unicode.Scalar, Int) {
    guard position + 1 < end else { return (" ", end) }
    switch content[position + 1] {
    case UInt8(ascii: "n"): return ("\n", position + 2)
    case UInt8(ascii: "t"): return ("\t", position + 2)
    case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): return (" ", position + 2)
    case UInt8(ascii: "u"):
      guard let first = unit(at: position + 2, before: end) else { return ("?", position + 2) }
      let next = position + 6
      if first & 0xFC00 == 0xD800, next + 1 < end, content[next] == .backslash, content[next + 1] == UInt8(ascii: "u"),
        let second = unit(at: next + 2, before: end), second & 0xFC00 == 0xDC00
      {
        return (Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF) ?? "?", next + 6)
      }
      return (Unicode.Scalar(first) ?? "?", next)
    case let byte: return (Unicode.Scalar(byte), position + 2)
    }
  }

  private func unit(at position: Int, before end: Int) -> UInt32? {
    guard position + 4 <= end else { return nil }
    var value: UInt32 = 0
    for i in 0..<4 {
      let byte = content[position + i]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// A short string as it is meant.
  private func decoded(_ string: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = string.lowerBound
    while position < string.upperBound, bytes.count < 64 {
      if content[position] == .backslash {
        let (scalar, next) = escape(at: position, before: string.upperBound)
        bytes += String(Character(scalar)).utf8
        position = next
      } else {
        bytes.append(content[position])
        position += 1
      }
    }
    return bytes
  }
}
