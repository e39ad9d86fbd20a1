import Glibc

/// Something that reads bytes which Cairn did not write, as a function that returns whatever the bytes are.
struct InputTarget: Sendable {
  let name: String
  /// A longer input shows nothing that one of this length does not.
  let byteLimit: Int
  /// Reads `input`. Ends the process by a trap where what came of it cannot be right.
  let read: @Sendable (_ input: Span<UInt8>) -> Void

  init(_ name: String, byteLimit: Int, read: @escaping @Sendable (_ input: Span<UInt8>) -> Void) {
    self.name = name
    self.byteLimit = byteLimit
    self.read = read
  }

  /// All targets: what the index keeps, what git keeps, what people set, what models bring, what is in source files.
  static let all: [InputTarget] = [
    .segment, .catalog, .catalogMark, .keptOptions, .underWay, .commitLog,
    .ignoreRules, .gitIndex, .gitConfiguration, .gitHistory,
    .settings, .foreignConfiguration, .query,
    .json, .tokenizer, .staticModel, .modelDescription,
    .encoding, .inspection, .notebook,
  ]
}

/// Ends the process, with its core or under libFuzzer with the input kept, where `condition` does not hold.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
  if condition { return }
  say("cairn-input-fuzzer: \(message())", to: STDERR_FILENO)
  abort()
}

/// Writes a line at once: what ends the process must not take it along.
func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) { put(Array("\(line)\n".utf8), to: descriptor) }

func put(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) {
  var done = 0
  while done < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if count <= 0 { exit(2) }
    done += count
  }
}

func stop(_ message: String) -> Never {
  say("cairn-input-fuzzer: \(message)", to: STDERR_FILENO)
  exit(2)
}

extension Span<UInt8> {
  var array: [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }

  /// The little-endian number of two bytes at `offset`, which must be there.
  func number(at offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }
}
