import Cairn

/// What the user typed, taken apart: which command, which options in their order, which operands. What it means for a
/// workspace is `Invocation`'s to say.
package struct ParsedArguments {
  package struct Use {
    package var option: Option
    /// As typed: `--limit`, `-n`.
    package var spelling: String
    package var value: [UInt8]
  }
  /// None was named: `cairn`, `cairn --help`.
  package var command: Command?
  package var uses: [Use] = []
  /// Bytes, since a path among them need not be UTF-8.
  package var operands: [[UInt8]] = []

  package func has(_ meaning: Option.Meaning) -> Bool { uses.contains { $0.option.meaning == meaning } }
  /// The values of every use, in their order.
  package func values(_ meaning: Option.Meaning) -> [[UInt8]] {
    uses.filter { $0.option.meaning == meaning }.map(\.value)
  }
}

/// A mistake on the command line: exit code 2, with a line that says how to do better.
package struct UsageError: Error, Equatable {
  package var message: String
  /// The command whose help to point at.
  package var command: Command.Name?
}
