import Primitives

/// A run of letters, digits, `_` and `-` in a text, as long as it goes, and what stands around it.
struct SecretToken {
  private let bytes: [UInt8]
  private let range: Range<Int>

  @unsafe init(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) {
    // As far as a token reaches: the address of a webhook, or the body and the signature of a session's.
    let start = max(0, range.lowerBound - 140)
    let isHead = unsafe range.count > 2 && text[range.lowerBound] == UInt8(ascii: "e")
    bytes = unsafe Array(text[start..<min(text.count, range.upperBound + (isHead ? 4_000 : 140))])
    self.range = (range.lowerBound - start)..<(range.upperBound - start)
  }

  private init(_ range: Range<Int>, in bytes: [UInt8]) {
    self.range = range
    self.bytes = bytes
  }

  /// Whether it is a token of a service, by its form.
  var isSecret: Bool {
    let text = bytes[range]
    if SecretForm.candidates(for: text).contains(where: { $0.matches(text) }), !isNameOfFile { return true }
    return isOfSlack || isOldKeyOfOpenAI || isPartOfLongerToken || isOfBot || isOfWebhook
  }

  /// Whether it is a token that something else stands before, by a form whose beginning is none of a word's.
  var isInside: Bool {
    let text = bytes[range]
    if SecretForm.candidates(for: text).contains(where: { $0.isTelling && $0.matches(text) }), !isNameOfFile {
      return true
    }
    return isOfSlack
  }

  /// Whether an extension comes right behind it: builds name files by their hashes (`key-d41d8cd98f00b204….js`).
  private var isNameOfFile: Bool {
    guard byte(at: range.upperBound) == .dot else { return false }
    let rest = bytes[(range.upperBound + 1)...].prefix(9).prefix { $0.isASCIILetter || $0.isASCIIDigit }
    return Self.extensions.contains(Array(rest).asciiLowercased)
  }

  // MARK: Forms of more than one part

  /// `xoxb-` and its kin with numbers behind them, and application tokens: it is the last part that is random.
  private var isOfSlack: Bool {
    if begins("xox"), byte(at: range.lowerBound + 4) == UInt8(ascii: "-"),
      let kind = byte(at: range.lowerBound + 3), Self.kindsOfSlack.contains(kind)
    {
      return (30...400).contains(count) && hasRandomEnd
    }
    return begins("xapp-") && (50...400).contains(count) && hasRandomEnd
  }

  private var hasRandomEnd: Bool {
    let end = bytes[range].suffix(while: { $0 != UInt8(ascii: "-") })
    return end.count >= 16 && Randomness.kinds(of: end) >= 2 && Randomness.isRandom(end, floor: 2.5, mostSteps: 0.6)
  }

  /// `sk-`, with a mark in the middle.
  private var isOldKeyOfOpenAI: Bool {
    begins("sk-") && (48...220).contains(count) && bytes[range].firstRange(of: Array("T3BlbkFJ".utf8)) != nil
      && SecretForm.Alphabet.word.isRandom(bytes[range].dropFirst(3))
  }

  /// What stands behind a dot, a tilde or two slashes: `SG.…`, `hvs.…`, `ya29.…`, `dp.pt.…`, `….atlasv1.…`, `pat….…`,
  /// `…Q~…`, `1//0…`.
  private var isPartOfLongerToken: Bool {
    guard range.lowerBound > 0 else { return false }
    let before = bytes[..<range.lowerBound]
    let word = SecretForm.Alphabet.word
    switch before.last {
    case .dot:
      // What is random before the dot may end like another form: each is asked.
      if count == 43, let head = part(before: range.lowerBound - 1), head.count == 22, head.follows("SG."),
        word.isRandom(bytes[range]), word.isRandom(bytes[head.range])
      {
        return true
      }
      if ends(before, "hvs.") || ends(before, "hvb.") || ends(before, "hvr."), (24...400).contains(count),
        word.isRandom(bytes[range])
      {
        return true
      }
      if ends(before, "ya29."), (30...600).contains(count), word.isRandom(bytes[range]) { return true }
      if ends(before, ".atlasv1."), (60...70).contains(count), word.isRandom(bytes[range]) { return true }
      if count == 43 || count == 40, let kind = part(before: range.lowerBound - 1), (2...3).contains(kind.count),
        kind.follows("dp."), SecretForm.Alphabet.letters.isRandom(bytes[range])
      {
        return true
      }
      if begins("eyJ1Ijoi"), ends(before, "sk."), count >= 40 { return true }
      guard count == 64, let head = part(before: range.lowerBound - 1) else { return false }
      if head.count == 17, head.begins("pat") { return SecretForm.Alphabet.hexadecimal.isRandom(bytes[range]) }
      return head.count == 24 && head.follows("dt0c01.") && SecretForm.Alphabet.capitals.isRandom(bytes[range])
    case UInt8(ascii: "~"):
      if ends(before, "sha256~") { return count == 43 && word.isRandom(bytes[range]) }
      let head = before.dropLast().suffix(5)
      return head.count == 5 && head.last == UInt8(ascii: "Q") && head.dropLast().last?.isASCIIDigit == true
        && (20...34).contains(count) && isOfAllKinds(bytes[range]) && Randomness.isRandom(bytes[range], floor: 2.8)
    case .slash:
      return ends(before, "1//") && begins("0") && (40...120).contains(count) && word.isRandom(bytes[range])
    default: return false
    }
  }

