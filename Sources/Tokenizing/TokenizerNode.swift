import JSON
package import Primitives

/// A value of a `tokenizer.json` and where it stands, so that what is missing, odd or unknown is refused by its name.
struct TokenizerNode {
  let value: JSONValue
  /// Such as `normalizer.normalizers[1]`.
  let path: String
  private let depth: Int
  private static let deepest = 64

  init(_ value: JSONValue, path: String, depth: Int = 0) {
    self.value = value
    self.path = path
    self.depth = depth
  }

  /// The member, or nil if it is absent or null.
  subscript(name: String) -> TokenizerNode? {
    guard let member = value[name], !member.isNull else { return nil }
    return TokenizerNode(member, path: path.isEmpty ? name : "\(path).\(name)", depth: depth + 1)
  }

  func required(_ name: String) throws(Failure) -> TokenizerNode {
    guard let part = self[name] else { throw wrong("it has no `\(name)`") }
    return part
  }

  var type: String? { value["type"]?.string }

  func string() throws(Failure) -> String {
    guard let string = value.string else { throw wrong("it is no text") }
    return string
  }

  func boolean() throws(Failure) -> Bool {
    guard let boolean = value.boolean else { throw wrong("it is neither true nor false") }
    return boolean
  }

  func number() throws(Failure) -> Double {
    guard let number = value.number else { throw wrong("it is no number") }
    return number
  }

  /// A number of something: not negative, and less than 2^31.
  func count() throws(Failure) -> Int {
    guard let integer = value.integer, (0..<Int(Int32.max)).contains(integer) else {
      throw wrong("it is no number from 0 to 2,147,483,646")
    }
    return integer
  }

  func elements() throws(Failure) -> [TokenizerNode] {
    guard let array = value.array else { throw wrong("it is no list") }
    if depth > Self.deepest { throw wrong("it lies too deep") }
    return array.enumerated().map { TokenizerNode($1, path: "\(path)[\($0)]", depth: depth + 1) }
  }

  func members() throws(Failure) -> [(name: String, part: TokenizerNode)] {
    guard let members = value.members else { throw wrong("it is no object") }
    return members.map { ($0.name, TokenizerNode($0.value, path: "\(path).\($0.name)", depth: depth + 1)) }
  }

  /// Refuses a part that says more than is understood. A member that is null says nothing.
  func allow(_ names: Set<String>) throws(Failure) {
    guard let members = value.members else { throw wrong("it is no object") }
    for member in members where !names.contains(member.name) && !member.value.isNull {
      throw unsupported("`\(member.name)`")
    }
  }

  func wrong(_ what: String) -> Failure {
    Failure(.wrongFormat, "the tokenizer cannot be read: \(path.isEmpty ? "the file" : "`\(path)`"): \(what)")
  }

  func unsupported(_ what: String) -> Failure {
    Failure(
      .unsupportedTokenizer,
      "the tokenizer uses \(what) in `\(path)`, which Cairn does not know: choose another model, or another embedder")
  }
}

extension Failure.Code {
  /// A `tokenizer.json` has a part whose meaning is not implemented.
  package static let unsupportedTokenizer = Self(rawValue: "unsupported-tokenizer")
}
