import Cairn
import JSON
import Packing
import Primitives
import Rendering

/// The arguments of a call, read for a tool. What a model gets slightly wrong (one name where a list is wanted, a
/// number in quotation marks) is taken as it is meant; all else is an error that says what is wanted.
struct Arguments {
  private let members: [JSONValue.Member]

  /// Throws where there are arguments that the tool does not take.
  init(_ value: JSONValue?, of tool: ToolList.Name) throws(CairnError) {
    members = value?.members ?? []
    let known = ToolList.argumentNames(of: tool)
    for member in members where !known.contains(member.name) {
      let near = nearestName(to: member.name, in: known).map { "; did you mean \"\($0)\"?" } ?? "."
      throw CairnError(
        .invalidArgument,
        "\(tool.rawValue) has no argument \"\(shortened(member.name))\"\(near) It takes "
          + known.joined(separator: ", "))
    }
  }

  private func value(_ name: String) -> JSONValue? {
    members.first { $0.name == name }.flatMap { $0.value.isNull ? nil : $0.value }
  }

  /// Nil where it is missing or blank.
  func text(_ name: String) throws(CairnError) -> String? {
    switch value(name) {
    case nil: return nil
    case .string(let text): return text.allSatisfy(\.isWhitespace) ? nil : text
    case .integer(let number): return "\(number)"
    default: throw CairnError(.invalidArgument, "\"\(name)\" must be a string")
    }
  }

  /// The strings of a list, or one by itself.
  func list(_ name: String, most: Int = 64) throws(CairnError) -> [String] {
    switch value(name) {
    case nil: return []
    case .string(let text): return text.allSatisfy(\.isWhitespace) ? [] : [text]
    case .array(let elements):
      var texts: [String] = []
      for element in elements {
        guard case .string(let text) = element else {
          throw CairnError(.invalidArgument, "\"\(name)\" must be a list of strings")
        }
        if !text.allSatisfy(\.isWhitespace) { texts.append(text) }
      }
      guard texts.count <= most else {
        throw CairnError(.invalidArgument, "\"\(name)\" takes at most \(most), and there are \(texts.count)")
      }
      return texts
    default: throw CairnError(.invalidArgument, "\"\(name)\" must be a list of strings")
    }
  }

  /// The same with commas between names too.
  func names(_ name: String) throws(CairnError) -> [String] {
    try list(name).flatMap { $0.split { $0 == "," || $0 == " " }.map(String.init) }
  }

  /// Whether the caller says how many tokens the answer may have.
  var limitsTokens: Bool { value("tokens") != nil }

  /// The tokens that the answer may have: what is beyond the bounds is brought to them.
  func tokens() throws(CairnError) -> Int {
    let bounds = TokenBudget.bounds
    let wanted: Int?
    switch value("tokens") {
    case nil: return TokenBudget.standard
    case .integer(let number): wanted = number
    case .real(let number): wanted = number.isFinite ? Int(min(max(number, 0), 1e9)) : nil
    case .string(let text): wanted = Int(text)
    default: wanted = nil
    }
    guard let wanted else {
      throw CairnError(
        .invalidArgument, "\"tokens\" must be a number, \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return min(max(wanted, bounds.lowerBound), bounds.upperBound)
  }
}
