import Glibc
import Primitives

/// A form that a service gives its tokens: how they begin, how long they go on, and of what.
///
/// Lengths are those that the services document, or that scanners of secrets agree on; where the beginning says enough,
/// they are wide, since services lengthen their tokens without a word.
struct SecretForm {
  enum Alphabet {
    /// Letters, digits, `_` and `-`.
    case word
    /// Letters and digits.
    case letters
    /// Of either case.
    case hexadecimal
    /// Capital letters and digits.
    case capitals
    /// Small letters and digits, hexadecimal ones for the most part.
    case small
    /// 32 hexadecimal digits with dashes between as a UUID has them.
    case identifier
    /// Capital letters and the digits 2 to 7.
    case base32
  }

  let beginning: [UInt8]
  /// The bytes behind the beginning.
  let count: ClosedRange<Int>
  let alphabet: Alphabet

  init(_ beginning: String, _ count: ClosedRange<Int>, _ alphabet: Alphabet) {
    self.beginning = Array(beginning.utf8)
    self.count = count
    self.alphabet = alphabet
  }

  init(_ beginning: String, _ count: Int, _ alphabet: Alphabet) { self.init(beginning, count...count, alphabet) }

  /// Whether the beginning is no word's and no part of one, as `key-` and `SK` are.
  var isTelling: Bool {
    beginning.count >= 4
      && beginning.contains { $0 == UInt8(ascii: "_") || $0.isASCIIDigit || $0.isASCIIUppercase || beginning.count > 5 }
  }

  /// Whether `text` is such a token, from its first byte to its last.
  func matches(_ text: ArraySlice<UInt8>) -> Bool {
    guard count.contains(text.count - beginning.count), text.starts(with: beginning) else { return false }
    return alphabet.isRandom(text.dropFirst(beginning.count))
  }

  /// The forms whose tokens begin with the same byte as `text`.
  static func candidates(for text: ArraySlice<UInt8>) -> [SecretForm] {
    guard let first = text.first, first < 128 else { return [] }
    return byFirstByte[Int(first)]
  }

  /// A place in `isBeginning` for the first two bytes of a run: what is not there begins no token.
  @inline(__always) static func slot(_ first: UInt8, _ second: UInt8) -> Int {
    Int(first & 63) << 6 | Int(second & 63)
  }

  static let isBeginning: [Bool] = {
    var slots = [Bool](repeating: false, count: 64 * 64)
    for beginning in all.map(\.beginning) + furtherBeginnings.map({ Array($0.utf8) }) {
      slots[slot(beginning[0], beginning[1])] = true
    }
    return slots
  }()

  private static let byFirstByte: [[SecretForm]] = (0..<128).map { byte in all.filter { $0.beginning[0] == byte } }

  /// Of tokens that `SecretToken` knows by more than a beginning, a length and an alphabet.
  private static let furtherBeginnings = ["xo", "xa", "sk", "ey", "AA"]

