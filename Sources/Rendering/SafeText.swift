import Primitives

/// What becomes of a tab in text that is shown.
package enum TabStyle: Sendable {
  /// Its picture: a name must be seen to have one.
  case picture
  /// Spaces up to the next multiple of 4: a terminal, behind line numbers.
  case spaces
  /// Itself: a file, a pipe, a prompt.
  case kept
}

/// Text from a file or a path as it may be shown on a terminal: a file must not be able to drive it.
///
/// A name or a message (`TabStyle.picture`) is shown as `visibleName` has it. In lines of a file control characters and
/// those that reorder what is seen become their pictures or U+FFFD as well; characters that are not seen at all join
/// letters and emoji, and stay.
package func safeText(_ text: String, tabs: TabStyle = .picture) -> String {
  if tabs == .picture { return visibleName(text) }
  var safe = String.UnicodeScalarView()
  var column = 0
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 9 where tabs == .kept:
      safe.append(scalar)
      continue
    case 9:
      let spaces = 4 - column % 4
      safe.append(contentsOf: repeatElement(" " as Unicode.Scalar, count: spaces))
      column += spaces
      continue
    // Some terminals begin a new line there; behind a pipe may be one.
    case 0x85, 0x2028, 0x2029: safe.append("\u{2424}")
    default: safe.append(scalar.drivesText ? scalar.picture : scalar)
    }
    column += columnCount(of: scalar)
  }
  return String(safe)
}

/// The bytes of a file's name as they are, or as a terminal may have them.
package func shownName(_ name: [UInt8], isForTerminal: Bool) -> [UInt8] {
  isForTerminal ? Array(safeText(String(decoding: name, as: UTF8.self)).utf8) : name
}

/// A path on a line for another program: its bytes as they are, unless a control character in them would break the
/// line, or drive the terminal behind a pipe. Then it is in quotation marks with the escapes of C, as git writes it
/// (`"a\nb"`), and so does one that begins with such a mark.
package func quotedName(_ name: [UInt8]) -> [UInt8] {
  let mark = UInt8(ascii: "\"")
  // C1 takes two bytes in UTF-8; single bytes of its range are parts of other characters.
  func isControl(_ i: Int) -> Bool {
    switch name[i] {
    case 0..<0x20, 0x7F: true
    case 0xC2: i + 1 < name.count && (0x80...0x9F).contains(name[i + 1])
    case 0x80...0x9F: i > 0 && name[i - 1] == 0xC2
    default: false
    }
  }
  guard name.first == mark || name.indices.contains(where: isControl) else { return name }
  var quoted = [mark]
  for (i, byte) in name.enumerated() {
    if byte == mark || byte == UInt8(ascii: "\\") {
      quoted += [UInt8(ascii: "\\"), byte]
    } else if !isControl(i) {
      quoted.append(byte)
    } else if (7...13).contains(byte) {
      quoted += [UInt8(ascii: "\\"), Array("abtnvfr".utf8)[Int(byte) - 7]]
    } else {
      quoted += [UInt8(ascii: "\\")] + [byte >> 6, byte >> 3 & 7, byte & 7].map { UInt8(ascii: "0") + $0 }
    }
  }
  return quoted + [mark]
}

/// The columns that `scalar` takes on a terminal: 0 for what is drawn over its neighbour, 2 for East Asian wide ones
/// and emoji, 1 for the rest.
package func columnCount(of scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

/// The beginning and the end of a text that has more bytes than `byteCount`, with its length.
package func shortened(_ text: String, to byteCount: Int = 200) -> String {
  if text.utf8.count <= byteCount { return text }
  // A single character may be as long as the text.
  let scalars = text.unicodeScalars
  let (beginning, end) = (scalars.prefix(byteCount / 2), scalars.suffix(byteCount / 8))
  return "\(String(beginning))…\(String(end)) (\(text.utf8.count) bytes)"
}

/// The beginning of `text` that fits into `columns`, with an ellipsis where something was left out.
package func cut(_ text: String, to columns: Int) -> String {
  // No character has more columns than bytes.
  if text.utf8.count <= columns { return text }
  var (width, count) = (0, 0)
  var kept = String.UnicodeScalarView()
  // Where the cut goes if the rest turns out not to fit: one column is kept for the ellipsis.
  var fitting = 0
  for scalar in text.unicodeScalars {
    width += columnCount(of: scalar)
    if width > columns {
      return columns > 0 ? String(String.UnicodeScalarView(kept.prefix(fitting))) + "…" : ""
    }
    kept.append(scalar)
    count += 1
    if width < columns { fitting = count }
  }
  return text
}

/// The end of `text` that fits into `columns`, with an ellipsis where something was left out before it: of paths and
/// qualified names the last part tells most. Cut behind a `/`, a `.` or a `:` where that leaves more than half.
package func cutInFront(_ text: String, to columns: Int) -> String {
  if text.utf8.count <= columns { return text }
  let scalars = Array(text.unicodeScalars)
  if scalars.reduce(0, { $0 + columnCount(of: $1) }) <= columns { return text }
  guard columns > 0 else { return "" }
  var width = 1
  var start = scalars.count
  while start > 0, width + columnCount(of: scalars[start - 1]) <= columns {
    width += columnCount(of: scalars[start - 1])
    start -= 1
  }
  // What is drawn over the character before it would be drawn over the ellipsis.
  while start < scalars.count, columnCount(of: scalars[start]) == 0 { start += 1 }
  let half = start + (scalars.count - start) / 2
  if let boundary = scalars[start..<half].firstIndex(where: { "/.:".unicodeScalars.contains($0) }) { start = boundary }
  var kept = String.UnicodeScalarView("…".unicodeScalars)
  kept.append(contentsOf: scalars[start...])
  return String(kept)
}
