import Primitives

/// Finds one of very many texts, in time that does not grow with their number: most places are ruled out by a bitmap of
/// how texts begin; what is left is looked up in their sorted list, byte by byte. The leftmost match counts, and of
/// several there the text that was given first, as in an alternation.
@safe final class TextSet: @unchecked Sendable {
  // Written once, in `init`, and then only read; nothing else has the pointers.
  /// The bytes of all texts, in their order, with small letters alone where case does not count.
  private let bytes: UnsafeMutablePointer<UInt8>
  /// Where each text begins in `bytes`, and where the last one ends.
  private let starts: UnsafeMutablePointer<Int>
  /// At which position each was given.
  private let ranks: UnsafeMutablePointer<Int32>
  private let bitmap: UnsafeMutablePointer<UInt64>
  private let count: Int
  /// How many bytes of a text the bitmap knows: 1 to 3.
  private let headLength: Int
  private let foldsCase: Bool
  private let boundary: Pattern.Boundary

  private static let bitmapBits: UInt32 = 18
  /// A longer text makes the look-up at one place long.
  private static let longestText = 256

  /// Nil where a text is empty or too long.
  ///
  /// - Parameter foldsCase: whether letters match in any case; text and texts must be ASCII then.
  init?(_ texts: [[UInt8]], foldsCase: Bool, boundary: Pattern.Boundary) {
    var rankOf: [[UInt8]: Int32] = [:]
    for (rank, text) in texts.enumerated() {
      if text.isEmpty || text.count > Self.longestText { return nil }
      let key = foldsCase ? text.asciiLowercased : text
      if rankOf[key] == nil { rankOf[key] = Int32(rank) }
    }
    let sorted = rankOf.keys.sorted { $0.lexicographicallyPrecedes($1) }
    guard let shortest = sorted.map(\.count).min() else { return nil }
    count = sorted.count
    headLength = min(3, shortest)
    self.foldsCase = foldsCase
    self.boundary = boundary
    unsafe bytes = .allocate(capacity: sorted.reduce(0) { $0 + $1.count })
    unsafe starts = .allocate(capacity: sorted.count + 1)
    unsafe ranks = .allocate(capacity: sorted.count)
    let wordCount = 1 << (Int(Self.bitmapBits) - 6)
    unsafe bitmap = .allocate(capacity: wordCount)
    unsafe bitmap.initialize(repeating: 0, count: wordCount)
    var end = 0
    for (number, text) in sorted.enumerated() {
      unsafe (starts + number).initialize(to: end)
      unsafe (ranks + number).initialize(to: rankOf[text] ?? 0)
      for byte in text {
        unsafe (bytes + end).initialize(to: byte)
        end += 1
      }
      var head: UInt32 = 0
      for byte in text.prefix(headLength) { head = head << 8 | UInt32(byte) }
      let bit = Self.bit(of: head)
      unsafe bitmap[bit >> 6] |= 1 << UInt64(bit & 63)
    }
    unsafe (starts + sorted.count).initialize(to: end)
  }

  deinit {
    unsafe bytes.deallocate()
    unsafe starts.deallocate()
    unsafe ranks.deallocate()
    unsafe bitmap.deallocate()
  }

  @inline(__always)
  private static func bit(of head: UInt32) -> Int { Int((head &* 0x9E37_79B1) >> (32 - bitmapBits)) }

  /// The first match that begins in `range` and ends there. What is around it is seen by boundaries.
  ///
  /// - Parameter textCount: all of the bytes of `text`.
  func firstMatch(in text: UnsafePointer<UInt8>, _ range: Range<Int>, textCount: Int) -> Range<Int>? {
    let last = range.upperBound - headLength
    if range.lowerBound > last { return nil }
    let mask: UInt32 = headLength == 3 ? 0xFF_FFFF : headLength == 2 ? 0xFFFF : 0xFF
    var head: UInt32 = 0
    for offset in range.lowerBound..<(range.lowerBound + headLength - 1) {
      head = head << 8 | UInt32(unsafe folded(text[offset]))
    }
    var position = range.lowerBound
    while position <= last {
      head = (head << 8 | UInt32(unsafe folded(text[position + headLength - 1]))) & mask
      let bit = Self.bit(of: head)
      if unsafe bitmap[bit >> 6] >> UInt64(bit & 63) & 1 != 0,
        let length = unsafe match(in: text, at: position, end: range.upperBound, textCount)
      {
        return position..<(position + length)
      }
      position += 1
    }
    return nil
  }

