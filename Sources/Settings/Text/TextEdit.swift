package import Primitives

/// Replacements of byte ranges of one text: what lies outside of them stays as it is, byte for byte.
package struct TextEdit: Sendable {
  /// In rising order; none overlap.
  package let replacements: [(range: Range<Int>, bytes: [UInt8])]

  /// `bytes` between what is before `offset` and what is from there on.
  package static func inserting(_ bytes: [UInt8], at offset: Int) -> TextEdit {
    TextEdit(replacements: [(offset..<offset, bytes)])
  }
  /// `bytes` in place of those in `range`.
  package static func replacing(_ range: Range<Int>, with bytes: [UInt8]) -> TextEdit {
    TextEdit(replacements: [(range, bytes)])
  }
  /// Without what is in `ranges`, none of which overlap.
  package static func removing(_ ranges: [Range<Int>]) -> TextEdit {
    TextEdit(replacements: ranges.sorted { $0.lowerBound < $1.lowerBound }.map { ($0, []) })
  }

  /// What goes with an element of a list: the comma behind it, or, of the last one, that before it.
  package static func ranges(ofElement element: Range<Int>, commaBehind: Int?, commaBefore: Int?) -> [Range<Int>] {
    if let comma = commaBehind {
      return comma == element.upperBound ? [element.lowerBound..<(comma + 1)] : [element, comma..<(comma + 1)]
    }
    guard let comma = commaBefore else { return [element] }
    return comma + 1 == element.lowerBound ? [comma..<element.upperBound] : [comma..<(comma + 1), element]
  }

  /// `text` with the edit made. The ranges must lie in it.
  package func applied(to text: [UInt8]) -> [UInt8] {
    var edited: [UInt8] = []
    var done = 0
    for (range, bytes) in replacements {
      edited += text[done..<range.lowerBound]
      edited += bytes
      done = range.upperBound
    }
    return edited + text[done...]
  }
}

extension [UInt8] {
  /// Where the text begins: behind a byte order mark, if there is one.
  package var textStart: Int { starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// The end of the last byte that is no white space; `textStart` where there is none.
  package var contentEnd: Int {
    var end = count
    while end > textStart, self[end - 1].isBlank { end -= 1 }
    return end
  }

  /// Whether nothing but white space follows the byte order mark, if there is one.
  package var isBlank: Bool { contentEnd == textStart }

  /// How its lines end: as the first of them does.
  package var lineEnd: [UInt8] {
    guard let first = firstIndex(of: .newline) else { return [.newline] }
    return first > 0 && self[first - 1] == .carriageReturn ? [.carriageReturn, .newline] : [.newline]
  }

  /// The same text with its lines ending so.
  package func withLineEnds(_ end: [UInt8]) -> [UInt8] {
    end == [.newline] ? self : flatMap { $0 == .newline ? end : [$0] }
  }

  /// The start of up to `count` line ends that stand before `offset`, with the blanks of the line of `offset`.
  package func start(ofLineEnds count: Int, before offset: Int) -> Int {
    var start = offset
    while start > textStart, self[start - 1] == .space || self[start - 1] == .tab { start -= 1 }
    if start > textStart, self[start - 1] != .newline { return offset }
    for _ in 0..<count where start > textStart && self[start - 1] == .newline {
      start -= 1
      if start > textStart, self[start - 1] == .carriageReturn { start -= 1 }
    }
    return start
  }

  /// The number, from 1, of the line that has the byte at `offset`.
  package func line(of offset: Int) -> Int { 1 + self[..<Swift.min(offset, count)].count { $0 == .newline } }

  /// Throws where it is not the text that an editor here can read.
  package func checkText() throws(Failure) {
    guard String(validating: self, as: UTF8.self) != nil, !contains(0) else {
      throw .notUnderstood("its text is not UTF-8")
    }
    for (i, byte) in enumerated() where byte == .carriageReturn && (i + 1 == count || self[i + 1] != .newline) {
      throw .notUnderstood("line \(line(of: i)): a carriage return stands by itself")
    }
  }
}

extension UInt8 {
  package var isBlank: Bool { self == .space || self == .tab || self == .newline || self == .carriageReturn }
}

extension Failure {
  /// A file that is left alone, since what an edit of it would do cannot be told with certainty.
  package static func notUnderstood(_ why: String) -> Failure { Failure(.notUnderstood, why) }
}

extension Failure.Code {
  /// A file of a client's, or of settings, is not understood with certainty, and is left as it is.
  package static let notUnderstood = Self(rawValue: "not-understood")
}
