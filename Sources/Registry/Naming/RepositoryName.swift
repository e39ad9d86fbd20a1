import Primitives

/// What a repository or a group may be called: letters, digits, `.`, `_`, `+` and `-`, beginning with a letter or a
/// digit. So a name is never a path, an option, a pattern, or anything that a terminal acts on.
package enum RepositoryName {
  private static let byteLimit = 64

  /// Why `text` is no name, as a clause that follows it; nil where it is one.
  package static func problem(with text: String) -> String? {
    if text.isEmpty { return "is empty" }
    if text.utf8.count > byteLimit { return "has more than \(byteLimit) bytes" }
    guard let first = text.unicodeScalars.first, isLetterOrDigit(first) else {
      return "begins with neither a letter nor a digit"
    }
    guard text.unicodeScalars.allSatisfy({ isLetterOrDigit($0) || "._+-".unicodeScalars.contains($0) }) else {
      return "has other signs than letters, digits, and . _ + -"
    }
    return nil
  }

  /// The name that the last component of a path or an address makes: signs that no name has become dashes. Nil where
  /// nothing is left.
  package static func derived(from component: [UInt8]) -> String? {
    var name = ""
    for scalar in String(decoding: component, as: UTF8.self).unicodeScalars {
      let isKept = isLetterOrDigit(scalar) || !name.isEmpty && "._+-".unicodeScalars.contains(scalar)
      if !isKept, name.isEmpty || name.hasSuffix("-") { continue }
      name.unicodeScalars.append(isKept ? scalar : "-")
    }
    while name.utf8.count > byteLimit { name.removeLast() }
    while let last = name.last, "-.".contains(last) { name.removeLast() }
    return problem(with: name) == nil ? name : nil
  }

  /// Two names that differ only in case are one: people do not tell them apart, nor do some file systems.
  package static func areSame(_ a: String, _ b: String) -> Bool { a.lowercased() == b.lowercased() }

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return Character(scalar).isLetter || Character(scalar).isNumber }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber: true
    default: false
    }
  }
}
