import Primitives

/// A file with a line, as compilers, tracebacks and people write it: `src/main.c:12:5`, `File "a.py", line 3`,
/// `Foo.java:10`, `a.cs:line 7`, `a.php(8)`, `a.rb on line 9`, `a.go#L4`, `a.c|7 col 3|`, `a.c @ 7`, `line 7 of a.c`,
/// `+7 a.c`, and in addresses (`file:///srv/a%20b.py:3`).
package struct PlaceReference: Hashable, Sendable {
  /// Lower-cased, with `/` between its components.
  package var path: String
  package var line: Int
  /// Whether only a file of that very name is meant.
  package var isBareName = false
  /// Whether it begins at the root of a machine, which may be another: then the last name alone tells something.
  package var isAbsolute = false
  package init(path: String, line: Int) {
    self.path = path
    self.line = line
  }

  /// More than these of a text are not searched for.
  private static let limit = 64
  static let longestPath = 1024
  /// As file systems have it.
  private static let longestName = 255

  /// The places that `text` names, each once, the likeliest first: the order of the text, and the other way round for
  /// tracebacks that print the last call last.
  package static func find(in text: String) -> [PlaceReference] { scan(text).places }

  /// The paths in `text`, as in places, behind which line 0 is written: there is none, but the file is named.
  package static func pathsOfLineZero(in text: String) -> [String] { scan(text).pathsOfLineZero }

  /// Both of them, in one pass.
  static func scan(_ text: String) -> (places: [PlaceReference], pathsOfLineZero: [String]) {
    let bytes = Array(text.utf8)
    let (found, pathsOfLineZero) = written(in: bytes)
    var places: [PlaceReference] = []
    for written in found where !places.contains(written.place) { places.append(written.place) }
    let isReversed = places.count > 1 && text.contains("most recent call last")
    return (isReversed ? places.reversed() : places, pathsOfLineZero)
  }

  /// A place, and the bytes in which a text names it.
  struct Written {
    var place: PlaceReference
    var range: Range<Int>
  }

  /// All of them, in the order of the text.
  static func written(in bytes: [UInt8]) -> (places: [Written], pathsOfLineZero: [String]) {
    var places: [Written] = []
    var pathsOfLineZero: [String] = []
    var i = 0
    var run = NameRun()
    // Where the piece of the text begins in which `i` is, between bytes that no path has.
    var piece = 0
    var seen = 0
    while i < bytes.count, places.count < limit {
      guard let end = pathEnd(bytes.span, at: i, &run) else {
        i += 1
        continue
      }
      while seen < i {
        if endsPath(bytes[seen]) { piece = seen + 1 }
        seen += 1
      }
      var start = max(piece, i - longestPath)
      if let quoted = quotedStart(bytes.span, of: start..<end) { start = quoted }
      let behind = number(bytes.span, behind: end)
      let before = behind == nil ? line(bytes.span, before: start) : nil
      if let line = behind?.line ?? before?.line {
        var path = plain(bytes[start..<end])
        let isAbsolute =
          path.first == "/" || path.dropFirst().hasPrefix(":/") || path.contains("://") || bytes[start] == 0x2F
        // From where one stands: what follows the dots is the end of the path.
        while let first = path.first, first == "/" || path.hasPrefix("./") || path.hasPrefix("../") {
          path = String(path.dropFirst(first == "/" ? 1 : path.hasPrefix("./") ? 2 : 3))
        }
        var place = PlaceReference(path: path, line: line)
        place.isAbsolute = isAbsolute
        // `.env` is a name, `.5` and `..` are none, and `.py` is the end of one.
        let isName =
          path.first != "." || path.utf8.dropFirst().first.map { $0.isASCIILetter } ?? false
        if start < end, isName, !path.isEmpty, !PathShape.isExtensionAlone(path) {
          if line == 0 {
            if pathsOfLineZero.count < limit { pathsOfLineZero.append(path) }
          } else {
            places.append(Written(place: place, range: (before?.start ?? start)..<(behind?.end ?? end)))
          }
        }
      }
      i = end
    }
    return (places, pathsOfLineZero)
  }

  /// Whether `text` is a file with a line and what programs write around them (`a.c|7 col 3|`, `line 7 of a.c`), and no
  /// more.
  static func isAll(of text: String) -> Bool {
    let tokens = text.split(separator: " ")
    if tokens.count == 1 { return true }
    return tokens.count <= longestPlaceInWords
      && tokens.count(where: { token in
        !placeWords.contains(token.lowercased()) && !token.utf8.allSatisfy { "0123456789+-,:|().@#".utf8.contains($0) }
      }) == 1
  }
  private static let longestPlaceInWords = 8
  private static let placeWords: Set = ["line", "lines", "on", "at", "of", "in", "file", "col", "column", "(line", "l"]

  /// Where a path begins that is quoted as tracebacks do it and has spaces in it: `File "my files/a.py", line 2`.
  /// Nil if it is none.
  private static func quotedStart(_ text: Span<UInt8>, of part: Range<Int>) -> Int? {
    guard part.upperBound < text.count, "\"'".utf8.contains(text[part.upperBound]) else { return nil }
    let quote = text[part.upperBound]
    var start = part.lowerBound
    while start > 0, part.upperBound - start < longestPath, text[start - 1] != quote {
      if text[start - 1] < 0x20 { return nil }
      start -= 1
    }
    let word = Array("file ".utf8)
    guard start > word.count, text[start - 1] == quote, start < part.lowerBound else { return nil }
    let first = start - 1 - word.count
    return word.indices.allSatisfy { text[first + $0].asciiLowercased == word[$0] } ? start : nil
  }

  /// Whether `text` is the path of this place.
  func isOf(_ text: String) -> Bool {
    Self.plain(Array(text.utf8)[...]).drop { $0 == "/" } == path
  }

  /// A path as places have it: lower-cased, with `/` between its components, and without the scheme of an address.
  private static func plain(_ path: ArraySlice<UInt8>) -> String {
    let own = FileAddress.path(of: path).map { $0[...] } ?? path
    let plain = String(String(decoding: own, as: UTF8.self).lowercased().map { $0 == "\\" ? "/" : $0 })
    return plain.hasPrefix("file:") || plain.hasPrefix("path:") ? String(plain.dropFirst(5)) : plain
  }

  /// The place that `text` names if there is a file of that very name, which has no extension:
  /// `condition_variable:158`.
  static func ofBareName(_ text: String) -> PlaceReference? {
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 1, colon <= longestName,
      bytes[..<colon].allSatisfy({ WordBytes.isOfWord($0) || "-+".utf8.contains($0) }),
      bytes[..<colon].contains(where: { $0 &- UInt8(ascii: "0") >= 10 }),
      let line = line(bytes.span, behind: colon)
    else { return nil }
    let rest = bytes[(colon + 1)...]
    guard rest.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 || ":-".utf8.contains($0) }) else { return nil }
    var place = PlaceReference(path: String(decoding: bytes[..<colon], as: UTF8.self).lowercased(), line: line)
    place.isBareName = true
    return place
  }

  /// `text` without the numbers behind paths that `find` reads, so that what is left of each is a path.
  package static func withoutLines(_ token: String) -> String {
    let bytes = Array(token.utf8)
    var run = NameRun()
    for i in bytes.indices {
      guard let end = pathEnd(bytes.span, at: i, &run), number(bytes.span, behind: end) != nil else { continue }
      return String(decoding: bytes[..<end], as: UTF8.self)
    }
    return token
  }

  /// The run of bytes of names in which a pass over a text is: each is looked at once, however many names begin in it.
  private struct NameRun {
    private var end = 0

    mutating func end(_ text: Span<UInt8>, from offset: Int) -> Int {
      end = max(end, offset)
      while end < text.count, WordBytes.isOfWord(text[end]) || "-.+@~".utf8.contains(text[end]) { end += 1 }
      return end
    }
  }

  /// Where a path ends whose extension, or whose name where it has none that is known, begins at `offset`.
  private static func pathEnd(_ text: Span<UInt8>, at offset: Int, _ run: inout NameRun) -> Int? {
    if text[offset] == UInt8(ascii: ".") {
      // `.env:3`
      if offset == 0 || endsPath(text[offset - 1]), let end = nameEnd(text, at: offset, &run) { return end }
      if let end = extensionEnd(text, at: offset) { return end }
      return offset > 0 && text[offset - 1] == UInt8(ascii: "/") ? nameEnd(text, at: offset, &run) : nil
    }
    if offset > 0, WordBytes.isOfWord(text[offset - 1]) || "-.".utf8.contains(text[offset - 1]) { return nil }
    return nameEnd(text, at: offset, &run)
  }

  /// The end of the name that begins at `offset`, if it is one of a directory's files, or a name that files without an
  /// extension have, and a number is written behind it: `config/routes:12`, `Makefile:3`.
  private static func nameEnd(_ text: Span<UInt8>, at offset: Int, _ run: inout NameRun) -> Int? {
    let end = min(run.end(text, from: offset), offset + longestName + 1)
    guard end > offset, text[offset] &- UInt8(ascii: "0") > 9, end + 1 < text.count, text[end] == UInt8(ascii: ":"),
      text[end + 1] &- UInt8(ascii: "0") < 10
    else { return nil }
    if isPlainName(text.extracting(offset..<end)) { return end }
    if text[offset] == UInt8(ascii: "."), offset == 0 || endsPath(text[offset - 1]) {
      return text[offset + 1].isASCIILetter ? end : nil
    }
    guard offset > 0, text[offset - 1] == UInt8(ascii: "/"), end - offset > 1 else { return nil }
    // Behind `//` there is a server.
    return offset > 1 && text[offset - 2] == UInt8(ascii: "/") ? nil : end
  }

  private static func isPlainName(_ name: Span<UInt8>) -> Bool {
    if name.count > 16 || name.count < 4 { return false }
    return plainNames.contains { name.isEqualIgnoringCase(to: $0) }
  }
  /// Names of files without an extension that is theirs alone, in small letters.
  private static let plainNames = [
    "makefile", "gnumakefile", "dockerfile", "containerfile", "rakefile", "gemfile", "vagrantfile", "jenkinsfile",
    "procfile", "brewfile", "podfile", "fastfile", "justfile", "snakefile", "kconfig", "kbuild", "build", "workspace",
    "readme", "license", "copying", "authors", "changelog", "news", "todo", "configure",
  ].map { Array($0.utf8) }

  /// Where the extension ends whose dot is at `dot`; nil if there is no extension of a source file.
  private static func extensionEnd(_ text: Span<UInt8>, at dot: Int) -> Int? {
    var end = dot + 1
    while end < text.count, end - dot <= 8, WordBytes.isOfWord(text[end]) { end += 1 }
    if end == dot + 1 || end - dot > 8 { return nil }
    let name = (dot + 1..<end).map { text[$0].asciiLowercased }
    if PathShape.isKnownExtension(String(decoding: name, as: UTF8.self)) { return end }
    // With a line behind it any other ending of a few letters is one too: whether there is such a file the index knows.
    return end - dot <= 4 && dot > 0 && WordBytes.isOfWord(text[dot - 1])
      && text[dot + 1].isASCIILetter
      && end + 1 < text.count && text[end] == UInt8(ascii: ":") && text[end + 1] &- UInt8(ascii: "0") < 10 ? end : nil
  }

  /// The number of the line that is written behind a path's end.
  static func line(_ text: Span<UInt8>, behind end: Int) -> Int? {
    number(text, behind: end).flatMap { $0.line > 0 ? $0.line : nil }
  }

  /// The same, or 0, which is the number of no line; and where it ends.
  private static func number(_ text: Span<UInt8>, behind end: Int) -> (line: Int, end: Int)? {
    var i = end
    func skip(_ written: StaticString) -> Bool {
      guard text.hasIgnoringCase(written, at: i) else { return false }
      i += written.utf8CodeUnitCount
      return true
    }
    func number() -> Int? {
      var value = 0
      let start = i
      while i < text.count, text[i] &- UInt8(ascii: "0") < 10 {
        value = appended(text[i], to: value)
        i += 1
      }
      return i > start ? value : nil
    }
    for beginning: StaticString in [
      ":line ", ":l", ":", "(", "#l", "#", "@l", "|", "\", line ", "', line ", ", line ", ", lines ", " on line ",
      " at line ",
      " line ", " lines ", " +", " l", " (line ", " @ ", " @", "&line=", "?line=", "#line=", "\":", "':", "`:",
    ] {
      i = end
      if skip(beginning), let line = number() { return (line, i) }
    }
    return nil
  }

  /// The number that is written before a path that begins at `start`: `line 350 of a.py`, `+350 a.py`; and where that
  /// begins.
  private static func line(_ text: Span<UInt8>, before start: Int) -> (line: Int, start: Int)? {
    var end = start
    func skip(_ written: StaticString) -> Bool {
      let start = end - written.utf8CodeUnitCount
      guard start >= 0, text.hasIgnoringCase(written, at: start) else { return false }
      end = start
      return true
    }
    func number() -> Int? {
      var first = end
      while first > 0, text[first - 1] &- UInt8(ascii: "0") < 10 { first -= 1 }
      var value = 0
      for i in first..<end { value = appended(text[i], to: value) }
      defer { end = first }
      return first < end && value > 0 ? value : nil
    }
    while end > 0, "\"'`".utf8.contains(text[end - 1]) { end -= 1 }
    let isInWords = skip(" of file ") || skip(" in file ") || skip(" of ") || skip(" in ") || skip(" from ")
    if !isInWords {
      guard skip(" "), let line = number(), skip("+") else { return nil }
      return end == 0 || text[end - 1] <= 0x20 ? (line, end) : nil
    }
    guard var line = number() else { return nil }
    // `lines 350-360 of a.py`
    if skip("-") {
      guard let first = number() else { return nil }
      line = first
    }
    return skip("line ") || skip("lines ") || skip("l.") || skip("l") && (end == 0 || text[end - 1] <= 0x20)
      ? (line, end) : nil
  }

  /// The number of a line that stands for all that are greater.
  private static let greatestLine = 999_999_999_999_999_999

  /// `value` with one more digit.
  private static func appended(_ digit: UInt8, to value: Int) -> Int {
    value > greatestLine / 10 ? greatestLine : value * 10 + Int(digit - UInt8(ascii: "0"))
  }

  /// What is true of a line behind the last of a file.
  package static func beyondEnd(_ line: Int, lineCount: Int) -> String {
    (line < greatestLine ? "there is no line \(line)" : "there is no line of so great a number")
      + ": the file has \(lineCount == 1 ? "1 line" : "\(lineCount) lines")"
  }

  private static func endsPath(_ byte: UInt8) -> Bool { byte <= 0x20 || "\"'`()[]<>{}=,;|*".utf8.contains(byte) }
}
