import Glibc
import Primitives

/// Looks for secrets of known forms in a text: private keys, the tokens of services that give theirs a form of its own,
/// and addresses with a password in them. Each form has its length and its alphabet, and what is no random text (an
/// example, a word, a sequence) is none, so that source code which handles such tokens is not taken for one that holds
/// them.
///
/// One pass looks at every twentieth byte or so: a token is a run of at least twenty letters, digits, `_` and `-`, so
/// where one byte in twenty is another, none of the twenty can begin one. Another pass finds the rare words of a
/// private key's header, and a third one the keys in base 64.
enum SecretScanner {
  /// Whether `content` holds a secret. Signed tokens of sessions, which the tests and texts of programs are full of,
  /// count where `isData` says that the content is neither; it is asked at most once.
  static func holdsSecret(_ content: Span<UInt8>, isData: () -> Bool) -> Bool {
    unsafe content.withUnsafeBufferPointer { bytes in
      unsafe PrivateKey.isIn(bytes) || holdsToken(bytes, isData) || SecretValue.isIn(bytes) || SecretAddress.isIn(bytes)
    }
  }

  @unsafe private static func holdsToken(_ bytes: UnsafeBufferPointer<UInt8>, _ isData: () -> Bool) -> Bool {
    unsafe hasRun(of: partOfToken, shortest: shortest, in: bytes) { run in
      if unsafe mayBeToken(run, bytes) {
        let token = unsafe SecretToken(run, in: bytes)
        if token.isSecret || token.isSessionToken && isData() { return true }
      }
      return unsafe holdsToken(inside: run, bytes)
    }
  }

  /// Whether a token ends the run that does not begin it: behind the end of an escape (`\nghp_…`, `%3Dghp_…`, and what
  /// sets colours in a log) or an `_` (`TOKEN_ghp_…`).
  @unsafe private static func holdsToken(inside run: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    func isToken(from start: Int) -> Bool {
      guard run.upperBound - start >= shortest,
        unsafe SecretForm.isBeginning[SecretForm.slot(bytes[start], bytes[start + 1])]
      else { return false }
      return unsafe SecretToken(start..<run.upperBound, in: bytes).isInside
    }
    let start = run.lowerBound
    if start > 0, let length = unsafe escapeLength(at: start, bytes), isToken(from: start + length) { return true }
    for offset in start..<min(start + longestBefore, run.upperBound - shortest) {
      if unsafe bytes[offset] == UInt8(ascii: "_"), isToken(from: offset + 1) { return true }
    }
    return false
  }

  /// How many bytes of the run at `start` are the end of an escape; nil if none stands before it.
  @unsafe private static func escapeLength(at start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    switch unsafe bytes[start - 1] {
    case .backslash: return unsafe bytes[start] == UInt8(ascii: "u") ? 5 : bytes[start] == UInt8(ascii: "x") ? 3 : 1
    case UInt8(ascii: "%"): return 2
    case UInt8(ascii: "["), UInt8(ascii: ";"):
      var end = start
      while end < bytes.count, unsafe bytes[end].isASCIIDigit { end += 1 }
      return unsafe end < bytes.count && bytes[end] == UInt8(ascii: "m") ? end + 1 - start : nil
    default: return nil
    }
  }

  /// In a longer name no token begins.
  private static let longestBefore = 64

  /// Whether `isWanted` is true of a run of bytes of which `alphabet` is true; it is told of each that has at least
  /// `shortest` bytes. Looks at one byte in `shortest` where there are no such runs.
  @unsafe @inline(__always)
  static func hasRun(
    of alphabet: [Bool], shortest: Int, in bytes: UnsafeBufferPointer<UInt8>, where isWanted: (Range<Int>) -> Bool
  ) -> Bool {
    unsafe alphabet.withUnsafeBufferPointer { isPart in
      let count = bytes.count
      var start = 0
      var offset = shortest - 1
      while offset < count {
        // Back to what cannot be in a run, if it is not further than where the last one was.
        var back = offset
        while back >= start, unsafe isPart[Int(bytes[back])] { back -= 1 }
        if back >= start {
          start = back + 1
          offset = back + shortest
          continue
        }
        var end = offset + 1
        while end < count, unsafe isPart[Int(bytes[end])] { end += 1 }
        if isWanted(start..<end) { return true }
        start = end + 1
        offset = end + shortest
      }
      return false
    }
  }

