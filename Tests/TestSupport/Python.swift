import Glibc
package import Primitives

/// Python, the reference that tables and codecs are compared with.
package enum Python {
  /// What `script` writes to its standard output. Throws where it does not end well.
  package static func output(of script: String, _ arguments: String...) throws(Failure) -> [UInt8] {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    let result = try Program(
      "python3", [Array("-c".utf8), Array(script.utf8)] + arguments.map { Array($0.utf8) }, in: "/",
      environment: ["PATH": path]
    ).wait()
    if result.code != 0 { throw Failure(.invalidArgument, "Python ended with \(result.code): \(result.errorText)") }
    return result.output
  }

  /// The bytes of `text` as Python's `fromhex` takes them.
  package static func hex(_ text: String) -> String {
    text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// The bytes that Python's `hex` gave.
  package static func bytes(hex: Substring) -> [UInt8] {
    let digits = Array(hex.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
