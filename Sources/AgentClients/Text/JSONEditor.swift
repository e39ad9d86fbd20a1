import JSON
import Primitives
import Settings

/// A member of an object at the top of a JSON file: `"mcpServers": {"cairn": {...}}`.
///
/// How a removal knows what the addition brought, without anything being noted: a member is added in front of all
/// others, and its white space stands before it and its comma behind it. Where there is no other member it follows the
/// brace at once, so that the white space that was in the braces stays behind it. An object that is added has white
/// space in front of its member, and is taken out again with it.
struct JSONEditor: FileEditor {
  let container: String
  let shape: EntryShape
  let entry: ServerEntry

  var server: ServerEntry? { entry }
  private static let defaultUnit: [UInt8] = [.space, .space]

  var newFile: [UInt8] { Array((pasteText + "\n").utf8) }

  var pasteText: String {
    String(
      decoding: [.leftBrace, .newline] + Self.defaultUnit
        + containerText(indent: Self.defaultUnit, unit: Self.defaultUnit, lineEnd: [.newline])
        + [.newline, .rightBrace], as: UTF8.self)
  }

  func isSkeleton(_ text: [UInt8]) -> Bool {
    text.isBlank || (try? JSONText(text))?.tokenTexts().map { Array($0) } == [[.leftBrace], [.rightBrace]]
  }

  // MARK: Reading

  func entry(in text: [UInt8]) throws(Failure) -> FoundEntry? {
    let document = try JSONText(text)
    guard let member = try places(in: document).entry else { return nil }
    guard var found = try Self.content(of: member.value) else { return nil }
    let made = try JSONText(Self.oneLine(ServerEntry(program: found.program).value(shape))).tokenTexts()
    found.hasMore = document.tokenTexts(in: member.value.range) != made
    return found
  }

  /// The top, the object of servers and Cairn's member in it, as far as they are there.
  private func places(
    in document: JSONText
  ) throws(Failure) -> (top: [JSONText.Member], container: JSONText.Member?, entry: JSONText.Member?) {
    guard let root = document.root else { return ([], nil, nil) }
    guard let top = root.members else { throw .notUnderstood("its top is no object") }
    try Self.check(top)
    guard let container = root.member(self.container) else { return (top, nil, nil) }
    guard let members = container.value.members else { throw .notUnderstood("its \"\(self.container)\" is no object") }
    try Self.check(members)
    return (top, container, container.value.member(ServerEntry.name))
  }

  private static func check(_ members: [JSONText.Member]) throws(Failure) {
    var names: Set<String> = []
    for member in members where !names.insert(member.name).inserted {
      throw .notUnderstood("it has the name \"\(member.name)\" twice")
    }
  }

  private static func content(of node: JSONText.Node) throws(Failure) -> FoundEntry? {
    guard let members = node.members else { throw .notUnderstood("its entry \"\(ServerEntry.name)\" is no object") }
    try check(members)
    let isOff = node.member("disabled")?.value.word == "true" || node.member("enabled")?.value.word == "false"
    let inner = node.member("transport")?.value ?? node
    var environment: [String: String] = [:]
    for name in ["env", "environment"] {
      for variable in inner.member(name)?.value.members ?? [] { environment[variable.name] = variable.value.string }
    }
    guard let command = inner.member("command")?.value else { return FoundEntry(program: "", arguments: []) }
    if let program = command.string {
      return FoundEntry(
        program: program, arguments: inner.member("args")?.value.strings ?? [], environment: environment,
        isSwitchedOff: isOff, programRange: command.range)
    }
    guard case .array(let words) = command.kind, let all = command.strings, let program = all.first else {
      return FoundEntry(program: "", arguments: [])
    }
    return FoundEntry(
      program: program, arguments: Array(all.dropFirst()), environment: environment, isSwitchedOff: isOff,
      programRange: words[0].range)
  }

  // MARK: Adding