  private static let all: [SecretForm] = [
    // AWS: access keys of users, of sessions, of services and of contexts. Alibaba's, Yandex's.
    SecretForm("AKIA", 16, .base32), SecretForm("ASIA", 16, .base32), SecretForm("ABIA", 16, .base32),
    SecretForm("ACCA", 16, .base32), SecretForm("LTAI", 20, .letters), SecretForm("AQVN", 35...38, .word),
    // Google: keys of services, secrets of OAuth clients.
    SecretForm("AIza", 35, .word), SecretForm("GOCSPX-", 24...40, .word),
    // GitHub.
    SecretForm("ghp_", 36, .letters), SecretForm("gho_", 36, .letters), SecretForm("ghu_", 36, .letters),
    SecretForm("ghs_", 36, .letters), SecretForm("ghr_", 36, .letters), SecretForm("github_pat_", 82, .word),
    // GitLab: of people, of deployments, of runners, of jobs, of triggers, of feeds, of SCIM, of mail, of agents, of
    // applications.
    SecretForm("glpat-", 20...300, .word), SecretForm("gldt-", 20...300, .word), SecretForm("glrt-", 20...300, .word),
    SecretForm("glrtr-", 20...300, .word), SecretForm("GR1348941", 20, .word), SecretForm("glcbt-", 20...300, .word),
    SecretForm("glptt-", 40, .hexadecimal), SecretForm("glft-", 20...300, .word),
    SecretForm("glsoat-", 20...300, .word), SecretForm("glimt-", 20...300, .word),
    SecretForm("glagent-", 50...300, .word), SecretForm("gloas-", 64, .word), SecretForm("glffct-", 20...300, .word),
    SecretForm("glwt-", 20...300, .word),
    // Packages: npm, PyPI, RubyGems, crates.io, Clojars, NuGet's kin of JFrog.
    SecretForm("npm_", 36, .letters), SecretForm("pypi-AgE", 60...1_000, .word),
    SecretForm("rubygems_", 48, .hexadecimal),
    SecretForm("cio", 32, .letters), SecretForm("CLOJARS_", 60, .letters), SecretForm("AKCp", 69, .letters),
    SecretForm("cmVmd", 59, .letters), SecretForm("dckr_pat_", 24...40, .word), SecretForm("dckr_oat_", 24...48, .word),
    // Models: OpenAI, Anthropic, OpenRouter, Hugging Face, Groq, xAI, Replicate, Perplexity, NVIDIA, Tavily.
    SecretForm("sk-proj-", 40...220, .word), SecretForm("sk-svcacct-", 40...220, .word),
    SecretForm("sk-admin-", 40...220, .word), SecretForm("sk-None-", 40...220, .word), SecretForm("sk-", 48, .letters),
    SecretForm("sk-", 32, .hexadecimal), SecretForm("sk-ant-", 40...220, .word),
    SecretForm("sk-or-v1-", 64, .hexadecimal),
    SecretForm("hf_", 34, .letters), SecretForm("api_org_", 34, .letters), SecretForm("gsk_", 52, .letters),
    SecretForm("xai-", 80, .letters), SecretForm("r8_", 37, .letters), SecretForm("pplx-", 48, .letters),
    SecretForm("nvapi-", 60...72, .word), SecretForm("tvly-", 32...64, .word),
    // Payments: Stripe, Square, Shopify, EasyPost, Shippo.
    SecretForm("sk_live_", 24...120, .letters), SecretForm("rk_live_", 24...120, .letters),
    SecretForm("whsec_", 32, .letters), SecretForm("sq0atp-", 22, .word), SecretForm("sq0csp-", 43, .word),
    SecretForm("shpat_", 32, .hexadecimal), SecretForm("shpca_", 32, .hexadecimal),
    SecretForm("shppa_", 32, .hexadecimal), SecretForm("shpss_", 32, .hexadecimal), SecretForm("EZAK", 54, .letters),
    SecretForm("shippo_live_", 40, .hexadecimal),
    // Messages: Twilio, Mailgun, Brevo.
    SecretForm("SK", 32, .hexadecimal), SecretForm("key-", 32, .hexadecimal), SecretForm("xkeysib-", 81, .word),
    // Machines: DigitalOcean, Heroku, Fly, Databricks, Pulumi, PlanetScale, Supabase, Tailscale, 1Password, Doppler's
    // and Vault's stand behind a dot.
    SecretForm("dop_v1_", 64, .hexadecimal), SecretForm("doo_v1_", 64, .hexadecimal),
    SecretForm("dor_v1_", 64, .hexadecimal), SecretForm("HRKU-AA", 58, .word),
    SecretForm("HRKU-", 36, .identifier), SecretForm("fo1_", 43, .word),
    SecretForm("dapi", 32, .hexadecimal), SecretForm("pul-", 40, .hexadecimal),
    SecretForm("pscale_tkn_", 32...64, .word),
    SecretForm("pscale_pw_", 32...64, .word), SecretForm("pscale_oauth_", 32...64, .word),
    SecretForm("sbp_", 40, .hexadecimal), SecretForm("sb_secret_", 24...64, .word),
    SecretForm("tskey-", 24...100, .word),
    SecretForm("ops_eyJ", 100...1_200, .letters),
    // Work: Atlassian, Linear, Notion, Figma, Postman, New Relic, Grafana, Sentry, Prefect, ReadMe.
    SecretForm("ATATT3", 100...300, .word), SecretForm("ATCTT3", 100...300, .word),
    SecretForm("lin_api_", 40, .letters),
    SecretForm("ntn_", 46, .letters), SecretForm("figd_", 40, .word), SecretForm("PMAK-", 59, .word),
    SecretForm("NRAK-", 27, .capitals), SecretForm("glsa_", 41, .word), SecretForm("glc_", 40...400, .letters),
    SecretForm("sntryu_", 64, .hexadecimal), SecretForm("pnu_", 36, .letters), SecretForm("rdme_", 70, .letters),
    SecretForm("rdme_", 70, .small),
    // Keys of age.
    SecretForm("AGE-SECRET-KEY-1", 58, .capitals),
  ]
}

