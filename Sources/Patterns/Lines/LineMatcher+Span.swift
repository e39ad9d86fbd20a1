extension LineMatcher {
  /// Calls `body` with the first match of each line of `text` that has one, until it gives false. False where a line
  /// takes more steps than are allowed, and was skipped.
  package func forEachMatchedLine(in text: Span<UInt8>, _ body: (Range<Int>) -> Bool) -> Bool {
    var isJudged = true
    unsafe text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
      unsafe begin(base, buffer.count)
      var position = 0
      while position < buffer.count {
        do throws(LimitReached) {
          guard let match = try firstMatch(from: position), body(match) else { return }
          position = lineEnd(around: match.lowerBound) + 1
        } catch {
          isJudged = false
          position = lineEnd(around: max(position, error.lineStart)) + 1
        }
      }
    }
    unsafe begin(emptyBytes, 0)
    return isJudged
  }

  /// The matches in `line`, in their order; those before one that takes more steps than are allowed.
  package func matches(in line: Span<UInt8>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    unsafe line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
      unsafe begin(base, buffer.count)
      try? forEachMatch(in: 0, buffer.count) { match in
        if !match.isEmpty { found.append(match) }
        return true
      }
    }
    unsafe begin(emptyBytes, 0)
    return found
  }
}
