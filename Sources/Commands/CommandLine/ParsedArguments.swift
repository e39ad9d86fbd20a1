import Cairn

/// What the user typed, taken apart: which command, which options in their order, which operands. What it means for a
/// workspace is `Invocation`'s to say.
struct ParsedArguments {
  struct Use {
    var option: Option
    /// As typed: `--limit`, `-n`.
    var spelling: String
    var value: [UInt8]
  }
  /// None was named: `cairn`, `cairn --help`.
  var command: Command?
  var uses: [Use] = []
  /// Bytes, since a path among them need not be UTF-8.
  var operands: [[UInt8]] = []

  func has(_ meaning: Option.Meaning) -> Bool { uses.contains { $0.option.meaning == meaning } }
  /// The values of every use, in their order.
  func values(_ meaning: Option.Meaning) -> [[UInt8]] {
    uses.filter { $0.option.meaning == meaning }.map(\.value)
  }
}

/// A mistake on the command line: exit code 2, with a line that says how to do better.
struct UsageError: Error, Equatable {
  var message: String
  /// The command whose help to point at.
  var command: Command.Name?
}
