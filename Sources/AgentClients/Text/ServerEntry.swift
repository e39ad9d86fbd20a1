import JSON
import Primitives
import Settings

/// How a client's file writes down a server that is started as a program.
package enum EntryShape: Hashable, Sendable {
  /// `command` and `args`.
  case plain
  /// The same behind a `type`.
  case typed(String)
  /// As Copilot has it: which of the tools may be used, too.
  case withTools
  /// As Zed has it.
  case sourced
  /// As OpenCode has it: `command` is a list of the program and its arguments.
  case commandList
  /// As Cline has it: an object `transport` around all.
  case transport
}

/// The entry that starts Cairn.
package struct ServerEntry: Hashable, Sendable {
  package static let name = "cairn"
  package static let arguments = ["mcp"]

  /// An absolute path, or a name that the client finds.
  package var program: String

  package init(program: String) { self.program = program }

  func value(_ shape: EntryShape) -> JSONValue {
    let program = JSONValue.string(program)
    let arguments = JSONValue.array(Self.arguments.map { .string($0) })
    return switch shape {
    case .plain: ["command": program, "args": arguments]
    case .typed(let type): ["type": .string(type), "command": program, "args": arguments]
    case .withTools: ["type": "local", "command": program, "args": arguments, "tools": ["*"]]
    case .sourced: ["source": "custom", "command": program, "args": arguments]
    case .commandList: ["type": "local", "command": .array([program] + Self.arguments.map { .string($0) })]
    case .transport: ["transport": ["type": "stdio", "command": program, "args": arguments]]
    }
  }
}

/// An entry of Cairn's name in a client's file.
package struct FoundEntry: Hashable, Sendable {
  package var program: String
  package var arguments: [String]
  /// The variables that it adds.
  package var environment: [String: String] = [:]
  package var isSwitchedOff = false
  /// Whether it has other words, or other members, than an installation writes.
  package var hasMore = false
  /// The program with its quotation marks in the file; nil where it cannot be replaced by itself.
  var programRange: Range<Int>?

  /// Whether it starts a Cairn, be it another one than `entry` would.
  package func isOurs(_ entry: ServerEntry) -> Bool {
    arguments.first == ServerEntry.arguments[0]
      && (program == entry.program || FilePath(program).lastComponent == FilePath(ServerEntry.name))
  }
}

/// What knows one kind of file: finds Cairn's part in a text, adds it and takes it out again. Every function throws
/// `.notUnderstood` rather than guess.
protocol FileEditor: Sendable {
  /// The entry of Cairn's name; nil if there is none.
  func entry(in text: [UInt8]) throws(Failure) -> FoundEntry?
  /// Whether what is there is what would be added now.
  func isCurrent(_ entry: FoundEntry, in text: [UInt8]) -> Bool
  /// The text with Cairn's part, which it does not have yet.
  func adding(to text: [UInt8]) throws(Failure) -> [UInt8]
  /// The text with its part brought up to date.
  func updating(_ entry: FoundEntry, in text: [UInt8]) throws(Failure) -> [UInt8]
  /// The text without Cairn's part, which it has.
  func removing(from text: [UInt8]) throws(Failure) -> [UInt8]
  /// Whether nothing is in a text that Cairn's part was taken out of.
  func isSkeleton(_ text: [UInt8]) -> Bool
  /// The content of a file that is made for it.
  var newFile: [UInt8] { get }
  /// What a person would paste.
  var pasteText: String { get }
  /// The program that it starts; nil of a text for people.
  var server: ServerEntry? { get }
}

extension FileEditor {
  func isCurrent(_ entry: FoundEntry, in text: [UInt8]) -> Bool { entry.program == server?.program }

  func isSkeleton(_ text: [UInt8]) -> Bool { text.isBlank }

  func updating(_ entry: FoundEntry, in text: [UInt8]) throws(Failure) -> [UInt8] {
    guard let range = entry.programRange, let server else {
      throw .notUnderstood("its entry starts \(entry.program), and how to change that is not certain")
    }
    return TextEdit.replacing(range, with: JSONValue.string(server.program).bytes).applied(to: text)
  }

  /// `adding`, and the proof that `removing` takes all of it back: the text byte for byte.
  func addingReversibly(to text: [UInt8]) throws(Failure) -> [UInt8] {
    let added = try adding(to: text)
    let found = try entry(in: added)
    guard let found, isCurrent(found, in: added), try removing(from: added) == text else {
      throw .notUnderstood("an edit of it could not be taken back byte for byte")
    }
    return added
  }
}
