import Glibc

/// A run of letters, digits, `_` and `-` in a text, as long as it goes, and what stands around it.
struct SecretToken {
  private let bytes: [UInt8]
  private let range: Range<Int>

  @unsafe init(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) {
    // As far as a token reaches: 86 bytes of base 64, or the body and the signature of a session's.
    let start = max(0, range.lowerBound - 100)
    bytes = unsafe Array(text[start..<min(text.count, range.upperBound + 2_000)])
    self.range = (range.lowerBound - start)..<(range.upperBound - start)
  }

  private init(_ range: Range<Int>, in bytes: [UInt8]) {
    self.range = range
    self.bytes = bytes
  }

  /// Whether it is a token of a service, by its form.
  var isSecret: Bool {
    if range.count > 400 { return false }
    if isKeyOfSendGrid || isKeyOfAzure { return true }
    return switch bytes[range.lowerBound] {
    // Access keys of AWS, keys of Google's services.
    case UInt8(ascii: "A"):
      (begins("AKIA") || begins("ASIA")) && count == 20 && isRandom(from: 4, Self.base32, floor: 2.8)
        || begins("AIza") && count == 39 && isRandom(from: 4, Self.word, floor: 3.4)
    // GitHub, GitLab.
    case UInt8(ascii: "g"):
      (begins("ghp_") || begins("gho_") || begins("ghu_") || begins("ghs_") || begins("ghr_")) && count == 40
        && isRandom(from: 4, Self.letters, floor: 3.4)
        || begins("github_pat_") && count == 93 && isRandom(from: 11, Self.word, floor: 3.8)
        || begins("glpat-") && (26...60).contains(count) && isRandom(from: 6, Self.word, floor: 3.0)
    // Google's OAuth, Twilio.
    case UInt8(ascii: "G"): begins("GOCSPX-") && count == 35 && isRandom(from: 7, Self.word, floor: 3.4)
    case UInt8(ascii: "S"): begins("SK") && count == 34 && isRandom(from: 2, Self.hexadecimal, floor: 3.0)
    // Slack.
    case UInt8(ascii: "x"):
      (begins("xoxb-") || begins("xoxp-") || begins("xoxa-") || begins("xoxr-") || begins("xoxs-"))
        && (40...300).contains(count) && isDigit(5) && isRandom(from: count - 24, Self.letters, floor: 3.0)
        || begins("xapp-") && (60...300).contains(count) && isDigit(5)
          && isRandom(from: count - 40, Self.letters, floor: 3.0)
    // Stripe, OpenAI, Anthropic, Shopify.
    case UInt8(ascii: "s"):
      begins("sk_live_") && (32...120).contains(count) && isRandom(from: 8, Self.letters, floor: 3.2)
        || begins("sk-ant-") && (80...140).contains(count) && isRandom(from: 14, Self.word, floor: 4.0)
        || begins("sk-") && (48...220).contains(count) && holds("T3BlbkFJ") && isRandom(from: 3, Self.word, floor: 3.8)
        || begins("shpat_") && count == 38 && isRandom(from: 6, Self.hexadecimal, floor: 3.0)
    case UInt8(ascii: "r"):
      begins("rk_live_") && (32...120).contains(count) && isRandom(from: 8, Self.letters, floor: 3.2)
    // npm, PyPI, Hugging Face, DigitalOcean.
    case UInt8(ascii: "n"): begins("npm_") && count == 40 && isRandom(from: 4, Self.letters, floor: 3.4)
    case UInt8(ascii: "p"): begins("pypi-AgE") && count >= 85 && isRandom(from: 8, Self.word, floor: 4.0)
    case UInt8(ascii: "h"): begins("hf_") && count == 37 && isRandom(from: 3, Self.letters, floor: 3.4)
    case UInt8(ascii: "d"): begins("dop_v1_") && count == 71 && isRandom(from: 7, Self.hexadecimal, floor: 3.0)
    default: false
    }
  }

  /// `SG.`, 22 of them, a dot, 43 of them.
  private var isKeyOfSendGrid: Bool {
    guard count == 22, precedes("SG."), byte(at: range.upperBound) == .dot else { return false }
    let next = run(from: range.upperBound + 1)
    return next.count == 43 && next.isRandom(from: 0, Self.word, floor: 3.4)
  }

