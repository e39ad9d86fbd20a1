import Foundation
import Primitives
import Segments
import TestSupport
import Testing

/// Folding against Unicode's own data as Python has it, and its laws on random text.
@Suite struct FoldedTextTests {
  /// Prints, for random texts out of all of Unicode, the text and what its folding is by `unicodedata`.
  private static let reference = """
    import random, sys, unicodedata as u
    r = random.Random(int(sys.argv[1]))
    skip = [(0x3131, 0x318E), (0xFFA0, 0xFFDC), (0xD800, 0xDFFF), (0x2E80, 0x2FD5), (0x180B, 0x180F), (0x640, 0x640)]
    ignorable = [(0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
      (0x200C, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
      (0xFFA0, 0xFFA0), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)]
    within = lambda ranges, c: any(a <= ord(c) <= b for a, b in ranges)
    def fold(c):
      k = u.category(c)
      if within(ignorable, c): return ''
      if k == 'Zs': return ' '
      if k == 'Pc': return '_'
      if k[0] not in 'LM' and k not in ('Nd', 'Nl'): return u.normalize('NFD', c)
      t = c
      while True:
        n = u.normalize('NFKD', ''.join(x if x == '\\u0345' else x.casefold() for x in u.normalize('NFKD', t)))
        if n == t: return ''.join(x for x in t if not within(ignorable, x))
        t = n
    def undotted(text):
      base, kept = '', ''
      for c in u.normalize('NFD', text):
        if u.category(c)[0] != 'M': base = c
        if not (c == '\\u0307' and base == 'i'): kept += c
      return kept
    letters = [chr(c) for c in range(0x20, 0x20000) if not within(skip, chr(c)) and u.category(chr(c)) not in ('Cn', 'Co')]
    marks = [c for c in letters if u.combining(c)]
    for _ in range(4000):
      text = ''
      for _ in range(r.randrange(1, 8)):
        text += r.choice(letters)
        for _ in range(r.choice([0, 0, 0, 1, 2])): text += r.choice(marks)
      print(text.encode().hex(), u.normalize('NFC', undotted(''.join(map(fold, text)))).encode().hex())
    """

  @Test func `folding agrees with Python's Unicode data and does not see composition`() throws {
    let output = String(decoding: try Python.output(of: Self.reference, "20"), as: UTF8.self)
    let lines = output.split(separator: "\n")
    #expect(lines.count == 4000)
    for line in lines {
      let columns = line.split(separator: " ", omittingEmptySubsequences: false)
      let text = String(decoding: Python.bytes(hex: columns[0]), as: UTF8.self)
      let folded = FoldedText.folded(text)
      // Equality of strings is canonical: composed or not.
      #expect(folded == String(decoding: Python.bytes(hex: columns[1]), as: UTF8.self), "\(columns[0])")
      for form in [text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping] {
        #expect(Array(FoldedText.folded(form).utf8) == Array(folded.utf8), "\(columns[0])")
      }
      #expect(Array(FoldedText.folded(folded).utf8) == Array(folded.utf8), "twice: \(columns[0])")
    }
  }

  @Test func `capitals of every script fold to what their small letters fold to`() {
    for value in UInt32(0x41)..<0x1F000 {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isUppercase, scalar.properties.isAlphabetic,
        scalar.properties.generalCategory == .uppercaseLetter, let age = scalar.properties.age, age.major <= 14
      else { continue }
      let small = scalar.properties.lowercaseMapping
      // Those whose small letter is another letter's too are folded to it: Unicode says so.
      #expect(FoldedText.folded(String(scalar)) == FoldedText.folded(small), "\(String(value, radix: 16))")
    }
  }

  @Test(arguments: ["ŞİFRE", "şifre", "Şifre", "S\u{327}I\u{307}FRE", "si\u{307}fre".replacing("s", with: "ş")])
  func `the capital of a Turkish i is the letter that everybody types`(text: String) {
    #expect(FoldedText.folded(text) == FoldedText.folded("şifre"))
    #expect(Analyzer().words(of: text) == Analyzer().words(of: "şifre"))
    #expect(Analyzer().words(of: "İSTANBUL") == ["istanbul"] && Analyzer().words(of: "ＩＳＴＡＮＢＵＬ") == ["istanbul"])
  }

  @Test func `ASCII folds to small letters and bytes that are no UTF-8 stay`() {
    let ascii = (0..<128).map { UInt8($0) }
    let small = FoldedText.folded(ascii.span)
    #expect(small == ascii.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 })
    let damaged: [UInt8] = [0x41, 0xFF, 0xC3, 0xC3, 0xA9, 0x80]
    let kept = FoldedText.folded(damaged.span)
    #expect(kept == [0x61, 0xFF, 0xC3, 0x65, 0xCC, 0x81, 0x80])
    #expect(FoldedText.folded("각") == FoldedText.folded("\u{1100}\u{1161}\u{11A8}"))
    #expect(Array(FoldedText.folded("각").utf8).count == 3)
  }
}
