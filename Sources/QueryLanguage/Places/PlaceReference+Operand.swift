import Primitives

extension PlaceReference {
  /// A file's path as it is written, in bytes that need not be UTF-8, and a line, from 1.
  package struct Reading: Hashable, Sendable {
    package var path: [UInt8]
    package var line: Int
    package init(path: [UInt8], line: Int) { (self.path, self.line) = (path, line) }
  }

  /// What a text that is a place and nothing else may mean, the likeliest first: all that stands before the line is the
  /// path, whatever it looks like, so in `a:3:7` the 7 is a column, unless a file is called `a:3`. What `find` sees in
  /// the text comes last. Empty where it names no line.
  ///
  /// Nothing that may be of a file's name is taken off unless it is seen what it is: a quotation mark is where its
  /// other half stands behind the path, blanks are where what a traceback writes follows them. A control character is
  /// of the name.
  package static func readings(of operand: [UInt8]) -> [Reading] {
    var text = operand[...]
    while let last = text.last, isBlank(last) || last == UInt8(ascii: ":") || last == UInt8(ascii: ",") {
      text = text.dropLast()
    }
    let blanks = text.prefix(while: isBlank)
    let isOfTraceback = tracebackBeginnings.contains { text[blanks.endIndex...].starts(with: $0.utf8) }
    if isOfTraceback { text = text[blanks.endIndex...] }
    // Of the address of a page nothing but its end is a path here, which `find` sees.
    let bytes = FileAddress.path(of: text).flatMap { $0.first == UInt8(ascii: "/") ? $0 : nil } ?? Array(text)
    var readings: [Reading] = []
    // In `idea://open?file=/srv/a.c&line=3` the path is a part of what stands before the line.
    let isAddress = bytes.span.contains(Array("://".utf8).span)
    for end in isAddress ? [] : Array(bytes.indices.dropFirst()) {
      guard let line = line(bytes.span, behind: end), isAll(bytes, behind: end) else { continue }
      let path = withoutBeginning(bytes[..<end], before: bytes[end...])
      // Of `a.c:0:3` the 3 is a column: there is no line 0.
      if path.isEmpty || path.suffix(2).elementsEqual(":0".utf8) { continue }
      let typed = (isOfTraceback ? Array(blanks) : []) + bytes[..<end]
      for path in [path, typed] where !readings.contains(Reading(path: path, line: line)) {
        readings.append(Reading(path: path, line: line))
      }
    }
    let seen = Self.written(in: bytes).places
    let isReversed = bytes.span.contains(Array("most recent call last".utf8).span)
    for seen in isReversed ? seen.reversed() : seen {
      let path = written(seen.place.path, in: bytes)
      let reading = Reading(path: path.bytes, line: seen.place.line)
      if isBetween(path.range, seen.range, in: bytes), !readings.contains(reading) { readings.append(reading) }
    }
    return readings
  }

  /// Whether what stands around a path in `range`, which `find` saw, is none of its name: no control character, no
  /// blanks alone, no half of a pair of quotation marks or brackets; and no letter behind the number of its line, which
  /// ends at the end of `place`.
  private static func isBetween(_ range: Range<Int>, _ place: Range<Int>, in text: [UInt8]) -> Bool {
    let before = text[..<range.lowerBound]
    if before.contains(where: { $0 < 0x20 && !isBlank($0) }) { return false }
    if !before.isEmpty, before.allSatisfy(isBlank) { return false }
    if place.upperBound < text.count, WordBytes.isOfWord(text[place.upperBound]) { return false }
    guard let last = before.last, let other = closing[last] else { return true }
    return text[range.upperBound...].contains(other)
  }

  private static let closing: [UInt8: UInt8] = Dictionary(
    uniqueKeysWithValues: ["\"\"", "''", "``", "()", "[]", "<>", "{}"].map { pair in
      let bytes = Array(pair.utf8)
      return (bytes[0], bytes[1])
    })

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  /// Whether the number of the line that stands behind `end` is followed by nothing but what may follow one: a column,
  /// a last line, a closing bracket, and behind the word `line` the rest of a traceback's line.
  private static func isAll(_ text: [UInt8], behind end: Int) -> Bool {
    let isDigit = { (byte: UInt8) in byte &- UInt8(ascii: "0") < 10 }
    guard let first = text[end...].firstIndex(where: isDigit) else { return false }
    let mark = text[end..<first]
    var rest = text[first...].drop(while: isDigit)
    if mark.last == UInt8(ascii: " ") { return rest.first.map { !isDigit($0) } ?? true }
    if mark.last == UInt8(ascii: "("), rest.last != UInt8(ascii: ")") { return false }
    if mark.last == UInt8(ascii: "|"), rest.starts(with: Array(" col ".utf8)) { rest = rest.dropFirst(5) }
    return rest.allSatisfy { isDigit($0) || "-,:.LC)|".utf8.contains($0) }
  }

  /// What tracebacks write before a path.
  private static let tracebackBeginnings = ["File \"", "File '", "in ", "at "]
  /// And what people do.
  private static let beginnings = tracebackBeginnings + ["\"", "'", "`"]

  /// The same is taken off; a quotation mark where its other half stands in `rest`, behind the path.
  private static func withoutBeginning(_ path: ArraySlice<UInt8>, before rest: ArraySlice<UInt8>) -> [UInt8] {
    for beginning in beginnings where path.starts(with: beginning.utf8) {
      guard let mark = beginning.utf8.last, mark == UInt8(ascii: " ") || rest.contains(mark) else { continue }
      return Array(path.dropFirst(beginning.utf8.count))
    }
    return Array(path)
  }

  /// The path as it stands in `text`, with the `/`, `./` or `../` before it; as places have it where it is written in
  /// another way there.
  package func written(in text: [UInt8]) -> String {
    if let range = Self.range(of: path, in: text) { return String(decoding: text[range], as: UTF8.self) }
    // Letters beyond ASCII have small forms of other lengths.
    let tokens = text.split(whereSeparator: { $0 <= 0x20 || "\"'`()".utf8.contains($0) }).lazy
      .map { Self.withoutLines(String(decoding: $0, as: UTF8.self)) }
    return tokens.first { $0.lowercased().hasSuffix(path) } ?? path
  }

  /// `path`, which `find` saw in `text`, in the case in which it stands there and with the `/`, `./` or `../` before
  /// it.
  private static func written(_ path: String, in text: [UInt8]) -> (bytes: [UInt8], range: Range<Int>) {
    guard let range = range(of: path, in: text) else { return (Array(path.utf8), 0..<0) }
    return (text[range].map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, range)
  }

  /// Where `path`, lower-cased and with `/` between its components, stands in `text`, with the `/`, `./` or `../`
  /// before it.
  static func range(of path: String, in text: [UInt8]) -> Range<Int>? {
    let wanted = Array(path.utf8)
    let plain = text.map {
      $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0.asciiLowercased
    }
    guard wanted.count <= plain.count,
      let start = (0...(plain.count - wanted.count)).first(where: {
        plain[$0..<($0 + wanted.count)].elementsEqual(wanted)
      })
    else { return nil }
    var first = start
    while first > 0, plain[first - 1] == UInt8(ascii: "/") || plain[first - 1] == UInt8(ascii: ".") { first -= 1 }
    return first..<(start + wanted.count)
  }
}
