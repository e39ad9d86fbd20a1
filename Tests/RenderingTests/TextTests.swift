import Rendering
import Testing

@Suite struct TextTests {
  @Test func `nothing that drives a terminal is left in safe text`() {
    let every = String(String.UnicodeScalarView((0...0x2FFFF).compactMap { Unicode.Scalar($0 as UInt32) }))
    for scalar in safeText(every).unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let reorders = scalar.properties.isBidiControl
      #expect(!isControl && !reorders, "U+\(String(scalar.value, radix: 16))")
    }
    #expect(safeText("a\u{1B}[31mb\r\n") == "a␛[31mb␍␊")
  }

  @Test func `what is not seen is shown in names and kept in lines of a file`() {
    for scalar in "\u{AD}\u{200B}\u{200C}\u{200D}\u{2060}\u{2064}\u{FEFF}\u{FFF9}\u{FFFB}\u{E0001}\u{E0061}\u{3164}"
      .unicodeScalars
    {
      #expect(safeText("a\(scalar)b") == "a\u{FFFD}b", "U+\(String(scalar.value, radix: 16))")
      #expect(safeText("a\(scalar)b", tabs: .kept) == "a\(scalar)b")
    }
    // Nothing of the format category is left but what changes its neighbour.
    for value in 0...0x10FFFF as ClosedRange<UInt32> {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isDefaultIgnorableCodePoint,
        !scalar.properties.isVariationSelector
      else { continue }
      #expect(safeText(String(scalar)) == "\u{FFFD}", "U+\(String(value, radix: 16))")
    }
    #expect(safeText("❤\u{FE0F}.txt") == "❤\u{FE0F}.txt")
  }

  @Test func `a name that does not fit keeps its end`() {
    #expect(cutInFront("src/main.c", to: 10) == "src/main.c")
    #expect(cutInFront("a/very/long/way/down/to/main.c", to: 14) == "…/to/main.c")
    #expect(
      cutInFront("Outer.Inner.parse", to: 12) == "…Inner.parse" || cutInFront("Outer.Inner.parse", to: 12) == "….parse")
    #expect(cutInFront("averylongname", to: 5) == "…name")
    #expect(cutInFront("日本語/源.c", to: 6) == "…/源.c")
    #expect(cutInFront("abc", to: 0).isEmpty)
    for columns in 1...40 {
      let text = cutInFront("Workspace.IndexPlace.refuse\u{301}d(as: 日本語の名前)", to: columns)
      #expect(text.unicodeScalars.reduce(0) { $0 + columnCount(of: $1) } <= columns)
      #expect(text.first == "…" || columns == 40)
    }
  }

  @Test(arguments: [
    ("a b.c", "a b.c"), ("naïve/日本", "naïve/日本"), ("a\nb", #""a\nb""#), ("a\tb\\c\"d", #""a\tb\\c\"d""#),
    ("\u{1B}[31mx\u{7F}", #""\033[31mx\177""#), ("a\u{9B}1m", #""a\302\2331m""#), ("\"a\"", #""\"a\"""#),
    ("a\"b\\c", "a\"b\\c"), ("\u{7}\u{8}\u{B}\u{C}\r", #""\a\b\v\f\r""#),
  ]) func `a name is quoted for its control characters as git does`(name: String, quoted: String) {
    #expect(String(decoding: quotedName(Array(name.utf8)), as: UTF8.self) == quoted)
  }

  @Test func `a name that is no text stays as its bytes are`() {
    #expect(quotedName([0x61, 0xFF, 0x9B, 0x62]) == [0x61, 0xFF, 0x9B, 0x62])
  }

  @Test func `ordinary text is left alone`() {
    #expect(safeText("naïve 日本 😀 x = 1;") == "naïve 日本 😀 x = 1;")
  }

  @Test func `a tab reaches the next multiple of four columns`() {
    #expect(safeText("\ta\tb", tabs: .spaces) == "    a   b")
    #expect(safeText("日\tx", tabs: .spaces) == "日  x")
    #expect(safeText("\ta\u{1B}", tabs: .kept) == "\ta␛" && safeText("a\tb") == "a␉b")
  }

  @Test func `a cut text fits, and one that fits is not cut`() {
    #expect(cut("abcdef", to: 6) == "abcdef")
    #expect(cut("abcdef", to: 5) == "abcd…")
    #expect(cut("日本語", to: 5) == "日本…")
    #expect(cut("日本語", to: 4) == "日…")
    #expect(cut("abc", to: 0) == "")
    for columns in 1...12 {
      let width = cut("a日b本c😀d\u{301}e", to: columns).unicodeScalars.reduce(0) { $0 + columnCount(of: $1) }
      #expect(width <= columns)
    }
  }

  @Test func `quantities are written as people read them`() {
    #expect(byteText(950) == "950 B")
    #expect(byteText(12_345_678) == "12.3 MB")
    #expect(byteText(999_999) == "1.0 MB")
    #expect(durationText(0.041) == "0.04 s")
    #expect(durationText(75) == "1 min 15 s")
    #expect(durationText(7500) == "2 h 5 min")
    #expect(fixed(-0.5, 2) == "-0.50" && fixed(0.999, 2) == "1.00" && fixed(2, 0) == "2" && fixed(.nan, 2) == "nan")
    #expect(countText(1, "file") == "1 file" && countText(0, "file") == "0 files")
  }
}
