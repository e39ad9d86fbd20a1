import Primitives

/// Addresses of files on this machine, as editors, terminals and browsers write them: `file:///srv/a%20b.py`,
/// `vscode://file/srv/a.py`. Pure functions over bytes.
package enum FileAddress {
  /// The path in `address`, its escapes decoded; of the address of a page all of it, decoded; nil if it is no
  /// address.
  package static func path(of address: ArraySlice<UInt8>) -> [UInt8]? {
    let mark = Array("://".utf8)
    // Schemes are short, and a path before its end is none.
    let limit = min(address.endIndex, address.startIndex + longestScheme)
    guard let colon = address[..<limit].firstIndex(of: UInt8(ascii: ":")), colon > address.startIndex,
      address[colon...].starts(with: mark),
      address[..<colon].allSatisfy({ $0.isASCIILetter || "+-.0123456789".utf8.contains($0) })
    else { return nil }
    let rest = address[(colon + mark.count)...]
    if isWritten("file", address[..<colon]) {
      // What stands before the path is the name of this machine, or nothing.
      let host = rest.prefix { $0 != UInt8(ascii: "/") }
      return decoded(host.isEmpty || isWritten("localhost", host) ? rest[host.endIndex...] : rest)
    }
    let isPage = isWritten("http", address[..<colon]) || isWritten("https", address[..<colon])
    if !isPage, rest.starts(with: Array("file/".utf8)) { return decoded(rest.dropFirst(4)) }
    return decoded(address)
  }

  private static let longestScheme = 24

  private static func isWritten(_ word: String, _ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count == word.utf8.count && zip(bytes, word.utf8).allSatisfy { $0.asciiLowercased == $1 }
  }

  /// `bytes` with what is written `%20` as the byte it means; what is no such number, and NUL, stay as they are.
  private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var i = bytes.startIndex
    while i < bytes.endIndex {
      if bytes[i] == UInt8(ascii: "%"), i + 2 < bytes.endIndex, let high = digit(bytes[i + 1]),
        let low = digit(bytes[i + 2]), high + low > 0
      {
        result.append(high << 4 | low)
        i += 3
      } else {
        result.append(bytes[i])
        i += 1
      }
    }
    return result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
      (byte | 0x20) - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
