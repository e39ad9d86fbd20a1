/// Tells the encoding of a file's text from its bytes alone: what they say for certain (marks, validity), and else the
/// evidence of which characters the text would have. What is in doubt is UTF-8.
enum EncodingDetector {
  static func encoding(of bytes: Span<UInt8>) -> TextEncoding {
    if let marked = markedEncoding(bytes) { return marked }
    let head = bytes.extracting(0..<min(bytes.count, 8_192))
    if holdsNUL(head) { return unmarkedUTF16(bytes) ?? .utf8 }
    let start = asciiEnd(bytes)
    if start == bytes.count { return .utf8 }
    let sequences = utf8Sequences(bytes, from: start)
    // What is UTF-8 but for some damage stays so.
    if sequences.invalid == 0 || sequences.valid > 4 * sequences.invalid { return .utf8 }
    return ContentHeuristics.isBinary(bytes) ? .utf8 : legacyEncoding(bytes, from: start)
  }

  /// Whether the file that begins with `bytes` is UTF-8 without a mark as far as they tell.
  static func isPlainBeginning(_ bytes: Span<UInt8>) -> Bool {
    if markedEncoding(bytes) != nil { return false }
    if holdsNUL(bytes.extracting(0..<min(bytes.count, 8_192))) { return false }
    let start = asciiEnd(bytes)
    if start == bytes.count { return true }
    let sequences = utf8Sequences(bytes, from: start)
    // The last may go on behind the end.
    return sequences.invalid == 0 || (sequences.isCut && sequences.invalid == 1)
  }

  private static func markedEncoding(_ bytes: Span<UInt8>) -> TextEncoding? {
    func begins(_ mark: [UInt8]) -> Bool {
      bytes.count >= mark.count && mark.indices.allSatisfy { bytes[$0] == mark[$0] }
    }
    if begins([0xEF, 0xBB, 0xBF]) { return .utf8WithMark }
    if begins([0xFF, 0xFE, 0, 0]), bytes.count % 4 == 0 { return .utf32LittleEndian }
    if begins([0, 0, 0xFE, 0xFF]) { return .utf32BigEndian }
    if begins([0xFF, 0xFE]) { return isUTF16(bytes, isLittleEndian: true, isMarked: true) ? .utf16LittleEndian : nil }
    if begins([0xFE, 0xFF]) { return isUTF16(bytes, isLittleEndian: false, isMarked: true) ? .utf16BigEndian : nil }
    return nil
  }

  private static func holdsNUL(_ bytes: Span<UInt8>) -> Bool { bytes.holds(0) }

