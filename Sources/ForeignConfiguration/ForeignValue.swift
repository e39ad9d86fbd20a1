/// One setting of another program's configuration file.
struct ForeignValue: Hashable, Sendable {
  /// Its names from the outermost, joined by dots, as the file writes them.
  var key: String
  /// The elements of a list; one for anything else, none where the file leaves the value out.
  var texts: [String]
  /// From 1.
  var line: Int

  /// The value, where there is exactly one. `${NAME:-VALUE}`, LeIndex's way to take a value from the environment, is
  /// VALUE.
  var text: String? {
    guard texts.count == 1 else { return nil }
    return Self.fallback(of: texts[0]) ?? texts[0]
  }
  /// The variable that the program would have read first.
  var variable: String? {
    guard texts.count == 1, Self.fallback(of: texts[0]) != nil, let end = texts[0].range(of: ":-") else { return nil }
    return String(texts[0][..<end.lowerBound].dropFirst(2))
  }
  var isEmpty: Bool { texts.allSatisfy(\.isEmpty) }

  var boolean: Bool? {
    switch text?.lowercased() {
    case "true", "yes", "on", "1": true
    case "false", "no", "off", "0": false
    default: nil
    }
  }
  var number: Double? { text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }
  /// A number without a fraction, also where it is written with one: `16384.0`.
  var integer: Int? {
    guard let number, number.rounded() == number, abs(number) < 1e15 else { return nil }
    return Int(number)
  }

  private static func fallback(of text: String) -> String? {
    guard text.hasPrefix("${"), text.hasSuffix("}"), let begin = text.range(of: ":-") else { return nil }
    return String(text[begin.upperBound...].dropLast())
  }
}

extension String {
  /// The first index of `part`, by bytes; the standard library alone has no such search for strings.
  fileprivate func range(of part: String) -> Range<String.Index>? {
    let bytes = Array(part.utf8)
    var start = utf8.startIndex
    while let end = utf8.index(start, offsetBy: bytes.count, limitedBy: utf8.endIndex) {
      if utf8[start..<end].elementsEqual(bytes) { return start..<end }
      guard start < utf8.endIndex else { break }
      start = utf8.index(after: start)
    }
    return nil
  }
}
