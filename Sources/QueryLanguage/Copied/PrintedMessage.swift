import Primitives

/// What a program printed without what only one run of it knows: the places, which are of the caller's files, and the
/// class of what went wrong. What is left stands in the source as it is written. Pure functions over text.
enum PrintedMessage {
  /// `text` without `places` and the words with which programs put them there: `no such key at foo.pl line 3, <STDIN>
  /// line 2.`, `main.py:3: no such key`, `no such key (main.py:3)`, `File "main.py", line 3, in <module>`.
  static func text(_ text: String, without places: [Range<Int>]) -> String {
    let bytes = Array(text.utf8)
    var kept: [UInt8] = []
    var next = 0
    for place in places where place.lowerBound >= next {
      let start = beginning(bytes, of: place.lowerBound, from: next)
      kept += bytes[next..<start]
      kept.append(0x20)
      next = end(bytes, of: place.upperBound)
    }
    kept += bytes[next...]
    return String(decoding: kept, as: UTF8.self)
  }

  /// Where begins what is written before a place.
  private static func beginning(_ text: [UInt8], of offset: Int, from least: Int) -> Int {
    var start = offset
    func skipSigns() {
      while start > least, "\"'`([<".utf8.contains(text[start - 1]) { start -= 1 }
    }
    skipSigns()
    for _ in 0..<longestIntroduction {
      var end = start
      while end > least, text[end - 1] <= 0x20 { end -= 1 }
      var first = end
      while first > least, text[first - 1] > 0x20, !"([".utf8.contains(text[first - 1]) { first -= 1 }
      guard end < start, introductions.contains(String(decoding: text[first..<end], as: UTF8.self).lowercased())
      else { break }
      start = first
      skipSigns()
    }
    return start
  }
  private static let longestIntroduction = 3
  private static let introductions: Set = ["at", "in", "on", "of", "from", "file", "near", "see", "-->"]

  /// Where ends what is written behind a place: columns, last lines, closing signs, the function, what Perl was
  /// reading.
  private static func end(_ text: [UInt8], of offset: Int) -> Int {
    var end = offset
    func isDigit(_ i: Int) -> Bool { i < text.count && text[i] &- UInt8(ascii: "0") < 10 }
    func skip(_ written: String) -> Bool {
      guard text[end...].starts(with: written.utf8) else { return false }
      end += written.utf8.count
      return true
    }
    while end + 1 < text.count, ":-,.".utf8.contains(text[end]), isDigit(end + 1) {
      end += 1
      while isDigit(end) { end += 1 }
    }
    while end < text.count, "\"'`)]>|".utf8.contains(text[end]) { end += 1 }
    if skip(", <") {
      // `, <STDIN> line 2`
      while end < text.count, text[end] > 0x20 { end += 1 }
      if skip(" line ") || skip(" chunk ") { while isDigit(end) { end += 1 } }
    } else if skip(", in ") || skip(":in ") {
      // `, in <module>`, ":in `save'"
      while end < text.count, text[end] > 0x20 { end += 1 }
    }
    while end < text.count, ".:,;".utf8.contains(text[end]) { end += 1 }
    return end
  }

  /// The class of what went wrong that is printed before a message (`ValueError: `, `panic: `, `Exception in thread
  /// "main" a.b.C: `) or in parentheses behind it, by its own name, and the message. No class and all of the text where
  /// hardly a word would be left.
  static func parts(of text: String) -> (head: String, message: String) {
    let tokens = text.split(separator: " ").map(String.init)
    let first = headCount(of: tokens)
    var last = tokens.count
    var head = first > 0 ? tokens[first - 1] : ""
    if let end = tokens.last, end.first == "(", MessageHead.isOne(end, wordsAround: (tokens.count - 1, 0)) {
      last -= 1
      head = end
    }
    if last - first < 2 { return ("", text) }
    func isOfName(_ byte: UInt8) -> Bool { byte < 0x80 && WordBytes.isOfWord(byte) }
    let isClass = head.utf8.contains { $0.isASCIIUppercase }
    let name =
      isClass ? head.utf8.split(whereSeparator: { !isOfName($0) }).last.map { String(Substring($0)) } ?? "" : ""
    return (name, tokens[first..<last].joined(separator: " "))
  }

  /// How many of the first tokens are the head of a message.
  static func headCount(of tokens: [String]) -> Int {
    var count = 0
    // Tokens that may be skipped, but only if a class follows them.
    for (number, token) in tokens.prefix(longestHead).enumerated() {
      let isHead =
        token.last == ":" && MessageHead.isOne(token, wordsAround: (number, tokens.count - number - 1))
        || levels.contains(token.lowercased())
      if isHead { count = number + 1 } else if !openings.contains(token.lowercased()) { break }
    }
    return tokens.count - count < 2 ? 0 : count
  }
  private static let longestHead = 8
  private static let levels: Set = [
    "error:", "warning:", "warn:", "info:", "fatal:", "panic:", "critical:", "exception:", "[error]", "[warning]",
    "[fatal]",
  ]
  /// Words before a class: `Exception in thread "main" x.Y:`, `Caused by: x.Y:`, `E   ValueError:`, `Uncaught
  /// TypeError:`.
  private static let openings: Set = [
    "exception", "in", "thread", "\"main\"", "caused", "by:", "uncaught", "unhandled", "(in", "promise)", "e", "php",
    "fatal", "error", "unexpected", "exception.", "goroutine", "thread:", "+", "traceback",
  ]
}