  func adding(to text: [UInt8]) throws(Failure) -> [UInt8] {
    let document = try JSONText(text)
    let (top, container, entry) = try places(in: document)
    guard entry == nil else { throw .notUnderstood("it has an entry \"\(ServerEntry.name)\" already") }
    let lineEnd = text.lineEnd
    guard let root = document.root else {
      // The line end before the last brace tells this object from one that somebody wrote.
      let made = Array("{ ".utf8) + containerText() + lineEnd + [.rightBrace]
      return TextEdit.inserting(made, at: text.textStart).applied(to: text)
    }
    let topIndent = Self.indent(of: top, in: document)
    let unit = topIndent.flatMap { $0.isEmpty ? nil : $0 } ?? Self.defaultUnit
    let edit: TextEdit
    if let container {
      let members = container.value.members ?? []
      let indent = Self.indent(of: members, in: document)
      let member = indent.map { memberText(indent: $0, unit: unit, lineEnd: lineEnd) } ?? memberText()
      edit = Self.insertion(of: member, into: container.value, indent: indent, document)
    } else {
      let member = topIndent.map { containerText(indent: $0, unit: unit, lineEnd: lineEnd) } ?? containerText()
      edit = Self.insertion(of: member, into: root, indent: topIndent, document)
    }
    let added = edit.applied(to: text)
    // Nothing but what was inserted may read in another way than before.
    let inserted = edit.replacements.map { $0.range.lowerBound..<($0.range.lowerBound + $0.bytes.count) }
    guard try JSONText(added).tokenTexts(outside: inserted) == document.tokenTexts()
    else { throw .notUnderstood("an entry in it would change how the rest reads") }
    return added
  }

  /// The white space before the first member on its line; nil where it stands on the line of the brace, or is not
  /// there.
  private static func indent(of members: [JSONText.Member], in document: JSONText) -> [UInt8]? {
    guard let first = members.first else { return nil }
    let bytes = document.bytes
    var start = first.nameRange.lowerBound
    while start > 0, bytes[start - 1] != .newline {
      start -= 1
      if bytes[start] == .leftBrace { return nil }
    }
    guard start > 0 else { return nil }
    return Array(bytes[start...].prefix { $0 == .space || $0 == .tab })
  }

  /// - Parameter indent: that of the first member, where it stands on a line of its own.
  private static func insertion(
    of member: [UInt8], into object: JSONText.Node, indent: [UInt8]?, _ document: JSONText
  ) -> TextEdit {
    let open = object.range.lowerBound + 1
    guard let first = object.members?.first else { return .inserting(member, at: open) }
    guard let indent else {
      let gap = document.bytes[open..<first.nameRange.lowerBound].prefix { $0 == .space || $0 == .tab }
      return .inserting(gap + member + [.comma], at: open)
    }
    let place = document.lineComment(behind: open)?.upperBound ?? open
    return .inserting(document.bytes.lineEnd + indent + member + [.comma], at: place)
  }

  /// `"cairn": {...}` on one line.
  private func memberText() -> [UInt8] {
    JSONValue.string(ServerEntry.name).bytes + Array(": ".utf8) + Self.oneLine(entry.value(shape))
  }

  /// The same on lines that are indented, of which the first is at `indent`.
  private func memberText(indent: [UInt8], unit: [UInt8], lineEnd: [UInt8]) -> [UInt8] {
    JSONValue.string(ServerEntry.name).bytes + Array(": ".utf8)
      + Self.lines(entry.value(shape), indent: indent, unit: unit, lineEnd: lineEnd)
  }

  /// `"mcpServers": { "cairn": {...} }` on one line.
  private func containerText() -> [UInt8] {
    JSONValue.string(container).bytes + Array(": { ".utf8) + memberText() + Array(" }".utf8)
  }

  private func containerText(indent: [UInt8], unit: [UInt8], lineEnd: [UInt8]) -> [UInt8] {
    JSONValue.string(container).bytes + Array(": {".utf8) + lineEnd + indent + unit
      + memberText(indent: indent + unit, unit: unit, lineEnd: lineEnd) + lineEnd + indent + [.rightBrace]
  }