extension SecretForm.Alphabet {
  /// Whether `text` is of the alphabet alone, and as random as a generator's output of that length is.
  ///
  /// Floors of the short forms are by the exact distribution of the entropy of so many bytes of the alphabet: about one
  /// in ten million lies below. Those of longer forms are set by drawing.
  func isRandom(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.allSatisfy(bytes.contains) else { return false }
    switch self {
    case .hexadecimal:
      // Words (`deadbeef`, `cafed00d`) have hardly a digit.
      return text.count(where: \.isASCIIDigit) * 8 > text.count
        && Randomness.isRandom(text, floor: 2.5, mostSteps: 0.6)
    case .small: return Randomness.kinds(of: text) == 2 && Randomness.isRandom(text, floor: 3.2, mostSteps: 0.6)
    case .identifier:
      let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      return parts.map(\.count) == [8, 4, 4, 4, 12]
        && Randomness.isRandom(parts.joined().map(\.self), floor: 2.5, mostSteps: 0.6)
    case .base32, .capitals:
      let floor = text.count < 24 ? 2 : text.count < 40 ? 2.9 : 3.4
      return Randomness.isRandom(text, floor: floor, mostSteps: 0.6)
    case .letters, .word:
      // Words joined by dashes have one kind of letter and hardly a digit.
      if Randomness.kinds(of: text) < 2 { return false }
      if self == .word, text.count >= 40, text.count(where: \.isASCIIDigit) < 2, !Randomness.isMixed(text, fewest: 6) {
        return false
      }
      let floor = text.count < 24 ? 2.8 : text.count < 32 ? 3 : text.count < 64 ? 3.2 : 4
      // Some tokens are hexadecimal behind a beginning of their own, and of so few digits one in six is next to the one
      // before it.
      let isHexadecimal = text.allSatisfy(Self.identifierBytes.contains)
      return Randomness.isRandom(text, floor: floor, mostSteps: isHexadecimal ? 0.6 : 0.4)
    }
  }

  private var bytes: ByteSet {
    switch self {
    case .word: Self.wordBytes
    case .letters: Self.letterBytes
    case .hexadecimal: Self.hexadecimalBytes
    case .capitals: Self.capitalBytes
    case .base32: Self.base32Bytes
    case .small: Self.smallBytes
    case .identifier: Self.identifierBytes
    }
  }

  private static let wordBytes = ByteSet(
    (0...255).filter {
      $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    })
  private static let letterBytes = ByteSet((0...255).filter { $0.isASCIILetter || $0.isASCIIDigit })
  private static let hexadecimalBytes = ByteSet("0123456789abcdefABCDEF".utf8)
  private static let identifierBytes = ByteSet("0123456789abcdefABCDEF-".utf8)
  private static let smallBytes = ByteSet("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
  private static let capitalBytes = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
  private static let base32Bytes = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
}

/// Tells what a generator of keys made from what a person wrote to look like it.
enum Randomness {
  /// Whether `text` has at least `floor` bits of entropy in each byte, by its own frequencies, is no sequence and no
  /// repetition, and holds none of the words that examples are marked by.
  static func isRandom(_ text: some Collection<UInt8>, floor: Double, mostSteps: Double = 0.4) -> Bool {
    var counts = [Int](repeating: 0, count: 256)
    var steps = 0
    var before: UInt8?
    for byte in text {
      counts[Int(byte)] += 1
      // `aaaa`, `abcd`, `4321`.
      if let before, before &- byte &+ 1 <= 2 { steps += 1 }
      before = byte
    }
    let total = Double(text.count)
    if Double(steps) > total * mostSteps { return false }
    let entropy = counts.reduce(0.0) { $1 == 0 ? $0 : $0 - Double($1) / total * log2(Double($1) / total) }
    guard entropy >= floor else { return false }
    let written = Array(text)
    return !isRepetition(written) && !isMarked(written)
  }

  /// Whether it is one thing again and again, the last time perhaps in part.
  private static func isRepetition(_ text: [UInt8]) -> Bool {
    (1...max(1, text.count / 2)).contains { text.dropFirst($0).elementsEqual(text.dropLast($0)) }
  }

