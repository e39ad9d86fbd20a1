import JSON
import Primitives
import Settings

/// A table of a TOML file: `[mcp_servers.cairn]`.
///
/// It is added behind the last byte that is no white space, with two line ends before it and none behind, so that the
/// file ends as it did; a removal takes the two line ends with it. Where the servers are an inline table, it is a
/// member of that, in front of all others.
struct TomlEditor: FileEditor {
  let container: String
  let entry: ServerEntry

  var server: ServerEntry? { entry }
  private var path: [String] { [container, ServerEntry.name] }

  var newFile: [UInt8] { Array((pasteText + "\n").utf8) }
  var pasteText: String { String(decoding: table(lineEnd: [.newline]), as: UTF8.self) }

  /// Where Cairn's entry is.
  private enum Place {
    /// Statements that follow each other, of which the first is the table's header.
    case table(Range<Int>)
    /// `cairn = {...}` as a statement.
    case statement(Int)
    /// The same inside of `mcp_servers = {...}`, the statement of that number.
    case member(Int, TomlText.Member)
  }

  // MARK: Reading

  func entry(in text: [UInt8]) throws(Failure) -> FoundEntry? {
    let document = try TomlText(text)
    guard let place = try place(in: document) else { return nil }
    var found = FoundEntry(program: "", arguments: [])
    var names: [[String]] = []
    func take(_ value: TomlText.Value?) {
      for member in value?.members ?? [] {
        names.append(member.path)
        Self.take(member.path, member.value, into: &found)
      }
    }
    switch place {
    case .table(let range):
      for statement in document.statements[range.dropFirst()] {
        let name = Array(statement.fullPath.dropFirst(path.count))
        names.append(name)
        if let value = statement.value { Self.take(name, value, into: &found) }
      }
    case .statement(let index): take(document.statements[index].value)
    case .member(_, let member): take(member.value)
    }
    found.hasMore = names != [["command"], ["args"]] || found.arguments != ServerEntry.arguments
    return found
  }

  private static func take(_ path: [String], _ value: TomlText.Value, into found: inout FoundEntry) {
    switch path.first {
    case "command" where path.count == 1:
      found.program = value.string ?? ""
      found.programRange = value.string == nil ? nil : value.range
    case "args" where path.count == 1: found.arguments = value.strings ?? []
    case "enabled" where path.count == 1: found.isSwitchedOff = value.range.count == 5
    case "env" where path.count == 2: found.environment[path[1]] = value.string
    case "env" where path.count == 1:
      for member in value.members ?? [] where member.path.count == 1 {
        found.environment[member.path[0]] = member.value.string
      }
    default: break
    }
  }

  private func place(in document: TomlText) throws(Failure) -> Place? {
    let statements = document.statements
    try check(document)
    let ours = statements.indices.filter { statements[$0].fullPath.starts(with: path) }
    if let first = ours.first, let last = ours.last {
      if statements[first].isHeader, statements[first].path == path {
        guard case .table = statements[first].kind, ours.count == last - first + 1 else {
          throw .notUnderstood("its entry \"\(ServerEntry.name)\" is in several places")
        }
        return .table(first..<(last + 1))
      }
      guard ours.count == 1, statements[first].fullPath == path, let value = statements[first].value,
        value.members != nil
      else { throw .notUnderstood("its entry \"\(ServerEntry.name)\" is not written as a table") }
      return .statement(first)
    }
    guard let index = statements.firstIndex(where: { $0.fullPath == [container] && !$0.isHeader }),
      let members = statements[index].value?.members
    else { return nil }
    let named = members.filter { $0.path.first == ServerEntry.name }
    guard let member = named.first else { return nil }
    guard named.count == 1, member.path.count == 1, member.value.members != nil else {
      throw .notUnderstood("its entry \"\(ServerEntry.name)\" is not written as a table")
    }
    return .member(index, member)
  }

  /// Throws where the servers are written in a way that an addition could break.
  private func check(_ document: TomlText) throws(Failure) {
    var headers: Set<[String]> = []
    for statement in document.statements where statement.fullPath.first == container {
      switch statement.kind {
      case .arrayTable: throw .notUnderstood("\"\(container)\" has an array of tables")
      case .table:
        guard headers.insert(statement.path).inserted else {
          throw .notUnderstood("it has the table [\(statement.path.joined(separator: "."))] twice")
        }
      case .assignment(let value):
        if statement.fullPath == [container] {
          guard value.members != nil else { throw .notUnderstood("\"\(container)\" is no table") }
          let others = document.statements.count { $0.fullPath.first == container }
          guard others == 1 else { throw .notUnderstood("\"\(container)\" is in several places") }
        } else if statement.path.first == container {
          throw .notUnderstood("\"\(container)\" is written with dots at the top of the file")
        }
      }
    }
  }