  @inline(__always)
  private func folded(_ byte: UInt8) -> UInt8 {
    foldsCase && byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
  }

  /// The length of the text that matches at `position`.
  private func match(
    in text: UnsafePointer<UInt8>, at position: Int, end: Int, _ textCount: Int
  ) -> Int? {
    if boundary != .none, unsafe !mayBegin(in: text, at: position) { return nil }
    var best: (rank: Int32, length: Int)?
    // The texts that begin with the bytes up to `depth`.
    var (low, high, depth) = (0, count, 0)
    while low < high {
      if unsafe starts[low + 1] - starts[low] == depth {
        // It comes before all that go on.
        let rank = unsafe ranks[low]
        if rank < best?.rank ?? .max, unsafe mayEnd(in: text, at: position + depth, textCount) { best = (rank, depth) }
        low += 1
        if low == high { break }
      }
      if position + depth == end { break }
      let byte = unsafe folded(text[position + depth])
      low = bound(of: byte, in: low, high, depth, isUpper: false)
      high = bound(of: byte, in: low, high, depth, isUpper: true)
      depth += 1
    }
    return best?.length
  }

  /// The first text of `low..<high`, all of which go on, that has at `depth` a byte not below `byte`, or one above it.
  @inline(__always)
  private func bound(of byte: UInt8, in low: Int, _ high: Int, _ depth: Int, isUpper: Bool) -> Int {
    var (low, high) = (low, high)
    while low < high {
      let middle = (low + high) / 2
      let other = unsafe bytes[starts[middle] + depth]
      if other < byte || isUpper && other == byte { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Boundaries

  private func mayBegin(in text: UnsafePointer<UInt8>, at position: Int) -> Bool {
    if position == 0 { return true }
    let before = unsafe text[position - 1]
    if boundary == .line { return before == 10 }
    if before < 0x80 { return !before.isASCIIWord }
    var start = position - 1
    while start > 0, position - start < 4, unsafe text[start] & 0xC0 == 0x80 { start -= 1 }
    // What is before may end with bytes that only go on with a character: they belong to it, as they do in Rust.
    if unsafe text[start] < 0x80 { return unsafe text[start] != 10 && !text[start].isASCIIWord }
    let length = unsafe characterLength(text, start, position)
    if length == 0 { return false }
    return unsafe !isOfWord(text, start..<(start + length))
  }

  private func mayEnd(in text: UnsafePointer<UInt8>, at end: Int, _ textCount: Int) -> Bool {
    if boundary == .none || end == textCount { return true }
    let behind = unsafe text[end]
    if boundary == .line { return behind == 10 }
    if behind < 0x80 { return !behind.isASCIIWord }
    // Beside bytes that are no character no word ends.
    let length = unsafe characterLength(text, end, textCount)
    if length == 0 { return false }
    return unsafe !isOfWord(text, end..<(end + length))
  }

  /// Whether the one character in `range` is of a word.
  private func isOfWord(_ text: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
    let bytes = range.map { unsafe text[$0] }
    guard let scalars = String(validating: bytes, as: UTF8.self)?.unicodeScalars, scalars.count == 1,
      let properties = scalars.first?.properties
    else { return false }
    switch properties.generalCategory {
    case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }
}

extension TextSet {
  /// The texts of which `node` is an alternation, within a boundary where there is one, and whether their case does not
  /// count; nil for any other expression, and where letters beyond ASCII have more than one spelling.
  static func texts(of node: RegexNode, _ boundary: Pattern.Boundary) -> (texts: [[UInt8]], foldsCase: Bool)? {
    var node = node
    if boundary != .none, case .sequence(let parts) = node, parts.count == 3, case .assertion = parts[0],
      case .group(let inner, false, nil) = parts[1], case .assertion = parts[2]
    {
      node = inner
    }
    guard case .choice(let alternatives) = node else { return nil }
    var texts: [[UInt8]] = []
    texts.reserveCapacity(alternatives.count)
    var folds: Bool?
    for alternative in alternatives {
      let scalars: [RegexNode]
      switch alternative {
      case .scalar: scalars = [alternative]
      case .sequence(let parts): scalars = parts
      default: return nil
      }
      var text: [UInt8] = []
      for scalar in scalars {
        guard case .scalar(let value, let foldsCase) = scalar, let character = Unicode.Scalar(value),
          folds == nil || folds == foldsCase, !foldsCase || value < 0x80
        else { return nil }
        folds = foldsCase
        text += Array(String(Character(character)).utf8)
      }
      texts.append(text)
    }
    return (texts, folds ?? false)
  }
}
