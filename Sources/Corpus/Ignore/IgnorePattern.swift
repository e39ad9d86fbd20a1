import Primitives

/// One line of an ignore file, parsed as git does it (`parse_path_pattern` in `dir.c`).
struct IgnorePattern {
  /// The line began with `!`: what matches is taken back in.
  var isNegated = false
  /// The line ended with a slash: only directories match.
  var isForDirectories = false
  /// There is no slash in it: it is matched with the last component alone, at any depth.
  var isForNames = false
  /// Without the `!`, the leading and the trailing slash.
  var bytes: [UInt8]
  /// The bytes before the first wildcard or escape.
  var literalByteCount = 0

  /// Takes apart a line that is neither empty nor a comment, without its line end.
  init(line: [UInt8]) {
    var text = line[...]
    if text.first == UInt8(ascii: "!") {
      isNegated = true
      text = text.dropFirst()
    }
    if text.last == .slash {
      isForDirectories = true
      text = text.dropLast()
    }
    isForNames = !text.contains(.slash)
    if text.first == .slash { text = text.dropFirst() }
    bytes = Array(text)
    literalByteCount = bytes.firstIndex(where: Self.isSpecial) ?? bytes.count
  }

  static func isSpecial(_ byte: UInt8) -> Bool {
    byte == .star || byte == .backslash || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "[")
  }

  /// Calls `body` with each pattern of an ignore file, in order.
  static func forEach(in content: [UInt8], _ body: (IgnorePattern) -> Void) {
    var start = content.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < content.count {
      let end = content[start...].firstIndex(of: .newline) ?? content.count
      var line = content[start..<end]
      start = end + 1
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      // One carriage return before the line end belongs to it. A NUL ends the line: git reads C strings.
      if line.last == .carriageReturn { line = line.dropLast() }
      if let nul = line.firstIndex(of: 0) { line = line[..<nul] }
      body(IgnorePattern(line: trimmingTrailingSpaces(line)))
    }
  }

  /// Drops the spaces at the end, save one that a backslash protects.
  private static func trimmingTrailingSpaces(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var firstSpace: Int?
    var i = line.startIndex
    while i < line.endIndex {
      switch line[i] {
      case .space:
        if firstSpace == nil { firstSpace = i }
      case .backslash:
        i += 1
        if i == line.endIndex { return Array(line) }
        firstSpace = nil
      default:
        firstSpace = nil
      }
      i += 1
    }
    return Array(line[..<(firstSpace ?? line.endIndex)])
  }
}
