/// Tells a C header from one of C++ or Objective-C by what only those two say outside comments and outside the parts that
/// are for C++ compilers alone (`#ifdef __cplusplus`). One pass over the beginning, line by line.
struct HeaderLanguage {
  private let bytes: [UInt8]
  private var isInComment = false
  /// How many `#if`s deep we are since one that is for C++ alone; 0 is outside.
  private var cppDepth = 0

  static func name(of content: Span<UInt8>) -> String {
    var reader = HeaderLanguage(bytes: FirstBytes(content, limit: 16_384).bytes)
    return reader.read()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func read() -> String {
    var start = 0
    while start < bytes.count {
      var end = start
      var hasSlash = false
      var hasTwoColons = false
      while end < bytes.count, bytes[end] != .newline {
        if bytes[end] == .slash { hasSlash = true }
        if bytes[end] == Self.colon, end > start, bytes[end - 1] == Self.colon { hasTwoColons = true }
        end += 1
      }
      if let name = judge(start..<end, hasSlash: hasSlash, hasTwoColons: hasTwoColons) { return name }
      start = end + 1
    }
    return "c"
  }

  /// What one line proves, if anything.
  private mutating func judge(_ line: Range<Int>, hasSlash: Bool, hasTwoColons: Bool) -> String? {
    if isInComment && !hasSlash { return nil }
    var text = hasSlash ? withoutComments(line) : line
    while let first = text.first, bytes[first] == .space || bytes[first] == .tab { text = text.dropFirst() }
    guard let first = text.first else { return nil }
    if bytes[first] == UInt8(ascii: "#") { return judgeDirective(text.dropFirst()) }
    if cppDepth > 0 { return nil }
    if bytes[first] == UInt8(ascii: "@") || bytes[first] == UInt8(ascii: "N") {
      if Self.objectiveC.contains(where: { begins(text, with: $0) }) { return "objc" }
    }
    if Self.firstBytes.contains(bytes[first]), Self.cpp.contains(where: { begins(text, with: $0) }) { return "cpp" }
    if hasTwoColons, bytes[text].place(of: Self.std) != nil { return "cpp" }
    return nil
  }

  private mutating func judgeDirective(_ text: Range<Int>) -> String? {
    var directive = text
    while let first = directive.first, bytes[first] == .space || bytes[first] == .tab {
      directive = directive.dropFirst()
    }
    let isCondition = begins(directive, with: Self.condition)
    if cppDepth > 0 {
      if isCondition { cppDepth += 1 }
      if begins(directive, with: Self.conditionEnd) { cppDepth -= 1 }
      // The other half is for C.
      if cppDepth == 1, begins(directive, with: Self.conditionElse) { cppDepth = 0 }
      return nil
    }
    if isCondition {
      let isForCpp =
        bytes[directive].place(of: Self.cplusplus) != nil && !begins(directive, with: Self.negatedCondition)
        && !bytes[directive].contains(UInt8(ascii: "!"))
      if isForCpp { cppDepth = 1 }
      return nil
    }
    if begins(directive, with: Self.importing) { return "objc" }
    return begins(directive, with: Self.including) && namesCppLibrary(directive) ? "cpp" : nil
  }

  /// Whether the included header has no extension, as those of the C++ library have none.
  private func namesCppLibrary(_ directive: Range<Int>) -> Bool {
    let text = bytes[directive]
    guard let open = text.firstIndex(of: UInt8(ascii: "<")), let close = text.firstIndex(of: UInt8(ascii: ">")),
      open + 1 < close
    else { return false }
    let name = text[(open + 1)..<close]
    return !name.contains(.dot) && !name.contains(.slash)
  }

  private func begins(_ text: Range<Int>, with word: [UInt8]) -> Bool {
    guard text.count >= word.count else { return false }
    for i in word.indices where bytes[text.lowerBound + i] != word[i] { return false }
    return true
  }

  /// The part of the line outside comments: its first, where a comment cuts it in two.
  private mutating func withoutComments(_ line: Range<Int>) -> Range<Int> {
    var start = line.lowerBound
    var i = start
    while i < line.upperBound {
      let next = i + 1 < line.upperBound ? bytes[i + 1] : 0
      if isInComment {
        if bytes[i] == .star, next == .slash {
          isInComment = false
          i += 1
          start = i + 1
        }
      } else if bytes[i] == .slash, next == .slash {
        return start..<i
      } else if bytes[i] == .slash, next == .star {
        isInComment = true
        let isBlank = bytes[start..<i].allSatisfy { $0 == .space || $0 == .tab }
        if !isBlank {
          // Whether the comment ends on this line still matters for the next.
          isInComment = bytes[(i + 2)..<line.upperBound].place(of: Self.commentEnd) == nil
          return start..<i
        }
        i += 1
      }
      i += 1
    }
    return isInComment ? line.upperBound..<line.upperBound : start..<line.upperBound
  }

  private static let colon = UInt8(ascii: ":")
  private static let commentEnd = Array("*/".utf8)
  private static let cplusplus = Array("__cplusplus".utf8)
  private static let std = Array("std::".utf8)
  private static let condition = Array("if".utf8)
  private static let negatedCondition = Array("ifndef".utf8)
  private static let conditionEnd = Array("endif".utf8)
  private static let conditionElse = Array("else".utf8)
  private static let importing = Array("import".utf8)
  private static let including = Array("include".utf8)
  private static let objectiveC = ["@interface", "@protocol", "@class", "@property", "@end", "@import", "NS_ASSUME"].map
  {
    Array($0.utf8)
  }
  private static let cpp = [
    "namespace ", "inline namespace ", "template<", "template <", "class ", "public:", "private:", "protected:",
    "using ",
    "virtual ", "constexpr ", "explicit ", "friend ", "static constexpr ", "inline constexpr ", "enum class ",
    "typename ", "extern template", "[[nodiscard]]",
  ].map { Array($0.utf8) }
  private static let firstBytes = ByteSet(cpp.map { $0[0] })
}