  // MARK: Adding

  func adding(to text: [UInt8]) throws(Failure) -> [UInt8] {
    let document = try TomlText(text)
    guard try place(in: document) == nil else {
      throw .notUnderstood("it has an entry \"\(ServerEntry.name)\" already")
    }
    if let inline = document.statements.first(where: { $0.fullPath == [container] && !$0.isHeader })?.value {
      let open = inline.range.lowerBound + 1
      let member = Array("\(ServerEntry.name) = ".utf8) + inlineTable
      guard let first = inline.members?.first else { return TextEdit.inserting(member, at: open).applied(to: text) }
      let gap = text[open..<first.nameStart]
      guard gap.allSatisfy({ $0 == .space || $0 == .tab }) else {
        throw .notUnderstood("its inline table \"\(container)\" has several lines")
      }
      return TextEdit.inserting(gap + member + [.comma], at: open).applied(to: text)
    }
    let lineEnd = text.lineEnd
    if text.isBlank { return TextEdit.inserting(table(lineEnd: lineEnd), at: text.textStart).applied(to: text) }
    let added = TextEdit.inserting(lineEnd + lineEnd + table(lineEnd: lineEnd), at: text.contentEnd).applied(to: text)
    let path = path
    let rest = try TomlText(added).facts { $0.fullPath.starts(with: path) }
    guard rest == document.facts(without: { _ in false }) else {
      throw .notUnderstood("an entry in it would change how the rest reads")
    }
    return added
  }

  private func table(lineEnd: [UInt8]) -> [UInt8] {
    Array("[\(container).\(ServerEntry.name)]".utf8) + lineEnd + Array("command = ".utf8) + Self.text(entry.program)
      + lineEnd + Array("args = ".utf8) + Self.arguments
  }

  private var inlineTable: [UInt8] {
    Array("{ command = ".utf8) + Self.text(entry.program) + Array(", args = ".utf8) + Self.arguments + Array(" }".utf8)
  }

  /// As a basic string, whose escapes are those of JSON.
  private static func text(_ text: String) -> [UInt8] { JSONValue.string(text).bytes }
  private static var arguments: [UInt8] {
    [.leftBracket] + Array(ServerEntry.arguments.map { text($0) }.joined(separator: Array(", ".utf8)))
      + [.rightBracket]
  }

  // MARK: Removing

  func removing(from text: [UInt8]) throws(Failure) -> [UInt8] {
    let document = try TomlText(text)
    guard let place = try place(in: document) else {
      throw .notUnderstood("it has no entry \"\(ServerEntry.name)\"")
    }
    let ranges: [Range<Int>]
    switch place {
    case .table(let indices):
      let end = Self.end(ofLineWith: document.statements[indices.upperBound - 1].range, in: text)
      ranges = [text.start(ofLineEnds: 2, before: document.statements[indices.lowerBound].range.lowerBound)..<end]
    case .statement(let index):
      let range = document.statements[index].range
      ranges = [text.start(ofLineEnds: 1, before: range.lowerBound)..<Self.end(ofLineWith: range, in: text)]
    case .member(let index, let member):
      let members = document.statements[index].value?.members ?? []
      let number = members.firstIndex { $0.nameStart == member.nameStart } ?? 0
      ranges = TextEdit.ranges(
        ofElement: member.before..<member.value.range.upperBound, commaBehind: member.comma,
        commaBefore: number > 0 ? members[number - 1].comma : nil)
    }
    let removed = TextEdit.removing(ranges).applied(to: text)
    let (path, container) = (path, container)
    let isOurs: (TomlText.Statement) -> Bool = { $0.fullPath.starts(with: path) || $0.fullPath == [container] }
    let after = try TomlText(removed)
    guard after.facts(without: isOurs) == document.facts(without: isOurs), try self.place(in: after) == nil else {
      throw .notUnderstood("to take its entry out would change how the rest reads")
    }
    return removed
  }

  /// The end of the line with the end of `range`: behind a comment there, before the line end.
  private static func end(ofLineWith range: Range<Int>, in text: [UInt8]) -> Int {
    var end = range.upperBound
    while end < text.count, text[end] == .space || text[end] == .tab { end += 1 }
    guard end < text.count, text[end] == .hash else { return range.upperBound }
    while end < text.count, text[end] != .newline { end += 1 }
    return text[end - 1] == .carriageReturn ? end - 1 : end
  }
}
