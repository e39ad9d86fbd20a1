/// Names for the bytes of ASCII that readers of source code ask for; letters and digits are written `UInt8(ascii:
/// "e")`.
extension UInt8 {
  @inlinable @inline(__always) package static var tab: UInt8 { UInt8(ascii: "\t") }
  @inlinable @inline(__always) package static var newline: UInt8 { UInt8(ascii: "\n") }
  @inlinable @inline(__always) package static var formFeed: UInt8 { 0x0C }
  @inlinable @inline(__always) package static var carriageReturn: UInt8 { UInt8(ascii: "\r") }
  @inlinable @inline(__always) package static var space: UInt8 { UInt8(ascii: " ") }
  @inlinable @inline(__always) package static var exclamationMark: UInt8 { UInt8(ascii: "!") }
  @inlinable @inline(__always) package static var doubleQuote: UInt8 { UInt8(ascii: "\"") }
  @inlinable @inline(__always) package static var hash: UInt8 { UInt8(ascii: "#") }
  @inlinable @inline(__always) package static var percent: UInt8 { UInt8(ascii: "%") }
  @inlinable @inline(__always) package static var ampersand: UInt8 { UInt8(ascii: "&") }
  @inlinable @inline(__always) package static var singleQuote: UInt8 { UInt8(ascii: "'") }
  @inlinable @inline(__always) package static var leftParenthesis: UInt8 { UInt8(ascii: "(") }
  @inlinable @inline(__always) package static var rightParenthesis: UInt8 { UInt8(ascii: ")") }
  @inlinable @inline(__always) package static var star: UInt8 { UInt8(ascii: "*") }
  @inlinable @inline(__always) package static var plus: UInt8 { UInt8(ascii: "+") }
  @inlinable @inline(__always) package static var comma: UInt8 { UInt8(ascii: ",") }
  @inlinable @inline(__always) package static var minus: UInt8 { UInt8(ascii: "-") }
  @inlinable @inline(__always) package static var dot: UInt8 { UInt8(ascii: ".") }
  @inlinable @inline(__always) package static var slash: UInt8 { UInt8(ascii: "/") }
  @inlinable @inline(__always) package static var colon: UInt8 { UInt8(ascii: ":") }
  @inlinable @inline(__always) package static var semicolon: UInt8 { UInt8(ascii: ";") }
  @inlinable @inline(__always) package static var lessThan: UInt8 { UInt8(ascii: "<") }
  @inlinable @inline(__always) package static var equalsSign: UInt8 { UInt8(ascii: "=") }
  @inlinable @inline(__always) package static var greaterThan: UInt8 { UInt8(ascii: ">") }
  @inlinable @inline(__always) package static var atSign: UInt8 { UInt8(ascii: "@") }
  @inlinable @inline(__always) package static var leftBracket: UInt8 { UInt8(ascii: "[") }
  @inlinable @inline(__always) package static var backslash: UInt8 { UInt8(ascii: "\\") }
  @inlinable @inline(__always) package static var rightBracket: UInt8 { UInt8(ascii: "]") }
  @inlinable @inline(__always) package static var caret: UInt8 { UInt8(ascii: "^") }
  @inlinable @inline(__always) package static var underscore: UInt8 { UInt8(ascii: "_") }
  @inlinable @inline(__always) package static var backquote: UInt8 { UInt8(ascii: "`") }
  @inlinable @inline(__always) package static var leftBrace: UInt8 { UInt8(ascii: "{") }
  @inlinable @inline(__always) package static var verticalBar: UInt8 { UInt8(ascii: "|") }
  @inlinable @inline(__always) package static var rightBrace: UInt8 { UInt8(ascii: "}") }
  @inlinable @inline(__always) package static var tilde: UInt8 { UInt8(ascii: "~") }
}

/// What kind of ASCII a byte is. Bytes above 127 are never letters.
extension UInt8 {
  @inlinable @inline(__always) package var isASCIIUppercase: Bool { self &- UInt8(ascii: "A") < 26 }
  @inlinable @inline(__always) package var isASCIILowercase: Bool { self &- UInt8(ascii: "a") < 26 }
  @inlinable @inline(__always) package var isASCIILetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
  @inlinable @inline(__always) package var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }
  /// Whether it is a letter, a digit or an underscore.
  @inlinable @inline(__always)
  package var isASCIIWord: Bool { isASCIILetter || isASCIIDigit || self == .underscore }
  /// The lower-case form of an ASCII letter, any other byte as it is.
  @inlinable @inline(__always) package var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }
}

extension Sequence<UInt8> {
  /// The bytes with the lower-case forms of ASCII letters.
  @inlinable
  package var asciiLowercased: [UInt8] { map { $0.asciiLowercased } }
}
