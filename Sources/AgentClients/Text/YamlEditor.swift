import JSON
import Primitives
import Settings

/// A member of a block mapping at the top of a YAML file:
///
///     extensions:
///       cairn:
///         type: stdio
///
/// It is added in front of all others, as lines behind the line of the mapping's name. A mapping that is not there is
/// added behind the last byte that is no white space, one line end before it and none behind; it has a margin of two
/// spaces, an empty one that is there gets four, so that a removal knows the one from the other.
///
/// Only what the lines themselves show is read: names at the margin, and how far lines are indented. Flow style,
/// anchors, tags, several documents, tabs and quoted names around Cairn's place are not understood.
struct YamlEditor: FileEditor {
  let container: String
  let entry: ServerEntry

  var server: ServerEntry? { entry }
  var newFile: [UInt8] { Array((pasteText + "\n").utf8) }
  var pasteText: String {
    String(decoding: Array("\(container):\n".utf8) + member(indent: 2, lineEnd: [.newline]), as: UTF8.self)
  }

  private struct Line {
    /// Without its line end.
    var range: Range<Int>
    /// Spaces before the first byte.
    var indent: Int
    /// The text without comments that take all of the line and white space at its end.
    var content: ArraySlice<UInt8>
    var isBlank: Bool { content.isEmpty }
  }

  // MARK: Reading

  private func lines(of text: [UInt8]) throws(Failure) -> [Line] {
    try text.checkText()
    // A text that keeps the line ends behind it would be changed by what follows it.
    guard !zip(text, text.dropFirst()).contains(where: { ($0 == .verticalBar || $0 == .greaterThan) && $1 == .plus })
    else { throw .notUnderstood("it has a text that keeps the line ends behind it") }
    var lines: [Line] = []
    var start = text.textStart
    while start < text.count {
      let end = text[start...].firstIndex(of: .newline) ?? text.count
      let last = end > start && text[end - 1] == .carriageReturn ? end - 1 : end
      let indent = text[start..<last].prefix { $0 == .space }.count
      var content = text[(start + indent)..<last]
      while content.last?.isBlank == true { content = content.dropLast() }
      if content.first == .hash { content = content.prefix(0) }
      lines.append(Line(range: start..<last, indent: indent, content: content))
      start = end + 1
    }
    for (number, line) in lines.enumerated() where !line.isBlank && line.indent == 0 {
      // What continues a text, a document's marks, flow style, a list or a key in quotes at the margin: no plain
      // mapping.
      guard Self.key(line.content) != nil else {
        throw .notUnderstood("line \(number + 1) is no plain name of a mapping")
      }
    }
    return lines
  }

  /// The name and what follows its colon, of a line that begins with a plain one.
  private static func key(_ content: ArraySlice<UInt8>) -> (name: String, rest: ArraySlice<UInt8>)? {
    let name = content.prefix { $0.isASCIIWord || $0 == .minus || $0 == .dot || $0 == .slash }
    guard !name.isEmpty, name.first != .minus, content.dropFirst(name.count).first == .colon else { return nil }
    let rest = content.dropFirst(name.count + 1)
    guard rest.isEmpty || rest.first == .space else { return nil }
    var value = rest.drop { $0 == .space }
    if value.first == .hash { value = value.prefix(0) }
    return (String(decoding: name, as: UTF8.self), value)
  }

  /// The number of the line with the mapping's name, the lines of its members, and those of Cairn's.
  private func places(
    in lines: [Line]
  ) throws(Failure) -> (container: Int, members: Range<Int>, indent: Int?, ours: Range<Int>?)? {
    let tops = lines.indices.filter { !lines[$0].isBlank && lines[$0].indent == 0 }
    let named = tops.filter { Self.key(lines[$0].content)?.name == container }
    guard let container = named.first else { return nil }
    guard named.count == 1, Self.key(lines[container].content)?.rest.isEmpty == true else {
      throw .notUnderstood("its \"\(self.container)\" is not one plain mapping")
    }
    let end = tops.first { $0 > container } ?? lines.count
    let members = (container + 1)..<end
    guard let first = members.first(where: { !lines[$0].isBlank }) else { return (container, members, nil, nil) }
    let indent = lines[first].indent
    var names: [(name: String, line: Int)] = []
    for number in members where !lines[number].isBlank {
      guard lines[number].indent >= indent, !lines[number].content.contains(.tab) else {
        throw .notUnderstood("line \(number + 1) is indented less than the first one there")
      }
      guard lines[number].indent == indent else { continue }
      guard let key = Self.key(lines[number].content), key.rest.isEmpty else {
        throw .notUnderstood("line \(number + 1) is no plain name of a mapping")
      }
      names.append((key.name, number))
    }
    guard Set(names.map(\.name)).count == names.count else { throw .notUnderstood("it has a name twice") }
    guard let index = names.firstIndex(where: { $0.name == ServerEntry.name }) else {
      return (container, members, indent, nil)
    }
    var last = index + 1 < names.count ? names[index + 1].line : end
    while lines[last - 1].isBlank { last -= 1 }
    return (container, members, indent, names[index].line..<last)
  }

