package import Primitives
package import QueryLanguage

// How a query names a file, and which paths are meant by it. Pure.

/// A path as people write one in a query.
package enum NamedPath {
  /// `fragment` of a query as it was typed, with `/` between its components; itself where it stands there in
  /// another way.
  package static func typed(_ fragment: String, in parsed: ParsedQuery) -> String {
    if fragment.utf8.count > longestTypedPath { return fragment }
    let text = String(parsed.text.map { $0 == "\\" ? "/" : $0 })
    return text.split(whereSeparator: \.isWhitespace).lazy.compactMap { token -> String? in
      var rest = token
      while !rest.isEmpty {
        let beginning = rest.prefix(fragment.count)
        if beginning.lowercased() == fragment { return String(beginning) }
        rest = rest.dropFirst()
      }
      return nil
    }.first ?? fragment
  }

  /// What a path may mean as it is written in a query: itself; without `..`, `//` and a drive in it; and without a
  /// name or a number behind a colon, as in `a.py:parse`.
  package static func readings(of written: String) -> [FilePath] {
    var readings = [FilePath(written)]
    var text = Substring(written)
    let bytes = Array(written.utf8.prefix(3))
    if bytes.count == 3, bytes[0].isASCIILetter, bytes[1...].elementsEqual(":/".utf8) {
      text = text.dropFirst(2)
    }
    func add(_ text: Substring) {
      var components: [Substring] = []
      for component in text.split(separator: "/") where component != "." {
        if component != ".." { components.append(component) } else if !components.isEmpty { components.removeLast() }
      }
      if components.isEmpty { return }
      let path = FilePath((text.first == "/" ? "/" : "") + components.joined(separator: "/"))
      if !readings.contains(path) { readings.append(path) }
    }
    add(text)
    if let colon = text.firstIndex(of: ":"), !text[colon...].contains("/") { add(text[..<colon]) }
    return readings
  }

  /// The path in `word` of a query, where it looks like one: with a dot or a slash, without what stands around it or
  /// behind it.
  package static func fileName(in word: Substring) -> FilePath? {
    if word.utf8.count > 1024 || word.contains("://") { return nil }
    var word = word
    while let first = word.first, ",;:!?\"'`([{<".contains(first) { word = word.dropFirst() }
    while let last = word.last, ",;:!?\"'`)]}>.".contains(last) { word = word.dropLast() }
    // The line in `a.c:12:3`.
    while let colon = word.lastIndex(of: ":"), word[colon...].dropFirst().allSatisfy(\.isNumber) {
      word = word[..<colon]
    }
    while word.last == "/" { word = word.dropLast() }
    guard word.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }), word.first != "/",
      word.contains(where: { $0.isLetter || $0.isNumber }), !word.utf8.contains(0),
      !word.split(separator: "/").contains("..")
    else { return nil }
    return FilePath(String(word))
  }

  /// Whether `path` ends with the components of `name`, in whatever case.
  package static func isNamed(_ path: FilePath, _ name: FilePath) -> Bool {
    let wanted = name.bytes.drop {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") && name.bytes.starts(with: "./".utf8)
    }
    // A query is text, in which a name that is none was repaired.
    let bytes = name.description.contains("\u{FFFD}") ? Array(path.description.utf8) : path.bytes
    guard !wanted.isEmpty else { return false }
    if wanted.contains(where: { $0 >= 0x80 }) {
      // Letters beyond ASCII have other lengths in small, and several spellings.
      let (path, name) = (small(bytes[...]), small(wanted))
      return path == name || path.hasSuffix("/" + name)
    }
    guard bytes.count >= wanted.count else { return false }
    let end = bytes.suffix(wanted.count)
    return zip(end, wanted).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
      && (end.startIndex == 0 || bytes[end.startIndex - 1] == UInt8(ascii: "/"))
  }

  /// Whether a path as it is written in a query begins with the directory at `path`, or with its name.
  package static func leads(_ path: FilePath, to written: String, inAnyCase: Bool = false) -> Bool {
    let text = written.utf8.drop { $0 == UInt8(ascii: "/") }.map { inAnyCase ? $0.asciiLowercased : $0 }
    return [path.bytes, path.lastComponent.bytes].contains { name in
      text.starts(with: name.map { inAnyCase ? $0.asciiLowercased : $0 } + [UInt8(ascii: "/")])
    }
  }

  /// Whether the file, with or without its extension, or a directory on the way to it is called like one of `names`.
  package static func bears(_ path: FilePath, _ names: Set<[UInt8]>) -> Bool {
    path.bytes.split(separator: UInt8(ascii: "/")).contains { component in
      let name = component.asciiLowercased
      let plain = Array(name.drop { $0 == UInt8(ascii: ".") })
      return [name, plain, Array(plain.prefix { $0 != UInt8(ascii: ".") })].contains { names.contains($0) }
    }
  }

  /// Whether it can be nothing but the name of a file in the tree: neither a directory, nor a route of a server.
  package static func isNameOfFile(_ name: FilePath) -> Bool {
    name.bytes.first != UInt8(ascii: "/") && !name.bytes.contains(UInt8(ascii: "*"))
      && name.lastComponent.bytes.dropFirst().contains(UInt8(ascii: "."))
  }

  private static func small(_ path: ArraySlice<UInt8>) -> String { String(decoding: path, as: UTF8.self).lowercased() }

  /// As long as systems let a path be; a longer one is no file's.
  private static let longestTypedPath = 4096
}
