import Primitives

extension FilePath {
  /// The bytes of the path that a model takes words from: the last 4 components of what stands before the last `.`; a
  /// path without one is taken whole.
  var rangeOfWords: Range<Int> {
    let end = bytes.lastIndex(of: UInt8(ascii: ".")) ?? bytes.count
    var start = end
    var slashes = 0
    while start > 0 {
      if bytes[start - 1] == UInt8(ascii: "/") { slashes += 1 }
      if slashes == 4 { break }
      start -= 1
    }
    return start..<end
  }
}
