/// Tells a C header from one of C++ or Objective-C by what only those two say outside comments and outside the parts that
/// are for C++ compilers alone (`#ifdef __cplusplus`).
enum HeaderLanguage {
  static func name(of content: Span<UInt8>) -> String {
    var isInComment = false
    /// How many `#if`s deep we are since one that is for C++ alone; 0 is outside.
    var cppDepth = 0
    for line in FirstBytes(content, limit: 32_768).bytes.split(separator: .newline) {
      let text = withoutComments(line, &isInComment)
      guard let first = text.first else { continue }
      if first == UInt8(ascii: "#") {
        let directive = text.dropFirst().drop { $0 == .space || $0 == .tab }
        if cppDepth > 0 {
          if directive.starts(with: "if".utf8) { cppDepth += 1 }
          if directive.starts(with: "endif".utf8) { cppDepth -= 1 }
          // The other half is for C.
          if cppDepth == 1, directive.starts(with: "else".utf8) { cppDepth = 0 }
        } else if directive.starts(with: "if".utf8), directive.firstRange(of: cplusplus) != nil,
          !directive.starts(with: "ifndef".utf8), !directive.contains(UInt8(ascii: "!"))
        {
          cppDepth = 1
        } else if directive.starts(with: "import".utf8) {
          return "objc"
        } else if includesCppLibrary(directive) {
          return "cpp"
        }
        continue
      }
      if cppDepth > 0 { continue }
      if objectiveC.contains(where: { text.starts(with: $0) }) { return "objc" }
      if cpp.contains(where: { text.starts(with: $0) }) { return "cpp" }
      if text.firstRange(of: std) != nil { return "cpp" }
    }
    return "c"
  }

  private static let cplusplus = Array("__cplusplus".utf8)
  private static let std = Array("std::".utf8)
  private static let objectiveC = ["@interface", "@protocol", "@class", "@property", "@end", "@import", "NS_ASSUME"].map {
    Array($0.utf8)
  }
  private static let cpp = [
    "namespace ", "inline namespace ", "template<", "template <", "class ", "public:", "private:", "protected:", "using ",
    "virtual ", "constexpr ", "explicit ", "friend ", "static constexpr ", "inline constexpr ", "enum class ",
    "static_cast<", "typename ", "extern template", "[[nodiscard]]", "~",
  ].map { Array($0.utf8) }

  /// Whether the directive includes a header whose name has no extension, as those of the C++ library have.
  private static func includesCppLibrary(_ directive: ArraySlice<UInt8>) -> Bool {
    guard directive.starts(with: "include".utf8), let open = directive.firstIndex(of: UInt8(ascii: "<")),
      let close = directive[open...].firstIndex(of: UInt8(ascii: ">"))
    else { return false }
    let name = directive[(open + 1)..<close]
    return !name.isEmpty && !name.contains(.dot) && !name.contains(.slash)
  }

  /// The line without comments and without blanks at its beginning.
  private static func withoutComments(_ line: ArraySlice<UInt8>, _ isInComment: inout Bool) -> ArraySlice<UInt8> {
    // A line of C that has no comment is taken as it is; of one that has, what stands before it.
    var rest = line
    if isInComment {
      guard let close = rest.firstRange(of: commentEnd) else { return [] }
      isInComment = false
      rest = rest[close.upperBound...]
    }
    rest = rest.drop { $0 == .space || $0 == .tab }
    while let open = rest.firstRange(of: commentStart) {
      guard let close = rest[open.upperBound...].firstRange(of: commentEnd) else {
        isInComment = true
        rest = rest[..<open.lowerBound]
        break
      }
      if open.lowerBound > rest.startIndex {
        rest = rest[..<open.lowerBound]
        break
      }
      rest = rest[close.upperBound...].drop { $0 == .space || $0 == .tab }
    }
    if let note = rest.firstRange(of: lineComment) { rest = rest[..<note.lowerBound] }
    return rest
  }

  private static let commentStart = Array("/*".utf8)
  private static let commentEnd = Array("*/".utf8)
  private static let lineComment = Array("//".utf8)
}
