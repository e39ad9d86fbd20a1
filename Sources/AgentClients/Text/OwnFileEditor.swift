import JSON
import Primitives
import Settings

/// A file that is Cairn's alone: a server's file in a directory of such files, a skill, a sub-agent. It is made whole
/// and removed whole, and only while it is what was made.
struct OwnFileEditor: FileEditor {
  /// What stands before and behind the program's name; all of it in `head` where none is named.
  let head: String
  var tail = ""
  var entry: ServerEntry?

  var server: ServerEntry? { entry }
  var newFile: [UInt8] { Array((head + (entry.map { JSONValue.string($0.program).description } ?? "") + tail).utf8) }
  var pasteText: String { String(decoding: newFile.dropLast(), as: UTF8.self) }

  func entry(in text: [UInt8]) throws(Failure) -> FoundEntry? {
    if text.isEmpty { return nil }
    let (head, tail) = (Array(head.utf8), Array(tail.utf8))
    guard let entry else { return FoundEntry(program: "", arguments: text == newFile ? ServerEntry.arguments : []) }
    guard text.count > head.count + tail.count, text.starts(with: head), text.suffix(tail.count) == tail[...],
      let program = (try? JSONValue(parsing: Array(text[head.count..<(text.count - tail.count)])))?.string
    else { return FoundEntry(program: "", arguments: []) }
    // Whatever the program is called: all of the rest is as it was made.
    let isOurs = FoundEntry(program: program, arguments: ServerEntry.arguments).isOurs(entry)
    return FoundEntry(
      program: program, arguments: isOurs ? ServerEntry.arguments : [],
      programRange: head.count..<(text.count - tail.count))
  }

  func isCurrent(_ entry: FoundEntry, in text: [UInt8]) -> Bool { text == newFile }
  func adding(to text: [UInt8]) throws(Failure) -> [UInt8] {
    guard text.isEmpty else { throw .notUnderstood("it holds something") }
    return newFile
  }
  func updating(_ entry: FoundEntry, in text: [UInt8]) throws(Failure) -> [UInt8] { newFile }
  func removing(from text: [UInt8]) throws(Failure) -> [UInt8] { [] }
}

/// A section between two marks in a text for agents, which holds what else its owner wrote.
///
/// It is added as a table of TOML is: behind the last byte that is no white space, two line ends before it, none
/// behind.
struct SectionEditor: FileEditor {
  static let beginMark = "<!-- cairn:begin -->"
  static let endMark = "<!-- cairn:end -->"

  let body: String

  var server: ServerEntry? { nil }
  var newFile: [UInt8] { section(lineEnd: [.newline]) + [.newline] }
  var pasteText: String { String(decoding: section(lineEnd: [.newline]), as: UTF8.self) }

  private func section(lineEnd: [UInt8]) -> [UInt8] {
    Array("\(Self.beginMark)\n\(body)\n\(Self.endMark)".utf8).withLineEnds(lineEnd)
  }

  /// From the first byte of the first mark to the last one of the second.
  private func place(in text: [UInt8]) throws(Failure) -> Range<Int>? {
    try text.checkText()
    var begins: [Int] = []
    var ends: [Int] = []
    var start = text.textStart
    while start < text.count {
      let end = text[start...].firstIndex(of: .newline) ?? text.count
      var line = text[start..<end]
      while line.last?.isBlank == true { line = line.dropLast() }
      if line.elementsEqual(Self.beginMark.utf8) { begins.append(line.startIndex) }
      if line.elementsEqual(Self.endMark.utf8) { ends.append(line.endIndex) }
      start = end + 1
    }
    if begins.isEmpty, ends.isEmpty { return nil }
    guard begins.count == 1, ends.count == 1, begins[0] < ends[0] else {
      throw .notUnderstood("its marks \(Self.beginMark) and \(Self.endMark) are not one pair")
    }
    return begins[0]..<ends[0]
  }

  func entry(in text: [UInt8]) throws(Failure) -> FoundEntry? {
    try place(in: text) == nil ? nil : FoundEntry(program: ServerEntry.name, arguments: ServerEntry.arguments)
  }

  func isCurrent(_ entry: FoundEntry, in text: [UInt8]) -> Bool {
    guard let found = try? place(in: text) else { return false }
    return text[found].elementsEqual(section(lineEnd: text.lineEnd))
  }

  func adding(to text: [UInt8]) throws(Failure) -> [UInt8] {
    guard try place(in: text) == nil else { throw .notUnderstood("it has the section already") }
    let lineEnd = text.lineEnd
    let section = section(lineEnd: lineEnd)
    return text.isBlank
      ? TextEdit.inserting(section, at: text.textStart).applied(to: text)
      : TextEdit.inserting(lineEnd + lineEnd + section, at: text.contentEnd).applied(to: text)
  }

  func updating(_ entry: FoundEntry, in text: [UInt8]) throws(Failure) -> [UInt8] {
    guard let found = try place(in: text) else { return text }
    return TextEdit.replacing(found, with: section(lineEnd: text.lineEnd)).applied(to: text)
  }

  func removing(from text: [UInt8]) throws(Failure) -> [UInt8] {
    guard let found = try place(in: text) else { throw .notUnderstood("it has no section of Cairn's") }
    let start = text.start(ofLineEnds: 2, before: found.lowerBound)
    return TextEdit.removing([start..<found.upperBound]).applied(to: text)
  }
}
