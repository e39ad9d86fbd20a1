import Primitives

extension GitGlob {
  /// Whether the whole of `text` matches.
  package func matches(_ text: Span<UInt8>) -> Bool {
    if text.count < minimumByteCount { return false }
    if let answer = backtrackingMatch(text, stepLimit: 256 + 16 * (text.count + elements.count)) { return answer }
    return exhaustiveMatch(text)
  }

  /// Whether a single byte of text is what an element that stands for one byte asks for.
  @inline(__always) private func accepts(_ byte: UInt8, at element: Int) -> Bool {
    switch elements[element] {
    case .literal(let literal): literal == (foldsCase ? byte.asciiLowercased : byte)
    case .anyByte: !(isForPaths && byte == .slash)
    case .member(let number): classes[number].contains(byte)
    case .run, .wideRun, .directories: false
    }
  }

  /// Matches with one place to come back to for the last narrow run and one for the last wide one, or returns nil if
  /// that takes more than `stepLimit` steps.
  ///
  /// The last place of each kind is enough. Behind a later wide run everything is reachable that is reachable behind an
  /// earlier one (for `**/` because it follows a slash itself). Two narrow runs with no wide one between them either
  /// have a slash between them, which fixes where it falls, or they range over the same component.
  package func backtrackingMatch(_ text: Span<UInt8>, stepLimit: Int) -> Bool? {
    var element = 0
    var offset = 0
    var run: (element: Int, offset: Int)?
    var wideRun: (element: Int, offset: Int)?
    var steps = 0
    while true {
      steps += 1
      if steps > stepLimit { return nil }
      if element == elements.count {
        if offset == text.count { return true }
      } else {
        switch elements[element] {
        case .run:
          run = (element, offset)
          element += 1
          continue
        case .wideRun, .directories:
          wideRun = (element, offset)
          run = nil
          element += 1
          continue
        case .literal, .anyByte, .member:
          if offset < text.count, accepts(text[offset], at: element) {
            element += 1
            offset += 1
            continue
          }
        }
      }
      // A mismatch: lengthen the last narrow run by a byte, else the last wide one.
      if let last = run, last.offset < text.count, text[last.offset] != .slash {
        run = (last.element, last.offset + 1)
        (element, offset) = (last.element + 1, last.offset + 1)
        continue
      }
      guard let last = wideRun else { return false }
      var next = last.offset
      if elements[last.element] == .directories {
        while next < text.count, text[next] != .slash { next += 1 }
        steps += next - last.offset
      }
      if next == text.count { return false }
      wideRun = (last.element, next + 1)
      run = nil
      (element, offset) = (last.element + 1, next + 1)
    }
  }

  /// Matches by keeping, element by element, every place of the text that can be reached: slow and plain, bounded by
  /// the product of the lengths.
  package func exhaustiveMatch(_ text: Span<UInt8>) -> Bool {
    var reached = Array(repeating: false, count: text.count + 1)
    reached[0] = true
    for element in elements.indices {
      var next = Array(repeating: false, count: text.count + 1)
      switch elements[element] {
      case .literal, .anyByte, .member:
        for i in 0..<text.count where reached[i] && accepts(text[i], at: element) { next[i + 1] = true }
      case .run, .wideRun:
        let isWide = elements[element] == .wideRun
        for i in 0...text.count {
          next[i] = reached[i] || i > 0 && next[i - 1] && (isWide || text[i - 1] != .slash)
        }
      case .directories:
        var isBehind = false
        for i in 0...text.count {
          next[i] = reached[i] || isBehind && text[i - 1] == .slash
          if reached[i] { isBehind = true }
        }
      }
      reached = next
    }
    return reached[text.count]
  }
}
