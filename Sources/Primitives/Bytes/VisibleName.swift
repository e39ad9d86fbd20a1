/// A name or a message from elsewhere (a tree, an index, a server) on one line, with everything in it to be seen.
///
/// Control characters (C0, DEL, C1) become their pictures or U+FFFD. Characters that begin a line, that reorder what is
/// seen, or that are not seen at all become U+FFFD: two names that differ must look so.
package func visibleName(_ text: String) -> String {
  var visible = String.UnicodeScalarView()
  for scalar in text.unicodeScalars { visible.append(scalar.isUnseen ? scalar.picture : scalar) }
  return String(visible)
}

extension Unicode.Scalar {
  /// What stands for this one where it must not be itself: its picture, where there is one, or U+FFFD.
  package var picture: Unicode.Scalar {
    switch value {
    // U+2400 begins the pictures of the control characters.
    case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    default: "\u{FFFD}"
    }
  }

  /// Whether it is a control character or one that reorders what is seen (bidirectional controls) or begins a line.
  package var drivesText: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Whether it drives the text, or nothing is seen of it, neither by itself nor of its neighbours: soft hyphen,
  /// joiners, spaces of no width, marks of annotations, fillers, tags. Variation selectors are none of these.
  package var isUnseen: Bool {
    switch value {
    case 0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B...0x200F, 0x2060...0x206F, 0x3164, 0xFEFF, 0xFFA0,
      0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE00FF, 0xE01F0...0xE0FFF:
      true
    default: drivesText
    }
  }
}