  /// `AccountKey=`, 86 bytes of base 64 and `==`; the run is a part of them.
  private var isKeyOfAzure: Bool {
    var start = range.lowerBound
    guard start > 0, [UInt8(ascii: "+"), .slash, UInt8(ascii: "=")].contains(bytes[start - 1]) else {
      return false
    }
    while start > 0, range.lowerBound - start < 88, Self.isBase64(bytes[start - 1]) { start -= 1 }
    var end = range.upperBound
    while end < bytes.count, end - start < 88, Self.isBase64(bytes[end]) { end += 1 }
    guard end - start == 86, byte(at: end) == UInt8(ascii: "="), start >= 11 else { return false }
    let value = SecretToken(start..<end, in: bytes)
    return value.precedes("AccountKey=") && Randomness.isRandom(bytes[start..<end], floor: 4)
  }

  /// Whether it is the head of a signed token (JWT), with a body and a signature behind it.
  var isSessionToken: Bool {
    guard begins("eyJ"), byte(at: range.upperBound) == .dot else { return false }
    let body = run(from: range.upperBound + 1)
    guard body.count >= 20, body.begins("eyJ"), byte(at: body.range.upperBound) == .dot else {
      return false
    }
    // The example that everyone copies is of John Doe.
    if body.begins("eyJzdWIiOiIxMjM0NTY3ODkwIi") { return false }
    let signature = run(from: body.range.upperBound + 1)
    return signature.count >= 40 && signature.isRandom(from: 0, Self.word, floor: 4)
  }

  // MARK: Questions

  private var count: Int { range.count }

  private func begins(_ text: String) -> Bool {
    bytes[range].starts(with: text.utf8)
  }

  /// Whether `text` comes just before the run.
  private func precedes(_ text: String) -> Bool {
    let before = bytes[..<range.lowerBound]
    return before.suffix(text.utf8.count).elementsEqual(text.utf8)
  }

  private func holds(_ text: String) -> Bool {
    bytes[range].place(of: Array(text.utf8)) != nil
  }

  private func isDigit(_ offset: Int) -> Bool { bytes[range.lowerBound + offset].isASCIIDigit }

  private func byte(at place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

  /// The run that begins at `start`.
  private func run(from start: Int) -> SecretToken {
    var end = start
    while end < bytes.count, end - start < 4096, Self.word.contains(bytes[end]) { end += 1 }
    return SecretToken(start..<end, in: bytes)
  }

  /// Whether what comes after `offset` is of `alphabet` and looks random.
  private func isRandom(from offset: Int, _ alphabet: ByteSet, floor: Double) -> Bool {
    let part = bytes[(range.lowerBound + offset)..<range.upperBound]
    return part.allSatisfy(alphabet.contains) && Randomness.isRandom(part, floor: floor)
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    letters.contains(byte) || byte == UInt8(ascii: "+") || byte == .slash
  }

  private static let letters = ByteSet((0...255).filter { $0.isASCIILetter || $0.isASCIIDigit })
  private static let word = ByteSet(
    (0...255).filter {
      $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    })
  private static let hexadecimal = ByteSet("0123456789abcdef".utf8)
  private static let base32 = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
}

/// Tells what a generator of keys made from what a person wrote to look like it.
enum Randomness {
  /// Whether `text` has at least `floor` bits of entropy in each byte, by its own frequencies, is no sequence, and holds none of the
  /// words that examples are marked by.
  static func isRandom(_ text: some Collection<UInt8>, floor: Double) -> Bool {
    var counts = [Int](repeating: 0, count: 256)
    var steps = 0
    var before: UInt8?
    for byte in text {
      counts[Int(byte)] += 1
      // `aaaa`, `abcd`, `4321`.
      if let before, before &- byte &+ 1 <= 2 { steps += 1 }
      before = byte
    }
    if steps * 5 > text.count * 2 { return false }
    let total = Double(text.count)
    let entropy = counts.reduce(0.0) { $1 == 0 ? $0 : $0 - Double($1) / total * log2(Double($1) / total) }
    guard entropy >= floor else { return false }
    let folded = text.map(\.asciiLowercased)
    return !marks.contains { folded[...].place(of: $0) != nil }
  }

  private static let marks = [
    "example", "sample", "xxxx", "test", "fake", "dummy", "placeholder", "redacted", "your", "token", "secret", "12345",
  ].map { Array($0.utf8) }
}
