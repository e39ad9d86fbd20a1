import Glibc
import Primitives

/// Addresses with a password in them: `postgres://app:s3cr-Et9@db.example.net/orders`.
///
/// Texts and tests are full of addresses that only look so (`postgres://user:password@localhost`). A password counts
/// where it is no word of an example, no reference to a variable and of two kinds of bytes at least, and where the host
/// is neither an example's nor this machine.
enum SecretAddress {
  /// Looks at each `@` of the text, at the speed of memory between.
  @unsafe static func isIn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    var offset = shortest
    while offset < bytes.count,
      let found = unsafe memchr(base + offset, Int32(UInt8(ascii: "@")), bytes.count - offset)
    {
      let end = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
      offset = end + 1
      // Back to the scheme, over the password and the name.
      var start = end
      var colon: Int?
      var colonCount = 0
      while start > 0, end - start < longest, unsafe isPart[Int(bytes[start - 1])] {
        start -= 1
        if unsafe bytes[start] == UInt8(ascii: ":") {
          colonCount += 1
          colon = start
        }
      }
      // `scheme://name:password`: the slashes are no part, the colon of the scheme is before them.
      guard let colon, colonCount == 1, colon + 1 < end, start >= 4, unsafe bytes[start - 1] == .slash,
        unsafe bytes[start - 2] == .slash,
        unsafe bytes[start - 3] == UInt8(ascii: ":"),
        unsafe bytes[start - 4].isASCIILetter || bytes[start - 4].isASCIIDigit
      else { continue }
      let name = unsafe Array(bytes[start..<colon])
      let password = unsafe Array(bytes[(colon + 1)..<end])
      let host = unsafe Array(bytes[offset..<min(bytes.count, offset + 255)].prefix { isHost[Int($0)] })
      if isPassword(password, of: name), isElsewhere(host) { return true }
    }
    return false
  }

  private static func isPassword(_ text: [UInt8], of name: [UInt8]) -> Bool {
    guard let password = unescaped(text), password.count >= 6, Set(password).count >= 5, isNoSequence(password) else {
      return false
    }
    let folded = password.asciiLowercased
    func holds(_ words: [[UInt8]]) -> Bool { words.contains { folded[...].firstRange(of: $0) != nil } }
    if holds(gaps) || name.count >= 4 && folded[...].firstRange(of: name.asciiLowercased) != nil { return false }
    // `Password123!` is the commonest example of all, and `p@ssword` that of one with a sign in it.
    let letters = folded.filter { $0.isASCIILowercase }
    if letters.elementsEqual("password".utf8) { return false }
    if Randomness.kinds(of: password) == 1,
      ["pssword", "passwrd", "psswrd"].contains(where: { letters.elementsEqual($0.utf8) })
    {
      return false
    }
    let hasMark = password.contains {
      !$0.isASCIILetter && !$0.isASCIIDigit && !" _-".utf8.contains($0)
    }
    let kinds = Randomness.kinds(of: password) + (hasMark ? 1 : 0)
    return kinds >= 3 || kinds == 2 && !holds(weak)
  }

  /// The text with its percent escapes decoded; nil if a `%` begins a placeholder (`%s`, `%(password)s`) and no escape.
  private static func unescaped(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "%") {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), rest.first != UInt8(ascii: "+") else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  /// As `abc123` and `123456` are.
  private static func isNoSequence(_ password: [UInt8]) -> Bool {
    let steps = zip(password, password.dropFirst()).count { $1 &- $0 &+ 1 <= 2 }
    return steps * 2 < password.count - 1
  }

  /// Whether a server may be meant.
  private static func isElsewhere(_ host: [UInt8]) -> Bool {
    guard let first = host.first, first.isASCIILetter || first.isASCIIDigit else { return false }
    let parts = host.asciiLowercased.split(separator: .dot)
    guard let last = parts.last.map(Array.init) else { return false }
    if topsOfExamples.contains(last) || parts.count == 1 && hostsOfExamples.contains(last) { return false }
    if parts.count >= 2, domainsOfExamples.contains(Array(parts[parts.count - 2])) { return false }
    return !(parts.count == 4 && parts[0].elementsEqual("127".utf8))
  }

  private static let shortest = 8
  private static let longest = 300
  /// What a name and a password are made of, the colon between them too: neither what ends an address nor what a
  /// variable begins with.
  private static let isPart: [Bool] = (0...255).map { (byte: UInt8) in
    byte > 0x20 && byte < 0x7F && !"\"'`<>(){}[]$\\|/".utf8.contains(byte)
  }
  private static let isHost: [Bool] = (0...255).map { (byte: UInt8) in
    byte.isASCIILetter || byte.isASCIIDigit || byte == .dot || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
  private static let domainsOfExamples: Set = Set(["example", "examples"].map { Array($0.utf8) })
  private static let topsOfExamples: Set = Set(["example", "test", "invalid", "localhost"].map { Array($0.utf8) })
  private static let hostsOfExamples: Set = Set(
    ["host", "hostname", "server", "address", "domain", "ip"].map { Array($0.utf8) })
  private static let gaps = [
    "example", "changeme", "change-me", "change_me", "your", "xxx", "placeholder", "redacted", "...",
  ].map { Array($0.utf8) }
  /// Words that passwords of one kind of letter with a digit or so are made of in examples.
  private static let weak = [
    "pass", "pwd", "secret", "dummy", "test", "token", "foo", "user", "abc", "1234",
  ].map { Array($0.utf8) }
}
