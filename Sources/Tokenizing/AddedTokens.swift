import Primitives

/// The tokens of `added_tokens`: found in the text before anything else reads it, or, those that are `normalized`, in
/// what the normalizer made of it.
struct AddedTokens: Sendable {
  private struct Token: Sendable {
    let content: [UInt8]
    let isSingleWord: Bool
    let stripsLeft: Bool
    let stripsRight: Bool
    let isNormalized: Bool
  }

  private var tokens: [Int32: Token] = [:]
  private var ids: [String: Int32] = [:]
  private var verbatim: ByteTrie?
  private var normalized: ByteTrie?

  /// Numbers are given as the reference gives them: that of the model's vocabulary, or the next free one. The file's
  /// own are not looked at.
  init(_ part: TokenizerNode?, _ vocabulary: Vocabulary, _ normalizer: TextNormalizer?) throws(Failure) {
    guard let part else { return }
    var next = Int32(vocabulary.distinctCount)
    for entry in try part.elements() {
      try entry.allow(["id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"])
      let content = try entry.required("content").string()
      _ = try entry.required("special").boolean()
      let token = Token(
        content: Array(content.utf8), isSingleWord: try entry.required("single_word").boolean(),
        stripsLeft: try entry.required("lstrip").boolean(), stripsRight: try entry.required("rstrip").boolean(),
        isNormalized: try entry.required("normalized").boolean())
      if content.isEmpty { continue }
      let id: Int32
      if let known = ids[content] ?? vocabulary.id(of: content) {
        id = known
      } else {
        id = next
        next += 1
      }
      ids[content] = id
      tokens[id] = token
    }
    var patterns: (verbatim: [(key: ArraySlice<UInt8>, value: Int32)], normalized: [(ArraySlice<UInt8>, Int32)])
    patterns = ([], [])
    var scratch = NormalizerScratch()
    for (id, token) in tokens {
      if token.isNormalized {
        scratch.text = token.content
        normalizer?.apply(&scratch)
        guard !scratch.text.isEmpty else {
          throw part.wrong(
            "nothing is left of `\(String(decoding: token.content, as: UTF8.self))` when it is normalized")
        }
        patterns.normalized.append((scratch.text[...], id))
      } else {
        patterns.verbatim.append((token.content[...], id))
      }
    }
    for list in [patterns.verbatim, patterns.normalized] where Set(list.map { $0.0 }).count < list.count {
      throw part.wrong("two tokens are the same text")
    }
    if !patterns.verbatim.isEmpty { verbatim = ByteTrie(patterns.verbatim) }
    if !patterns.normalized.isEmpty { normalized = ByteTrie(patterns.normalized) }
  }

  func id(of token: String) -> Int32? { ids[token] }
  var highestID: Int32 { ids.values.max() ?? -1 }

  /// Appends the stretches of `text`: tokens and what lies between them. Leftmost tokens first, the longest of those
  /// that begin together.
  func split(
    _ text: Span<UInt8>, normalized isNormalized: Bool, _ append: (_ range: Range<Int>, _ token: Int32) -> Void
  ) {
    guard !text.isEmpty else { return }
    guard let trie = isNormalized ? normalized : verbatim else { return append(0..<text.count, -1) }
    var position = 0
    var begin = 0
    while position < text.count {
      guard trie.begins(with: text[position]),
        let match = trie.longestMatch(in: text, from: position, to: text.count), let token = tokens[match.value]
      else {
        position += 1
        continue
      }
      var start = position
      var end = match.end
      position = end
      if token.isSingleWord, !Self.isSingleWord(text, start, end) { continue }
      if token.stripsLeft {
        while start > 0, case (let scalar, let length) = text.scalar(before: start), Self.isSpace(scalar) {
          start -= length
        }
        start = max(start, begin)
      }
      if token.stripsRight {
        while end < text.count, case (let scalar, let length) = text.scalar(at: end), Self.isSpace(scalar) {
          end += length
        }
      }
      if begin < start { append(begin..<start, -1) }
      append(min(start, end)..<end, match.value)
      begin = end
    }
    if begin < text.count { append(begin..<text.count, -1) }
  }

  private static func isSpace(_ scalar: UInt32) -> Bool { UnicodeTables.shared.scalarClass(scalar).isSpace }

  private static func isSingleWord(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let tables = UnicodeTables.shared
    return (start == 0 || !tables.scalarClass(text.scalar(before: start).value).isWord)
      && (end == text.count || !tables.scalarClass(text.scalar(at: end).value).isWord)
  }
}
