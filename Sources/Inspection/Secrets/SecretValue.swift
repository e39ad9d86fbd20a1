import Primitives

/// Keys in base 64 that nothing but their names tell: Amazon's behind a name with `secret` in it, Azure's behind
/// `AccountKey=` and `SharedAccessKey=`.
///
/// A `/` or a `+` stands anywhere in them, so that they may hold no run as long as a token is: a pass of their own,
/// with both in its alphabet, looks at every fortieth byte or so.
enum SecretValue {
  @unsafe static func isIn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe SecretScanner.hasRun(of: isPart, shortest: shortest, in: bytes) { run in
      unsafe isKeyOfAmazon(run, bytes) || isKeyOfAzure(run, bytes)
    }
  }

  /// 40 bytes on a line that says `secret` before them (`aws_secret_access_key`, `SecretAccessKey`).
  @unsafe private static func isKeyOfAmazon(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard range.count == 40, unsafe !SecretScanner.isAt(range.upperBound, "=", bytes) else { return false }
    // Values stand in columns, too.
    var end = range.lowerBound
    while end > 0, range.lowerBound - end < 64, unsafe betweenNameAndValue.contains(bytes[end - 1]) { end -= 1 }
    let line = unsafe Array(bytes[max(0, end - 48)..<end])
    let name = line[((line.lastIndex(of: .newline) ?? -1) + 1)...].map(\.asciiLowercased)
    guard name[...].firstRange(of: Array("secret".utf8)) != nil else { return false }
    let value = unsafe Array(bytes[range])
    // One key in a thousand has no digit, and one in ten less than four: it must have more letters of either case, as
    // names in camel case have not.
    let digits = value.count(where: \.isASCIIDigit)
    return Randomness.isMixed(value, fewest: digits >= 4 ? 2 : digits > 0 ? 3 : 8)
      && Randomness.isRandom(value, floor: 3.7)
  }

  /// 86 bytes and `==`, or 43 and `=`.
  @unsafe private static func isKeyOfAzure(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard range.count == 86 || range.count == 43, unsafe SecretScanner.isAt(range.upperBound, "=", bytes) else {
      return false
    }
    guard
      unsafe SecretScanner.isAt(range.lowerBound - 11, "AccountKey=", bytes)
        || SecretScanner.isAt(range.lowerBound - 16, "SharedAccessKey=", bytes)
    else { return false }
    let value = unsafe Array(bytes[range])
    return !keysOfEmulators.contains(value) && Randomness.isRandom(value, floor: 3.7)
  }

  private static let shortest = 40
  /// Base 64 in either writing.
  private static let isPart: [Bool] = (0...255).map { (byte: UInt8) in
    byte.isASCIILetter || byte.isASCIIDigit || "+/_-".utf8.contains(byte)
  }
  private static let betweenNameAndValue = ByteSet(" \t\"'`:=>,".utf8)
  /// Those that Azure's emulators of storage and of Cosmos DB have on every machine, as their documentation says.
  private static let keysOfEmulators = [
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw",
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw",
  ].map { Array($0.utf8) }
}
