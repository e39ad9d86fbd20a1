package import JSON

// What the doors print for programs: one document on a line, by one function for each kind.

extension JSONValue {
  /// One line of JSON, without the newline.
  package var line: String { description }

  package static func number(_ value: Double) -> JSONValue { .real(value) }

  package static func object(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
    .object(members.map { Member($0.name, $0.value) })
  }
}