  /// Whether it holds a word that examples are marked by. Short ones come by chance, in one key of some thousands as
  /// `tEsT`, and in one of a hundred thousand as `test`: they count where there are two of them, between dashes, and
  /// where a phrase begins with one.
  private static func isMarked(_ text: [UInt8]) -> Bool {
    let folded = text.map(\.asciiLowercased)
    let digitCount = text.count(where: \.isASCIIDigit)
    // In letters of one case every word stands as written: one of five letters among digits must be at an end or
    // between dashes.
    func isPlain(_ offset: Range<Int>) -> Bool {
      if kinds(of: text.filter(\.isASCIILetter)) == 2 || digitCount * 20 < text.count { return true }
      if offset.lowerBound == 0 || offset.upperBound == text.count { return true }
      return isSeparator(text[offset.lowerBound - 1]) && isSeparator(text[offset.upperBound])
    }
    if marks.contains(where: { mark in
      folded[...].firstRange(of: mark).map { offset in
        isWritten(text[offset]) && (mark.count > 5 || (isPlain(offset) && !isScattered(text, outside: offset)))
      } ?? false
    }) {
      return true
    }
    // A hexadecimal key in forty thousand has five digits in their order, and one in some millions six or seven, of
    // which an example is made of other sequences as well.
    if text.starts(with: digits) { return true }
    if text.starts(with: digits.prefix(6)), isOrdered(text, outside: 0..<6) { return true }
    if text.suffix(6).elementsEqual(digits.prefix(6)), isOrdered(text, outside: (text.count - 6)..<text.count) {
      return true
    }
    if let offset = text[...].firstRange(of: digits) {
      let isLonger = offset.upperBound < text.count && text[offset.upperBound] == UInt8(ascii: "8")
      if isLonger || isOrdered(text, outside: offset) { return true }
    }
    var found = 0
    var next = 0
    for start in folded.indices.dropLast(3) where start >= next {
      let end = start + 4
      guard shortMarks.contains(where: { folded[start..<end].elementsEqual($0) }) else { continue }
      found += 1
      next = end
      if found == 2, !isScattered(text, outside: start..<end) { return true }
      // `yourKeyGoesHere`, `a-test-key`.
      let isFirst = start == 0 && digitCount * 20 < text.count
      let isApart = start > 0 && isSeparator(text[start - 1]) && (end == text.count || isSeparator(text[end]))
      if isFirst || isApart, isWritten(text[start..<end]) { return true }
    }
    return false
  }

  /// Whether letters of either case and digits take turns outside of `offset` as often as in what a generator made: a
  /// word in it is one by chance. In names they do so only where a word ends, and in `a1B2c3` everywhere.
  private static func isScattered(_ text: [UInt8], outside offset: Range<Int>) -> Bool {
    func kind(_ byte: UInt8) -> Int {
      byte.isASCIIDigit ? 0 : byte.isASCIILowercase ? 1 : byte.isASCIIUppercase ? 2 : 3
    }
    let (count, changes) = neighbours(text, outside: offset) { kind($0) != kind($1) }
    // Short words have no digits.
    let digitCount = text.indices.count { !offset.contains($0) && text[$0].isASCIIDigit }
    return count >= 12 && digitCount * 20 >= text.count && changes * 20 >= count * 9 && changes * 20 <= count * 17
  }

  /// Whether more bytes follow the one before them, or are the same, outside of `offset` than by chance.
  private static func isOrdered(_ text: [UInt8], outside offset: Range<Int>) -> Bool {
    let (count, steps) = neighbours(text, outside: offset) { $0 &- $1 &+ 1 <= 2 }
    return count < 12 || steps * 10 >= count * 4
  }

  /// How many pairs of neighbours there are outside of `offset`, and of how many `isWanted` is true.
  private static func neighbours(
    _ text: [UInt8], outside offset: Range<Int>, where isWanted: (UInt8, UInt8) -> Bool
  ) -> (all: Int, wanted: Int) {
    var (all, wanted) = (0, 0)
    for i in text.indices.dropLast() where !offset.contains(i) && !offset.contains(i + 1) {
      all += 1
      if isWanted(text[i], text[i + 1]) { wanted += 1 }
    }
    return (all, wanted)
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") }

  /// Whether a word's letters have the case that people give them: all of them the same one, or but the first small.
  private static func isWritten(_ word: ArraySlice<UInt8>) -> Bool {
    let rest = word.dropFirst()
    return rest.allSatisfy { $0 == $0.asciiLowercased }
      || word.allSatisfy { !$0.isASCIILowercase }
  }

  /// Whether letters of either case and digits take turns as they do by chance, and there are at least `fewest` letters
  /// of either case. Those of paths and of names in camel case take turns at the ends of words.
  static func isMixed(_ text: some Collection<UInt8>, fewest: Int) -> Bool {
    var counts = [0, 0, 0, 0]
    var changes = 0
    var before: Int?
    for byte in text {
      let kind =
        byte.isASCIIDigit ? 0 : byte.isASCIILowercase ? 1 : byte.isASCIIUppercase ? 2 : 3
      counts[kind] += 1
      if let before, before != kind { changes += 1 }
      before = kind
    }
    return changes * 5 >= text.count && counts[1] >= fewest && counts[2] >= fewest
  }

  /// How many of small letters, capital letters and digits there are.
  static func kinds(of text: some Collection<UInt8>) -> Int {
    var kinds: UInt8 = 0
    for byte in text {
      kinds |= byte.isASCIIDigit ? 1 : byte.isASCIILowercase ? 2 : byte.isASCIIUppercase ? 4 : 0
    }
    return kinds.nonzeroBitCount
  }

  private static let marks = ["example", "sample", "dummy", "placeholder", "redacted", "token", "secret"].map {
    Array($0.utf8)
  }
  private static let digits = Array("1234567".utf8)
  private static let shortMarks = ["xxxx", "test", "fake", "your"].map { Array($0.utf8) }
}