  func entry(in text: [UInt8]) throws(Failure) -> FoundEntry? {
    let lines = try lines(of: text)
    guard let ours = try places(in: lines)?.ours else { return nil }
    var found = FoundEntry(program: "", arguments: [])
    var isInArguments = false
    for line in lines[ours].dropFirst() where !line.isBlank {
      if line.content.starts(with: "- ".utf8) {
        if isInArguments, let word = Self.text(line.content.dropFirst(2)) { found.arguments.append(word) }
        continue
      }
      guard let key = Self.key(line.content) else { continue }
      isInArguments = key.name == "args" && key.rest.isEmpty
      switch key.name {
      case "cmd":
        found.program = Self.text(key.rest) ?? ""
        found.programRange = found.program.isEmpty ? nil : key.rest.startIndex..<key.rest.endIndex
      case "enabled": found.isSwitchedOff = Self.text(key.rest) == "false"
      default: break
      }
    }
    let made = Self(container: container, entry: ServerEntry(program: found.program))
    let texts = try made.lines(of: made.newFile).dropFirst().map { Array($0.content) }
    found.hasMore = lines[ours].filter { !$0.isBlank }.map { Array($0.content) } != texts
    return found
  }

  /// A plain or quoted word; nil for what needs a parser.
  private static func text(_ value: ArraySlice<UInt8>) -> String? {
    switch value.first {
    case .doubleQuote?: (try? JSONValue(parsing: Array(value)))?.string
    case .singleQuote?, .leftBracket?, .leftBrace?, .ampersand?, .star?, .exclamationMark?, .verticalBar?: nil
    default: value.contains(.hash) ? nil : String(decoding: value, as: UTF8.self)
    }
  }

  // MARK: Adding and removing

  func adding(to text: [UInt8]) throws(Failure) -> [UInt8] {
    let lines = try lines(of: text)
    let lineEnd = text.lineEnd
    guard let found = try places(in: lines) else {
      let mapping = Array("\(container):".utf8) + lineEnd + member(indent: 2, lineEnd: lineEnd)
      return text.isBlank
        ? TextEdit.inserting(mapping, at: text.textStart).applied(to: text)
        : TextEdit.inserting(lineEnd + mapping, at: text.contentEnd).applied(to: text)
    }
    guard found.ours == nil else { throw .notUnderstood("it has an entry \"\(ServerEntry.name)\" already") }
    let member = lineEnd + member(indent: found.indent ?? 4, lineEnd: lineEnd)
    return TextEdit.inserting(member, at: lines[found.container].range.upperBound).applied(to: text)
  }

  private func member(indent: Int, lineEnd: [UInt8]) -> [UInt8] {
    let margin = String(repeating: " ", count: indent)
    var lines = ["\(margin)\(ServerEntry.name):"]
    lines += ["enabled: true", "type: stdio", "name: \(ServerEntry.name)"].map { "\(margin)  \($0)" }
    lines.append("\(margin)  cmd: \(JSONValue.string(entry.program))")
    lines.append("\(margin)  args:")
    lines += ServerEntry.arguments.map { "\(margin)    - \($0)" }
    lines.append("\(margin)  timeout: 300")
    return Array(lines.joined(separator: "\n").utf8).withLineEnds(lineEnd)
  }

  func removing(from text: [UInt8]) throws(Failure) -> [UInt8] {
    let lines = try lines(of: text)
    guard let found = try places(in: lines), let ours = found.ours else {
      throw .notUnderstood("it has no entry \"\(ServerEntry.name)\"")
    }
    let isAlone = found.members.allSatisfy { lines[$0].isBlank || ours.contains($0) }
    let isMade = isAlone && found.indent == 2 && ours.lowerBound == found.container + 1
    let first = isMade ? found.container : ours.lowerBound
    let start = text.start(ofLineEnds: 1, before: lines[first].range.lowerBound + lines[first].indent)
    return TextEdit.removing([start..<lines[ours.upperBound - 1].content.endIndex]).applied(to: text)
  }
}
