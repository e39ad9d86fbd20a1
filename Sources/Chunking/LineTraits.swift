import Primitives

/// What a line looks like to someone who does not know the language.
struct LineTraits {
  /// It begins with a closing bracket or with `end`, `fi`, `done`, `esac`: the line belongs to what stands above.
  var isCloser = false
  /// `# Title`, `== Title`, `[section]`, or a short line of capitals.
  var isHeading = false
  /// Three or more of one of `=-~^*#` and nothing else.
  var isUnderline = false
  var isComment = false
  /// It ends with a bracket, a comma, an operator or a backslash: more belongs to it.
  var isContinued = false
  /// Opening braces minus closing ones.
  var braceBalance = 0

  init() {}

  init(_ source: Span<UInt8>, _ entry: LineTable.Entry) {
    guard entry.lastInk > entry.firstInk else { return }
    // A line of many kilobytes is data: its ends tell enough.
    let end = min(entry.lastInk, entry.firstInk + 4096)
    let first = source[entry.firstInk]
    let last = source[entry.lastInk - 1]
    let second = entry.firstInk + 1 < end ? source[entry.firstInk + 1] : 0

    var capitals = 0
    var others = 0
    var isUniform = true
    for position in entry.firstInk..<end {
      let byte = source[position]
      if byte == UInt8(ascii: "{") { braceBalance += 1 }
      if byte == UInt8(ascii: "}") { braceBalance -= 1 }
      if byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") {
        capitals += 1
      } else if byte != UInt8(ascii: " ") {
        others += 1
      }
      if byte != first { isUniform = false }
    }

    switch first {
    case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
      isCloser = true
    case UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "d"), UInt8(ascii: "E"):
      isCloser = ["end", "END", "End", "fi", "done", "esac", "endif", "else"].contains {
        LineTraits.isWord($0, at: entry.firstInk, before: end, in: source)
      }
    case UInt8(ascii: "#"):
      isHeading = second == UInt8(ascii: "#") || second == UInt8(ascii: " ")
      isComment = isHeading || second == UInt8(ascii: "'") || second == UInt8(ascii: "!") || end == entry.firstInk + 1
    case UInt8(ascii: "="):
      isHeading = second == UInt8(ascii: "=") || second == UInt8(ascii: " ")
    case UInt8(ascii: "["):
      isHeading = last == UInt8(ascii: "]")
    case UInt8(ascii: "/"):
      isComment = second == UInt8(ascii: "/") || second == UInt8(ascii: "*")
    case UInt8(ascii: "-"):
      isComment = second == UInt8(ascii: "-")
    case UInt8(ascii: ";"), UInt8(ascii: "%"), UInt8(ascii: "\""), UInt8(ascii: "*"):
      isComment = true
    default:
      break
    }
    if isUniform, end - entry.firstInk >= 3 {
      switch first {
      case UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "*"),
        UInt8(ascii: "#"):
        isUnderline = true
        isHeading = false
      default: break
      }
    }
    if capitals >= 4, others * 4 <= capitals, end - entry.firstInk <= 60 { isHeading = true }
    if isComment, first != UInt8(ascii: "#") { isHeading = false }
    switch last {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: ","), UInt8(ascii: "\\"), UInt8(ascii: "="),
      UInt8(ascii: "+"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "{"), UInt8(ascii: ":"):
      isContinued = !isUnderline
    default: break
    }
  }

  private static func isWord(_ word: StaticString, at start: Int, before end: Int, in source: Span<UInt8>) -> Bool {
    let count = word.utf8CodeUnitCount
    guard start + count <= end, source.has(word, at: start) else { return false }
    guard start + count < end else { return true }
    let next = source[start + count] | 0x20
    return !(next >= UInt8(ascii: "a") && next <= UInt8(ascii: "z")) && next != UInt8(ascii: "_")
  }
}
