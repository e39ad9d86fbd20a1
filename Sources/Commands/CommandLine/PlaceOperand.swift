/// A file and a line as somebody types or pastes them: `main.c:12`, `main.c:12:5:`, `main.c:12-20`, `main.c(12,5)`, `main.c#L12`,
/// `File "main.py", line 12`, `main.php on line 12`. Paths are bytes, which need not be UTF-8.
package struct PlaceOperand: Equatable {
  package var path: [UInt8]
  /// From 1.
  package var line: Int

  package init(path: [UInt8], line: Int) { (self.path, self.line) = (path, line) }

  /// What `operand` may mean, the likeliest first: in `a:3:7` the 7 is a column, unless a file is called `a:3`. Empty where it names
  /// no line.
  package static func readings(of operand: [UInt8]) -> [PlaceOperand] {
    var text = operand[...]
    while let last = text.last, last <= 0x20 || last == UInt8(ascii: ":") || last == UInt8(ascii: ",") {
      text = text.dropLast()
    }
    while let first = text.first, first <= 0x20 { text = text.dropFirst() }
    if text.starts(with: "file://".utf8) { text = text.dropFirst(7) }
    for (before, after) in [
      ("\", line ", ""), ("', line ", ""), (", line ", ""), (" on line ", ""), (":line ", ""), (" line ", ""),
      ("#L", ""),
      ("(", ")"),
    ] {
      if let place = place(in: text, before: before, after: after) { return [place] }
    }
    guard let (rest, last) = number(behindColonOf: text) else { return [] }
    guard let (path, line) = number(behindColonOf: rest) else { return [PlaceOperand(path: Array(rest), line: last)] }
    return [PlaceOperand(path: Array(path), line: line), PlaceOperand(path: Array(rest), line: last)]
  }

  /// `PATH` + `before` + line, a column or a last line perhaps, + `after`.
  private static func place(in text: ArraySlice<UInt8>, before: String, after: String) -> PlaceOperand? {
    guard text.reversed().starts(with: after.utf8.reversed()) else { return nil }
    let body = text.dropLast(after.utf8.count)
    let mark = Array(before.utf8)
    guard let start = body.indices.last(where: { body[$0...].starts(with: mark) }) else { return nil }
    var path = body[..<start]
    var lines = body[(start + mark.count)...]
    // Behind a traceback's line stands the function's name: `, in main`.
    if before.hasSuffix("line "), let end = lines.firstIndex(where: { $0 &- UInt8(ascii: "0") > 9 }) {
      lines = lines[..<end]
    }
    guard let line = firstNumber(lines) else { return nil }
    for beginning in ["File \"", "File '", "in ", "at ", "\"", "'"] where path.starts(with: beginning.utf8) {
      path = path.dropFirst(beginning.utf8.count)
      break
    }
    return path.isEmpty ? nil : PlaceOperand(path: Array(path), line: line)
  }

  /// The path before the last colon, and the number behind it.
  private static func number(behindColonOf text: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Int)? {
    guard let colon = text.lastIndex(of: UInt8(ascii: ":")), colon > text.startIndex,
      let number = firstNumber(text[(colon + 1)...])
    else { return nil }
    return (text[..<colon], number)
  }

  /// The first of numbers with `-`, `,`, `:`, `.`, `L` or `C` between them; nothing where there is anything else, or 0.
  private static func firstNumber(_ text: ArraySlice<UInt8>) -> Int? {
    guard let first = text.first, first &- UInt8(ascii: "0") < 10,
      text.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 || "-,:.LC".utf8.contains($0) })
    else { return nil }
    let digits = text.prefix { $0 &- UInt8(ascii: "0") < 10 }
    guard let number = Int(String(decoding: digits, as: UTF8.self)), number > 0 else { return nil }
    return number
  }
}
