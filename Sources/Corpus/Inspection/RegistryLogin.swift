/// The settings of package managers, which hold a login to a registry now and then.
enum RegistryLogin {
  /// Whether the file `name` is one (`.npmrc`, `.pypirc`) and holds a login that is no reference to a variable.
  static func isIn(_ content: Span<UInt8>, name: [UInt8]) -> Bool {
    guard name.first == .dot, let words = words[name] else { return false }
    for line in FirstBytes(content, limit: 64_000).bytes.split(separator: .newline) {
      guard let equals = line.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") && words.isLoose })
      else { continue }
      let key = Array(line[..<equals]).asciiLowercased
      let value = line[(equals + 1)...].drop { $0 == .space || $0 == .tab || $0 == .doubleQuote }
      guard let first = value.first(where: { $0 != .carriageReturn }) else { continue }
      if words.keys.contains(where: { key[...].place(of: $0) != nil }), first != UInt8(ascii: "$"),
        first != UInt8(ascii: "%"), first != UInt8(ascii: "<")
      {
        return true
      }
    }
    return false
  }

  private static let words: [[UInt8]: (keys: [[UInt8]], isLoose: Bool)] = [
    Array(".npmrc".utf8): (["_authtoken", "_auth", "_password"].map { Array($0.utf8) }, false),
    Array(".pypirc".utf8): ([Array("password".utf8)], true),
  ]
}
