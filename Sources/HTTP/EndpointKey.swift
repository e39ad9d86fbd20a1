package import Primitives

/// The key for an endpoint, from an environment variable and from nowhere else. It shows itself nowhere: its
/// description is the variable's name, and `hidden` takes it out of what a server says.
package struct EndpointKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  /// The variable that it comes from.
  package let variable: String
  private let value: String

  /// Nil if no variable is named. Throws `.unauthorized` where the variable is not set or holds no key.
  package init?(variable: String, environment: [String: [UInt8]]) throws(Failure) {
    if variable.isEmpty { return nil }
    self.variable = variable
    let bytes = environment[variable] ?? []
    // A key that was read from a file often ends in a line feed.
    let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !text.isEmpty else {
      throw Failure(.unauthorized, "the environment variable \(variable), which should hold the key, is not set")
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Failure(.unauthorized, "the environment variable \(variable) holds something that cannot be a key")
    }
    value = text
  }

  package var header: HTTPHeader { HTTPHeader("Authorization", "Bearer \(value)") }
  package var description: String { "$\(variable)" }
  package var debugDescription: String { description }

  /// `text` without the key in it.
  package func hidden(in text: String) -> String {
    var rest = Substring(text)
    var shown = ""
    while let range = rest.firstRange(of: value) {
      shown += rest[..<range.lowerBound] + description
      rest = rest[range.upperBound...]
    }
    return shown + rest
  }
}
