import Primitives

/// Tells code from prose in a file whose name says nothing: by how its lines end and begin. Careful: prose with an
/// example in it is prose.
enum CodeHeuristics {
  /// Whether most lines of the beginning look like code. One pass over a few kilobytes.
  static func isCode(_ content: Span<UInt8>) -> Bool {
    let head = FirstBytes(content, limit: 8_192).bytes
    var lineCount = 0
    var codeCount = 0
    var signCount = 0
    for line in head.split(separator: .newline).prefix(200) {
      var text = line
      while let first = text.first, first == .space || first == .tab { text.removeFirst() }
      while let last = text.last, last == .space || last == .tab || last == .carriageReturn { text.removeLast() }
      guard text.count > 1 else {
        // A bracket by itself.
        if let only = text.first, Self.brackets.contains(only) { signCount += 1 }
        continue
      }
      // Comments are of either.
      if Self.comments.contains(where: { text.starts(with: $0) }) { continue }
      lineCount += 1
      if isCode(text) { codeCount += 1 }
    }
    return lineCount >= 2 && (codeCount * 2 > lineCount || codeCount * 3 > lineCount && signCount >= 2)
  }

  private static func isCode(_ line: ArraySlice<UInt8>) -> Bool {
    guard let last = line.last else { return false }
    if last == UInt8(ascii: ";") || last == UInt8(ascii: "{") || last == UInt8(ascii: "}") || last == .backslash {
      return true
    }
    if words.contains(where: { line.starts(with: $0) }) {
      // `let us see`, `for a while`, `if you`: prose begins so too, but has no signs.
      return line.contains(where: signs.contains)
    }
    // `name = value`, `call(argument)`, `key := value`.
    var i = line.startIndex
    while i < line.endIndex, isName(line[i]) { i += 1 }
    guard i > line.startIndex, i < line.endIndex else { return false }
    if line[i] == UInt8(ascii: "(") { return last == UInt8(ascii: ")") || last == UInt8(ascii: ",") }
    while i < line.endIndex, line[i] == .space { i += 1 }
    guard i + 1 < line.endIndex else { return false }
    if line[i] == UInt8(ascii: "=") { return true }
    return line[i + 1] == UInt8(ascii: "=") && operators.contains(line[i])
  }

  private static func isName(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_") || byte == .dot || byte == UInt8(ascii: "$")
      || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
  }

  private static let brackets = ByteSet("{}()[];".utf8)
  private static let signs = ByteSet("(){}[]=;<>:".utf8)
  private static let operators = ByteSet(":+-*/|&?.<".utf8)
  private static let comments = ["//", "#", "/*", "*", "--", ";;", "%", "(*", "\"\"\""].map { Array($0.utf8) }
  private static let words = [
    "def ", "func ", "fn ", "function ", "fun ", "proc ", "sub ", "class ", "struct ", "enum ", "interface ", "trait ",
    "import ", "from ", "use ", "using ", "include ", "require ", "module ", "package ", "namespace ", "let ", "var ",
    "const ", "val ", "if ", "if(", "for ", "for(", "while ", "while(", "return ", "elif ", "else", "switch ", "match ",
    "case ", "public ", "private ", "static ", "int ", "void ", "char ", "float ", "double ", "bool ", "string ",
    "type ",
    "export ", "#include ", "#define ", "@", "<?", "local ", "begin", "end",
  ].map { Array($0.utf8) }
}
