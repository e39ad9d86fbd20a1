package import Cairn
import JSON
import Primitives

/// A repository of the user's list: what it is called, and where its tree is.
package struct RepositoryEntry: Hashable, Sendable {
  package var name: String
  /// The top of the tree, absolute.
  package var root: Path
  /// Where it was cloned from; nil for a tree of the user's own.
  package var address: String?
  /// Ascending, each once.
  package var groups: [String]

  package init(name: String, root: Path, address: String? = nil, groups: [String] = []) {
    self.name = name
    self.root = root
    self.address = address
    self.groups = Set(groups).sorted()
  }
}

extension RepositoryEntry {
  /// As it stands in the list; a path that is no text is there by its bytes.
  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name))]
    if let text = root.utf8Text {
      members.append(.init("root", .string(text)))
    } else {
      members.append(.init("root_bytes", .array(root.bytes.map { .integer(Int($0)) })))
    }
    if let address { members.append(.init("address", .string(address))) }
    members.append(.init("groups", .array(groups.map { .string($0) })))
    return .object(members)
  }

  /// Nil where it is none; a user who wrote into the list by hand is told which entry that is.
  init?(_ json: JSONValue) {
    guard let name = json["name"]?.string, RepositoryName.problem(with: name) == nil else { return nil }
    var root = json["root"]?.string.map { Path($0) }
    if let numbers = json["root_bytes"]?.array {
      let bytes = numbers.compactMap { $0.integer.flatMap { UInt8(exactly: $0) } }
      guard bytes.count == numbers.count else { return nil }
      root = Path(bytes: bytes)
    }
    guard let root, root.bytes.first == UInt8(ascii: "/"), !root.bytes.contains(0) else { return nil }
    var address: String?
    switch json["address"] {
    case nil, .null: break
    case .string(let text):
      // What a later update would hand to git.
      guard let checked = try? GitAddress(text) else { return nil }
      address = checked.text
    default: return nil
    }
    let groups = (json["groups"]?.array ?? []).map { $0.string ?? "" }
    guard groups.allSatisfy({ RepositoryName.problem(with: $0) == nil }) else { return nil }
    self.init(name: name, root: root, address: address, groups: groups)
  }
}
