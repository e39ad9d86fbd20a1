/// Text found in text, by its bytes. The standard library has functions of these names, which compare characters; they
/// are not used, because each of them brings its engine of regular expressions into a program, 1.4 MB. A file that
/// imports this module gets these.
extension StringProtocol {
  /// Whether `other` occurs; an empty string occurs in every one.
  @inlinable
  package func contains(_ other: String) -> Bool { firstRange(of: other) != nil }

  @inlinable
  package func contains(_ other: Substring) -> Bool { firstRange(of: other) != nil }

  /// Where `other` occurs first; an empty string occurs at the start.
  @inlinable
  package func firstRange(of other: some StringProtocol) -> Range<Index>? {
    let text = utf8
    let wanted = other.utf8
    guard let first = wanted.first else { return startIndex..<startIndex }
    var start = text.startIndex
    while let found = text[start...].firstIndex(of: first) {
      var end = found
      var matched = wanted.startIndex
      while matched < wanted.endIndex, end < text.endIndex, text[end] == wanted[matched] {
        text.formIndex(after: &end)
        wanted.formIndex(after: &matched)
      }
      if matched == wanted.endIndex { return found..<end }
      start = text.index(after: found)
    }
    return nil
  }
}

extension String {
  /// With `replacement` for each `other`, from the start; an empty one is not replaced.
  package func replacing(_ other: String, with replacement: String, maxReplacements: Int = .max) -> String {
    if other.isEmpty { return self }
    var out = ""
    var rest = self[...]
    var count = 0
    while count < maxReplacements, let found = rest.firstRange(of: other) {
      out += rest[..<found.lowerBound] + replacement
      rest = rest[found.upperBound...]
      count += 1
    }
    return out + rest
  }
}