  /// Telegram's (`NUMBER:AA…`) and Discord's (three parts, of which the first is a number in base 64).
  private var isOfBot: Bool {
    guard range.lowerBound > 8 else { return false }
    if count == 35, begins("AA"), byte(at: range.lowerBound - 1) == UInt8(ascii: ":") {
      let number = bytes[..<(range.lowerBound - 1)].suffix(while: { Self.word.contains($0) })
      return (8...10).contains(number.count) && number.allSatisfy(\.isASCIIDigit)
        && SecretForm.Alphabet.word.isRandom(bytes[range])
    }
    guard (27...38).contains(count), byte(at: range.lowerBound - 1) == .dot,
      let time = part(before: range.lowerBound - 1), time.count == 6, byte(at: time.range.lowerBound - 1) == .dot,
      let number = part(before: time.range.lowerBound - 1), (23...28).contains(number.count),
      let first = byte(at: number.range.lowerBound), (UInt8(ascii: "M")...UInt8(ascii: "O")).contains(first)
    else { return false }
    return isOfAllKinds(bytes[range]) && (Randomness.kinds(of: bytes[number.range]) == 3 || number.isNumberInBase64)
      && Randomness.isRandom(bytes[range], floor: 3.1)
  }

  /// The last part of an address that takes messages from all who know it: Slack's, Discord's, Teams'.
  private var isOfWebhook: Bool {
    guard byte(at: range.lowerBound - 1) == .slash, count <= 80 else { return false }
    let before = bytes[..<range.lowerBound].suffix(120)
    guard
      before.firstRange(of: Array("hooks.slack.com/".utf8)) != nil
        || before.firstRange(of: Array("/api/webhooks/".utf8)) != nil
        || before.firstRange(of: Array("/IncomingWebhook/".utf8)) != nil
    else { return false }
    return Randomness.kinds(of: bytes[range]) >= 2 && Randomness.isRandom(bytes[range], floor: 2.5, mostSteps: 0.6)
  }

  /// Whether it is the head of a signed token (JWT), with a body and a signature behind it.
  var isSessionToken: Bool {
    guard begins("eyJ"), byte(at: range.upperBound) == .dot else { return false }
    let body = run(from: range.upperBound + 1)
    guard body.count >= 40, body.begins("eyJ"), byte(at: body.range.upperBound) == .dot else {
      return false
    }
    // The example that everyone copies is of John Doe.
    if body.begins("eyJzdWIiOiIxMjM0NTY3ODkwIi") { return false }
    let signature = run(from: body.range.upperBound + 1)
    return signature.count >= 40 && SecretForm.Alphabet.word.isRandom(signature.bytes[signature.range])
  }

  // MARK: Questions

  /// Whether there are letters of either case, and digits, which one in a hundred of so few bytes has not.
  private func isOfAllKinds(_ text: ArraySlice<UInt8>) -> Bool {
    if Randomness.kinds(of: text) == 3 { return true }
    let capitalCount = text.count { $0.isASCIIUppercase }
    return capitalCount >= 3 && text.count(where: \.isASCIILetter) - capitalCount >= 3
  }

  /// Whether it is a decimal number in base 64, of which one in a hundred has no digit itself.
  private var isNumberInBase64: Bool {
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for byte in bytes[range] {
      let value =
        byte.isASCIIUppercase
        ? byte - UInt8(ascii: "A")
        : byte.isASCIILowercase ? byte - UInt8(ascii: "a") + 26 : byte.isASCIIDigit ? byte - UInt8(ascii: "0") + 52 : 0
      bits = (bits << 6 | UInt32(value)) & 0xFFFF
      count += 6
      if count < 8 { continue }
      count -= 8
      if !UInt8(truncatingIfNeeded: bits >> count).isASCIIDigit { return false }
    }
    return true
  }

  private var count: Int { range.count }

  private func begins(_ text: String) -> Bool { bytes[range].starts(with: text.utf8) }

  /// Whether `text` comes just before the run.
  private func follows(_ text: String) -> Bool { ends(bytes[..<range.lowerBound], text) }

  private func ends(_ before: ArraySlice<UInt8>, _ text: String) -> Bool {
    before.suffix(text.utf8.count).elementsEqual(text.utf8)
  }

  private func byte(at offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

  /// The run that begins at `start`.
  private func run(from start: Int) -> SecretToken {
    var end = start
    while end < bytes.count, end - start < 4_096, Self.word.contains(bytes[end]) { end += 1 }
    return SecretToken(start..<max(start, end), in: bytes)
  }

  /// The run that ends at `end`; nil if there is none.
  private func part(before end: Int) -> SecretToken? {
    var start = end
    while start > 0, Self.word.contains(bytes[start - 1]) { start -= 1 }
    return start < end ? SecretToken(start..<end, in: bytes) : nil
  }

  private static let word = ByteSet(
    (0...255).filter {
      $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    })
  /// Of files that are served, with what stands before theirs (`.min.js`).
  private static let extensions: Set = Set(
    [
      "js", "mjs", "cjs", "jsx", "ts", "tsx", "css", "scss", "less", "map", "min", "chunk", "bundle", "module", "html",
      "htm", "json", "xml", "txt", "md", "csv", "pdf", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "bmp",
      "tif", "tiff", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "m4a", "ogg", "wav", "webm", "wasm", "zip",
      "gz", "tgz", "tar", "xz", "bz2", "br", "zst", "bin", "dat", "log", "php", "py", "rb", "vue", "yml", "yaml",
    ].map { Array($0.utf8) })
  private static let kindsOfSlack = ByteSet("abcdeoprs".utf8)
}

extension ArraySlice<UInt8> {
  /// The longest end all of whose bytes are `isPart`.
  fileprivate func suffix(while isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var start = endIndex
    while start > startIndex, isPart(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