  private static func oneLine(_ value: JSONValue) -> [UInt8] {
    switch value {
    case .object(let members):
      let parts = members.map { JSONValue.string($0.name).bytes + Array(": ".utf8) + oneLine($0.value) }
      return [.leftBrace] + Array(parts.joined(separator: Array(", ".utf8))) + [.rightBrace]
    case .array(let values):
      return [.leftBracket] + Array(values.map(oneLine).joined(separator: Array(", ".utf8))) + [.rightBracket]
    default: return value.bytes
    }
  }

  /// Objects on several lines, lists on one.
  private static func lines(_ value: JSONValue, indent: [UInt8], unit: [UInt8], lineEnd: [UInt8]) -> [UInt8] {
    guard case .object(let members) = value else { return oneLine(value) }
    let inner = indent + unit
    let parts = members.map { member in
      lineEnd + inner + JSONValue.string(member.name).bytes + Array(": ".utf8)
        + lines(member.value, indent: inner, unit: unit, lineEnd: lineEnd)
    }
    return [.leftBrace] + Array(parts.joined(separator: [.comma])) + lineEnd + indent + [.rightBrace]
  }

  // MARK: Removing

  func removing(from text: [UInt8]) throws(Failure) -> [UInt8] {
    let document = try JSONText(text)
    let (top, container, entry) = try places(in: document)
    guard let root = document.root, let container, let entry, let members = container.value.members else {
      throw .notUnderstood("it has no entry \"\(ServerEntry.name)\"")
    }
    let ranges: [Range<Int>]
    if !Self.isMade(container, in: document) {
      ranges = Self.removal(of: entry, from: members)
    } else if top.count == 1, isMadeTop(root, of: container, in: document) {
      ranges = [root.range]
    } else {
      ranges = Self.removal(of: container, from: top)
    }
    let removed = TextEdit.removing(ranges).applied(to: text)
    guard try JSONText(removed).tokenTexts() == document.tokenTexts(outside: ranges) else {
      throw .notUnderstood("to take its entry out would change how the rest reads")
    }
    return removed
  }

  private static func removal(of member: JSONText.Member, from members: [JSONText.Member]) -> [Range<Int>] {
    let index = members.firstIndex { $0.nameRange == member.nameRange } ?? 0
    return TextEdit.ranges(
      ofElement: member.before..<member.value.range.upperBound, commaBehind: member.comma,
      commaBefore: index > 0 ? members[index - 1].comma : nil)
  }

  /// Whether the object holds Cairn's entry alone and looks as one that was added with it.
  private static func isMade(_ container: JSONText.Member, in document: JSONText) -> Bool {
    guard let (head, tail) = margins(of: container.value, in: document) else { return false }
    return head == [.space] && tail == [.space]
      || head.contains(.newline) && tail.contains(.newline) && (head + tail).allSatisfy(\.isBlank)
  }

  /// Whether the whole document is what is put into a file that holds nothing.
  private func isMadeTop(_ root: JSONText.Node, of container: JSONText.Member, in document: JSONText) -> Bool {
    guard let (head, tail) = Self.margins(of: root, in: document) else { return false }
    return head == [.space] && (tail == [.newline] || tail == [.carriageReturn, .newline])
      && root.range.lowerBound == document.bytes.textStart
      && document.bytes[root.range.upperBound...].allSatisfy(\.isBlank)
  }

  /// What stands in the braces before and behind the only member, which has no comma; nil where there are others.
  private static func margins(
    of object: JSONText.Node, in document: JSONText
  ) -> (head: ArraySlice<UInt8>, tail: ArraySlice<UInt8>)? {
    guard let members = object.members, members.count == 1, members[0].comma == nil else { return nil }
    return (
      document.bytes[(object.range.lowerBound + 1)..<members[0].nameRange.lowerBound],
      document.bytes[members[0].value.range.upperBound..<(object.range.upperBound - 1)]
    )
  }
}
