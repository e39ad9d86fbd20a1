// Names for the bytes and the few ASCII questions that the readers of this room ask. Bytes above 127 are never letters.

extension UInt8 {
  static let slash = UInt8(ascii: "/")
  static let backslash = UInt8(ascii: "\\")
  static let star = UInt8(ascii: "*")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let tab = UInt8(ascii: "\t")
  static let space = UInt8(ascii: " ")
  static let dot = UInt8(ascii: ".")
  static let doubleQuote = UInt8(ascii: "\"")

  @inline(__always) var isASCIIUppercase: Bool { self &- 0x41 < 26 }
  @inline(__always) var isASCIILowercase: Bool { self &- 0x61 < 26 }
  @inline(__always) var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
  @inline(__always) var isASCIIDigit: Bool { self &- 0x30 < 10 }
  /// The lower-case form of an ASCII letter, any other byte as it is.
  @inline(__always) var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }
}

extension [UInt8] {
  var asciiLowercased: [UInt8] { map(\.asciiLowercased) }
}