  /// Where the ASCII that begins at `start` ends. Every file that a search reads passes here, so 64 bytes at a time.
  private static func asciiEnd(_ bytes: Span<UInt8>, from start: Int = 0) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      var i = start
      while i &+ 64 <= bytes.count {
        var all: UInt64 = 0
        for k in 0..<8 { all |= unsafe bytes.loadUnaligned(fromByteOffset: i &+ 8 &* k, as: UInt64.self) }
        if all & 0x8080_8080_8080_8080 != 0 { break }
        i &+= 64
      }
      while i < bytes.count, unsafe bytes[i] < 0x80 { i &+= 1 }
      return i
    }
  }

  /// How many sequences of several bytes are UTF-8, and how many bytes are not.
  private static func utf8Sequences(
    _ bytes: Span<UInt8>, from start: Int
  ) -> (valid: Int, invalid: Int, isCut: Bool) {
    var (valid, invalid, isCut) = (0, 0, false)
    var i = start
    while i < bytes.count {
      let first = bytes[i]
      if first < 0x80 {
        i = asciiEnd(bytes, from: i)
        continue
      }
      let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
      var isValid = first >= 0xC2 && first <= 0xF4
      var k = 1
      while isValid, k < count, i &+ k < bytes.count {
        isValid = bytes[i &+ k] & 0xC0 == 0x80
        k &+= 1
      }
      if isValid, i &+ count > bytes.count {
        invalid &+= 1
        isCut = true
        break
      }
      if isValid, count > 2 {
        let second = bytes[i &+ 1]
        switch first {
        case 0xE0: isValid = second >= 0xA0
        case 0xED: isValid = second < 0xA0
        case 0xF0: isValid = second >= 0x90
        case 0xF4: isValid = second < 0x90
        default: break
        }
      }
      if isValid {
        valid &+= 1
        i &+= count
      } else {
        invalid &+= 1
        i &+= 1
      }
    }
    return (valid, invalid, isCut)
  }

  // MARK: UTF-16

  /// UTF-16 without a mark: nearly all NULs at even places or at odd ones, which are those of ASCII; or text of East
  /// Asia.
  private static func unmarkedUTF16(_ bytes: Span<UInt8>) -> TextEncoding? {
    guard bytes.count >= 4, bytes.count % 2 == 0 else { return nil }
    var nul = (even: 0, odd: 0)
    var pairs = 0
    let end = min(bytes.count, 8_192)
    for i in stride(from: 0, to: end, by: 2) {
      if bytes[i] == 0 { nul.even += 1 }
      if bytes[i + 1] == 0 { nul.odd += 1 }
      if isASCIIText(bytes[i]), isASCIIText(bytes[i + 1]) { pairs += 1 }
    }
    // Two letters of ASCII would be an ideograph. What holds hardly anything else are strings of a program.
    if pairs * 20 > end * 7 { return nil }
    if let encoding = EastAsianUTF16.encoding(of: bytes) { return encoding }
    if nul.even * 4 <= nul.odd {
      return isUTF16(bytes, isLittleEndian: true, isMarked: false) ? .utf16LittleEndian : nil
    }
    if nul.odd * 4 <= nul.even { return isUTF16(bytes, isLittleEndian: false, isMarked: false) ? .utf16BigEndian : nil }
    return nil
  }

  private static func isASCIIText(_ byte: UInt8) -> Bool { byte &- 0x20 < 0x5F || byte == 0x0A || byte == 0x0D }

  /// Whether the bytes are text in UTF-16: no surrogates alone, no controls but those of text, hardly anything that is
  /// no character, and as much white space as text of any script has. A line may be longer than what is looked at:
  /// without white space, it is text that is nearly all ASCII, or behind a mark, in a script that has no blanks or of
  /// few rows of Unicode.
  private static func isUTF16(_ bytes: Span<UInt8>, isLittleEndian: Bool, isMarked: Bool) -> Bool {
    var (all, controls, spaces, odd, ascii, asian) = (0, 0, 0, 0, 0, 0)
    // The rows of 256 characters that the others are in, as far as they are few.
    var rows: [UInt32] = []
    let sample = bytes.extracting(0..<min(bytes.count, 16_384) & ~1)
    TextDecoder.decodeUTF16(sample, isLittleEndian: isLittleEndian) { scalar in
      all += 1
      switch scalar {
      case 0x20, 0x09, 0x0A, 0x0D, 0x3000, 0x0C: spaces += 1
      case 0..<0x20, 0x7F..<0xA0: controls += 1
      case 0x21..<0x7F: ascii += 1
      case 0xFFFD, 0xFFFE, 0xFFFF, 0xE000...0xF8FF: odd += 1
      default:
        // Ideographs, kana, Hangul, and their signs and wide letters.
        switch scalar {
        case 0x3000..<0x3100, 0x4E00..<0xA000, 0xAC00..<0xD7A4, 0xFF00..<0xFFE0: asian += 1
        default: if rows.count <= mostRows, !rows.contains(scalar >> 8) { rows.append(scalar >> 8) }
        }
        // Scripts that nobody writes code in are most of what random bytes are.
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case nil, .unassigned, .privateUse, .surrogate: odd += 1
        default: break
        }
      }
    }
    // The last of a sample may be half of a pair. What has no mark is read in the wrong order as easily: one that is no
    // character says so.
    let allowed = isMarked || sample.count < bytes.count ? 49 : 0
    guard all > 0, controls * 100 <= all, odd * 50 <= all + allowed else { return false }
    if spaces > 0 || all < 64 || ascii * 10 >= all * 9 { return true }
    return isMarked && (rows.count <= mostRows || (ascii + asian) * 10 >= all * 9)
  }

  private static let mostRows = 4

  // MARK: Encodings before Unicode

  /// Counts of the characters that a text would have.
  private struct Evidence {
    /// Characters beyond ASCII.
    var all = 0
    /// Those of them that most text of the language is made of.
    var usual = 0
    /// Those that its grammar cannot do without.
    var telling = 0
    /// Letters of half width.
    var half = 0
    var invalid = 0
  }

  private static func legacyEncoding(_ bytes: Span<UInt8>, from start: Int) -> TextEncoding {
    let high = highBytes(bytes, from: start)
    let isInRuns = high.inRuns * 10 >= high.all * 7
    if isInRuns, high.all >= 6, let script = SingleByteScript.encoding(high.counts, high.all, isCertain: true) {
      return script
    }
    if high.inRuns * 10 >= high.all * 6 || high.all < 4 {
      if let asian = doubleByteEncoding(bytes.extracting(start..<bytes.count)) { return asian }
    }
    if isInRuns, high.all >= 5, let script = SingleByteScript.encoding(high.counts, high.all, isCertain: false) {
      return script
    }
    if high.all * 10 <= bytes.count * 3, let latin = LatinAlphabet.encoding(of: bytes, from: start, high.counts) {
      return latin
    }
    // Text of Western Europe has few letters beyond ASCII, and none of the five that mean nothing.
    let undefined = [0x81, 0x8D, 0x8F, 0x90, 0x9D].reduce(0) { $0 + high.counts[$1] }
    let isLatin = undefined == 0 && high.all * 10 <= bytes.count * 3
    return isLatin ? .windows1252 : .utf8
  }

  /// How often each byte beyond ASCII occurs, and how many of them stand beside another.
  private static func highBytes(_ bytes: Span<UInt8>, from start: Int) -> (counts: [Int], all: Int, inRuns: Int) {
    var counts = [Int](repeating: 0, count: 256)
    var (all, inRuns) = (0, 0)
    for i in start..<bytes.count where bytes[i] >= 0x80 {
      counts[Int(bytes[i])] += 1
      all += 1
      if i > 0 && bytes[i - 1] >= 0x80 || i + 1 < bytes.count && bytes[i + 1] >= 0x80 { inRuns += 1 }
    }
    return (counts, all, inRuns)
  }

  private static func doubleByteEncoding(_ bytes: Span<UInt8>) -> TextEncoding? {
    var best: (encoding: TextEncoding, share: Double)?
    for encoding in [TextEncoding.eucKR, .eucJP, .shiftJIS, .gb18030, .big5] {
      let evidence = evidence(of: bytes, in: encoding)
      guard evidence.invalid == 0, evidence.all >= 2, evidence.half * 2 <= evidence.all else { continue }
      let share = Double(evidence.usual) / Double(evidence.all)
      let telling = Double(evidence.telling) / Double(evidence.all)
      switch encoding {
      case .eucKR where telling < 0.08: continue
      case .eucJP where telling < 0.1, .shiftJIS where telling < 0.1 && share < 0.95: continue
      default: break
      }
      if share >= 0.85, share > (best?.share ?? 0) { best = (encoding, share) }
    }
    return best?.encoding
  }

  private static func evidence(of bytes: Span<UInt8>, in encoding: TextEncoding) -> Evidence {
    var evidence = Evidence()
    TextDecoder.decodeDoubleByte(bytes, as: encoding) { lead, trail, scalar in
      if lead < 0x80 { return }
      guard let scalar else {
        evidence.invalid += 1
        return
      }
      evidence.all += 1
      let isSign = lead >= 0xA1 && lead <= 0xA3 && trail >= 0xA1
      switch encoding {
      case .eucKR:
        if isSign || lead >= 0xB0 && lead <= 0xC8 && trail >= 0xA1 { evidence.usual += 1 }
        if koreanSyllables.contains(scalar) { evidence.telling += 1 }
      case .eucJP:
        if isSign || lead == 0xA4 || lead == 0xA5 || lead >= 0xB0 && lead <= 0xCF { evidence.usual += 1 }
        if lead == 0xA4 || lead == 0xA5 { evidence.telling += 1 }
        if lead == 0x8E { evidence.half += 1 }
      case .shiftJIS:
        let isKana = lead == 0x82 && trail >= 0x9F || lead == 0x83 && trail <= 0x96
        let isKanji = lead == 0x88 && trail >= 0x9F || lead > 0x88 && lead < 0x98 || lead == 0x98 && trail <= 0x72
        if isKana || isKanji || lead == 0x81 || lead == 0x82 { evidence.usual += 1 }
        if isKana { evidence.telling += 1 }
        if trail == 0 { evidence.half += 1 }
      case .big5:
        if lead >= 0xA4 && lead <= 0xC6 || lead >= 0xA1 && lead <= 0xA3 { evidence.usual += 1 }
      default:
        if isSign || lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1 { evidence.usual += 1 }
      }
    }
    return evidence
  }

  /// A quarter of any Korean text: its particles and endings.
  private static let koreanSyllables = Set("이다는을를에의가하한고지로기사은도인리시".unicodeScalars.map(\.value))
}