  /// Whether `text` stands at `offset`.
  @unsafe static func isAt(_ offset: Int, _ text: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard offset >= 0, offset + text.utf8CodeUnitCount <= bytes.count, let base = bytes.baseAddress else {
      return false
    }
    return unsafe memcmp(base + offset, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  /// Whether a run may be a token, or a part of one: hardly any is.
  @unsafe private static func mayBeToken(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = range.lowerBound
    let (first, second) = unsafe (bytes[start], bytes[start + 1])
    if SecretForm.isBeginning[SecretForm.slot(first, second)] { return true }
    // Behind a dot or in an address: what is random has digits, or one in fifty of the shortest only letters of either
    // case.
    let before = unsafe start > 0 ? bytes[start - 1] : 0
    guard before == .dot || before == .slash || before == UInt8(ascii: "~") else { return false }
    return unsafe Randomness.kinds(of: bytes[range]) != 1
  }

  private static let shortest = 20
  private static let partOfToken: [Bool] = (0...255).map { (byte: UInt8) in
    byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }
}

/// Private keys in their usual armour.
private enum PrivateKey {
  /// Whether the text begins with the header of a private key, or holds one with something like a key behind it.
  @unsafe static func isIn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress, bytes.count >= 24 else { return false }
    if unsafe SecretScanner.isAt(0, "PuTTY-User-Key-File-", bytes) { return true }
    // Capital Ys are rare.
    var offset = 7
    while offset < bytes.count,
      let found = unsafe memchr(base + offset, Int32(UInt8(ascii: "Y")), bytes.count - offset)
    {
      let end = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
      offset = end
      guard unsafe SecretScanner.isAt(end - 11, "PRIVATE KEY", bytes), let dashes = unsafe armourEnd(end, bytes) else {
        continue
      }
      let isFirst = unsafe isFirstLine(before: end - 11, bytes)
      if isFirst { return true }
      if unsafe hasHeader(before: end - 11, bytes), unsafe hasKey(from: dashes, bytes) { return true }
    }
    return false
  }

  /// Where the header ends whose last word ends at `end`.
  @unsafe private static func armourEnd(_ end: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    if unsafe SecretScanner.isAt(end, "-----", bytes) { return end + 5 }
    return unsafe SecretScanner.isAt(end, " BLOCK-----", bytes) ? end + 11 : nil
  }

  /// Whether `-----BEGIN ` comes before `offset` with nothing but a word or two between.
  @unsafe private static func hasHeader(before offset: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = offset
    // Back over the header's words to its dashes.
    while start > 0, offset - start < 30, unsafe bytes[start - 1] != UInt8(ascii: "-") { start -= 1 }
    return unsafe SecretScanner.isAt(start - 5, "-----BEGIN ", bytes)
  }

  /// Whether nothing but blanks comes before the header.
  @unsafe private static func isFirstLine(before offset: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard offset <= 256, unsafe hasHeader(before: offset, bytes) else { return false }
    var start = 0
    while let byte = unsafe start < offset ? bytes[start] : nil, byte == .space || byte &- 9 < 5 { start += 1 }
    return unsafe SecretScanner.isAt(start, "-----BEGIN ", bytes)
  }

  /// Whether something random in base 64 comes soon, as against a text that only speaks of such headers.
  @unsafe private static func hasKey(from start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var run = start
    for offset in start..<min(bytes.count, start + 400) {
      let byte = unsafe bytes[offset]
      if byte == UInt8(ascii: "-"), unsafe SecretScanner.isAt(offset, "-----END", bytes) { return false }
      if byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "+") || byte == .slash { continue }
      // An escaped line end is no part of it.
      let escape = unsafe run < offset && run > start && bytes[run - 1] == .backslash ? 1 : 0
      if offset - run - escape >= 40, unsafe Randomness.isRandom(Array(bytes[(run + escape)..<offset]), floor: 4) {
        return true
      }
      run = offset + 1
    }
    return false
  }
}
