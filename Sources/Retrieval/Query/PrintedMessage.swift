/// What a program printed without what only one run of it knows: the places, which are of the caller's files, and the class of what
/// went wrong. What is left stands in the source as it is written. Pure functions over text.
enum PrintedMessage {
  /// `text` without `places` and the words with which programs put them there: `no such key at foo.pl line 3, <STDIN> line 2.`,
  /// `main.py:3: no such key`, `no such key (main.py:3)`, `File "main.py", line 3, in <module>`.
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
  private static func beginning(_ text: [UInt8], of place: Int, from least: Int) -> Int {
    var start = place
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

  /// Where ends what is written behind a place: columns, last lines, closing signs, the function, what Perl was reading.
  private static func end(_ text: [UInt8], of place: Int) -> Int {
    var end = place
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

  /// `text` without the class of what went wrong before the message (`ValueError: `, `panic: `, `Exception in thread "main" a.b.C: `)
  /// or in parentheses behind it, and without the level of a log. All of it where hardly a word would be left.
  static func withoutHead(_ text: String) -> String {
    let tokens = text.split(separator: " ")
    var first = 0
    // What may be passed over only where a class follows.
    var next = 0
    while next < tokens.count, next < longestHead {
      let token = String(tokens[next])
      let isHead =
        MessageHead.isOne(token, wordsAround: (next, tokens.count - next - 1)) && token.last == ":"
        || levels.contains(token.lowercased())
      if isHead { first = next + 1 } else if !openings.contains(token.lowercased()) { break }
      next += 1
    }
    var last = tokens.count
    if let end = tokens.last, end.first == "(", MessageHead.isOne(String(end), wordsAround: (tokens.count - 1, 0)) {
      last -= 1
    }
    return last - first < 2 ? text : tokens[first..<last].joined(separator: " ")
  }
  private static let longestHead = 8
  private static let levels: Set = [
    "error:", "warning:", "warn:", "info:", "fatal:", "panic:", "critical:", "exception:", "[error]", "[warning]",
    "[fatal]",
  ]
  /// Words before a class: `Exception in thread "main" x.Y:`, `Caused by: x.Y:`, `E   ValueError:`, `Uncaught TypeError:`.
  private static let openings: Set = [
    "exception", "in", "thread", "\"main\"", "caused", "by:", "uncaught", "unhandled", "(in", "promise)", "e", "php",
    "fatal", "error", "unexpected", "exception.", "goroutine", "thread:", "+", "traceback",
  ]
}
