import Primitives

/// Tells a C header from one of C++ or Objective-C by what only those two say outside comments and outside the parts
/// that are for C++ compilers alone (`#ifdef __cplusplus`). One pass over the beginning, line by line.
struct HeaderLanguage {
  private let bytes: [UInt8]
  private var isInComment = false
  /// How many `#if`s deep we are since one that is for C++ alone; 0 is outside.
  private var cppDepth = 0
  /// The names of the structs that were met, the newest last: a member of that name is a constructor.
  private var structNames: [Range<Int>] = []

  static func name(of content: Span<UInt8>) -> String {
    var reader = HeaderLanguage(bytes: FirstBytes(content, limit: 16_384).bytes)
    return reader.read()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func read() -> String {
    var start = 0
    while start < bytes.count {
      var end = start
      var signs = Signs()
      while end < bytes.count, bytes[end] != .newline {
        switch bytes[end] {
        case .slash: signs.hasSlash = true
        case Self.colon: if end > start, bytes[end - 1] == Self.colon { signs.hasTwoColons = true }
        case UInt8(ascii: "&"): signs.hasAmpersand = true
        case UInt8(ascii: "("): signs.hasParenthesis = true
        case UInt8(ascii: "p"): if end > start, bytes[end - 1] == UInt8(ascii: "o") { signs.mayHaveOperator = true }
        default: break
        }
        end += 1
      }
      if let name = judge(start..<end, signs) { return name }
      start = end + 1
    }
    return "c"
  }

  /// What a line was seen to hold while its end was searched for.
  private struct Signs {
    var hasSlash = false
    var hasTwoColons = false
    var hasAmpersand = false
    var hasParenthesis = false
    var mayHaveOperator = false
  }

  /// What one line proves, if anything.
  private mutating func judge(_ line: Range<Int>, _ signs: Signs) -> String? {
    if isInComment && !signs.hasSlash { return nil }
    var text = signs.hasSlash ? withoutComments(line) : line
    while let first = text.first, bytes[first] == .space || bytes[first] == .tab { text = text.dropFirst() }
    guard let first = text.first else { return nil }
    if bytes[first] == UInt8(ascii: "#") { return judgeDirective(text.dropFirst()) }
    if cppDepth > 0 { return nil }
    if bytes[first] == UInt8(ascii: "@") || bytes[first] == UInt8(ascii: "N") {
      if Self.objectiveC.contains(where: { begins(text, with: $0) }) { return "objc" }
    }
    if Self.firstBytes.contains(bytes[first]), Self.cpp.contains(where: { begins(text, with: $0) }) { return "cpp" }
    if signs.hasTwoColons, bytes[text].firstRange(of: Self.std) != nil { return "cpp" }
    return isCpp(text, signs) ? "cpp" : nil
  }

  /// What C has no form for: `struct A : B`, members named as their struct, `~A()`, operators, references, `= default`.
  private mutating func isCpp(_ text: Range<Int>, _ signs: Signs) -> Bool {
    let first = bytes[text.lowerBound]
    if first == UInt8(ascii: "~"), text.count > 1, bytes[text.lowerBound + 1].isASCIILetter { return true }
    if first == UInt8(ascii: "s") || first == UInt8(ascii: "t") || first == UInt8(ascii: "e") {
      if let name = structName(text) {
        let rest = text.clamped(to: name.upperBound..<text.upperBound).drop { bytes[$0] == .space || bytes[$0] == .tab }
        if let sign = rest.first, bytes[sign] == Self.colon, first != UInt8(ascii: "e") { return true }
        if begins(rest.lowerBound..<rest.upperBound, with: Self.final) { return true }
        if structNames.count == 64 { structNames.removeFirst() }
        if first != UInt8(ascii: "e") { structNames.append(name) }
      }
    }
    if signs.hasParenthesis, structNames.contains(where: { isCalled($0, text) }) { return true }
    if signs.mayHaveOperator, let found = bytes[text].firstRange(of: Self.operatorWord),
      found.lowerBound > text.lowerBound,
      !isLetterOrDigit(bytes[found.lowerBound - 1])
    {
      let next = found.upperBound < text.upperBound ? bytes[found.upperBound] : 0
      if Self.operatorSigns.contains(next) { return true }
    }
    if signs.hasAmpersand, hasReference(text) { return true }
    return endsAsCpp(text)
  }

  /// Whether the text begins with the name at `name` and a parenthesis.
  private func isCalled(_ name: Range<Int>, _ text: Range<Int>) -> Bool {
    guard text.count > name.count, bytes[text.lowerBound] == bytes[name.lowerBound],
      bytes[text.lowerBound + name.count] == UInt8(ascii: "(")
    else { return false }
    return bytes[text.lowerBound..<(text.lowerBound + name.count)].elementsEqual(bytes[name])
  }

  private func endsAsCpp(_ text: Range<Int>) -> Bool {
    var end = text.upperBound
    while end > text.lowerBound, bytes[end - 1] <= .space { end -= 1 }
    guard end - text.lowerBound > 8, bytes[end - 1] == UInt8(ascii: ";") || bytes[end - 1] == UInt8(ascii: "{") else {
      return false
    }
    end -= 1
    while bytes[end - 1] == .space, end - text.lowerBound > 1 { end -= 1 }
    // const, default, noexcept; delete, override; nullptr.
    guard
      bytes[end - 1] == UInt8(ascii: "t") || bytes[end - 1] == UInt8(ascii: "e") || bytes[end - 1] == UInt8(ascii: "r")
    else { return false }
    return Self.cppEnds.contains { bytes[text.lowerBound..<end].suffix($0.count).elementsEqual($0) }
  }

  /// `const Name&` or `const Name &`: in C nothing but a name or a star follows.
  private func hasReference(_ text: Range<Int>) -> Bool {
    guard bytes[text].contains(UInt8(ascii: "&")), let found = bytes[text].firstRange(of: Self.const) else {
      return false
    }
    var i = found.upperBound
    while i < text.upperBound, isLetterOrDigit(bytes[i]) || bytes[i] == Self.colon { i += 1 }
    guard i > found.upperBound else { return false }
    if i < text.upperBound, bytes[i] == .space { i += 1 }
    return i < text.upperBound && bytes[i] == UInt8(ascii: "&")
  }

  /// The name behind `struct`, `typedef struct` or `enum`, past what is written in capitals.
  private func structName(_ text: Range<Int>) -> Range<Int>? {
    guard let word = Self.structs.first(where: { begins(text, with: $0) }) else { return nil }
    var start = text.lowerBound + word.count
    while true {
      while start < text.upperBound, bytes[start] == .space { start += 1 }
      var end = start
      while end < text.upperBound, isLetterOrDigit(bytes[end]) { end += 1 }
      if end == start { return nil }
      let isMacro = bytes[start..<end].allSatisfy { !$0.isASCIILowercase } && end - start > 1
      let next = end + 1 < text.upperBound && bytes[end] == .space && isLetterOrDigit(bytes[end + 1])
      if !(isMacro && next) { return start..<end }
      start = end
    }
  }

  private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_")
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
        bytes[directive].firstRange(of: Self.cplusplus) != nil && !begins(directive, with: Self.negatedCondition)
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
          isInComment = bytes[(i + 2)..<line.upperBound].firstRange(of: Self.commentEnd) == nil
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
  private static let final = Array("final".utf8)
  private static let const = Array("const ".utf8)
  private static let structs = ["struct ", "typedef struct ", "enum "].map { Array($0.utf8) }
  private static let operatorWord = Array("operator".utf8)
  private static let operatorSigns = ByteSet("+-*/%=<>!&|^~[(, \"".utf8)
  private static let cppEnds = [
    ") const", ") noexcept", "= default", "= delete", ") override", "const override", "noexcept override", " nullptr",
  ].map { Array($0.utf8) }
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
    "typename ", "extern template", "[[nodiscard]]", "static inline constexpr ", "typedef class ", "mutable ",
  ].map { Array($0.utf8) }
  private static let firstBytes = ByteSet(cpp.map { $0[0] })
}
