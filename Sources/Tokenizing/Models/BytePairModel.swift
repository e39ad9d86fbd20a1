import JSON
import Primitives

/// Byte pair encoding: a word is its characters, or bytes, and of all neighbours that merge, those of the lowest rank
/// do, the leftmost first, until none are left.
///
/// Short words are searched from end to end for the next merge; long ones keep their merges in a heap, so that a word
/// of n characters costs n log n.
struct BytePairModel: Sendable {
  private let vocabulary: Vocabulary
  private let merges: MergeTable
  /// Whether pieces are bytes that the tokenizer did not write as characters, as the vocabulary does.
  private let takesBytes: Bool
  /// The token of each byte, or -1, where pieces are bytes and have neither prefix nor suffix.
  private var byteTokens: [Int32] = []
  private let unknownToken: String?
  private let unknown: Int32?
  private let prefix: [UInt8]
  private let suffix: [UInt8]
  private let fusesUnknown: Bool
  private let fallsBackToBytes: Bool
  /// The tokens `<0x00>` to `<0xFF>`.
  private let fallbacks: [Int32?]
  private let ignoresMerges: Bool

  /// Whether bytes that would be written as characters can be taken as they are: not where characters themselves fall
  /// back.
  static func canTakeBytes(_ part: TokenizerNode) -> Bool {
    part["byte_fallback"]?.value.boolean != true
  }

  init(_ part: TokenizerNode, _ vocabulary: Vocabulary, takesBytes: Bool) throws(Failure) {
    try part.allow([
      "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
      "ignore_merges", "vocab", "merges",
    ])
    if let dropout = part["dropout"], try dropout.number() != 0 { throw dropout.unsupported("chance") }
    unknownToken = try part["unk_token"]?.string()
    unknown = unknownToken.flatMap { vocabulary.id(of: $0) }
    prefix = Array((try part["continuing_subword_prefix"]?.string() ?? "").utf8)
    suffix = Array((try part["end_of_word_suffix"]?.string() ?? "").utf8)
    fusesUnknown = try part["fuse_unk"]?.boolean() ?? false
    fallsBackToBytes = try part["byte_fallback"]?.boolean() ?? false
    ignoresMerges = try part["ignore_merges"]?.boolean() ?? false
    fallbacks = byteFallbacks(vocabulary)
    merges = try Self.merges(try part.required("merges"), vocabulary, prefixCount: prefix.count)
    self.takesBytes = takesBytes
    self.vocabulary = takesBytes ? vocabulary.writtenInBytes : vocabulary
    if takesBytes, prefix.isEmpty, suffix.isEmpty {
      byteTokens = (0..<256).map { self.vocabulary.id(of: [UInt8($0)]) ?? -1 }
    }
  }

  private static func merges(_ part: TokenizerNode, _ vocabulary: Vocabulary, prefixCount: Int) throws(Failure)
    -> MergeTable
  {
    guard let list = part.value.array else { throw part.wrong("it is no list") }
    var merges: [(Int32, Int32, Int32)] = []
    merges.reserveCapacity(list.count)
    for entry in list {
      let pair: [Substring]
      if let text = entry.string {
        if text.hasPrefix("#version") { continue }
        pair = text.split(separator: " ", omittingEmptySubsequences: false)
      } else {
        pair = (entry.array ?? []).compactMap { $0.string.map { Substring($0) } }
      }
      guard pair.count == 2 else { throw part.wrong("entry \(merges.count) is no pair of tokens") }
      let whole = Array(pair[0].utf8) + Array(pair[1].utf8.dropFirst(prefixCount))
      guard let first = vocabulary.id(of: Array(pair[0].utf8)), let second = vocabulary.id(of: Array(pair[1].utf8)),
        let merged = vocabulary.id(of: whole)
      else { throw part.wrong("`\(pair[0]) \(pair[1])` or what they merge to is not in the vocabulary") }
      merges.append((first, second, merged))
    }
    return MergeTable(merges)
  }

  func encode(
    _ text: Span<UInt8>, _ range: Range<Int>, into ids: inout [Int32], _ scratch: inout ModelScratch
  ) throws(Failure) {
    if ignoresMerges, let id = vocabulary.id(of: text.extracting(range)) { return ids.append(id) }
    scratch.symbols.removeAll(keepingCapacity: true)
    if byteTokens.isEmpty || unknownToken != nil {
      try appendSymbols(text, range, &scratch)
    } else {
      for i in range {
        let token = byteTokens[Int(text[i])]
        if token >= 0 { scratch.symbols.append(token) }
      }
    }
    if scratch.symbols.count > 48 { mergeByHeap(&scratch) } else { mergeBySearch(&scratch) }
    ids += scratch.symbols
  }

  /// The tokens of a word's characters.
  private func appendSymbols(_ text: Span<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch) throws(Failure) {
    // A token for what is unknown waits until it is known whether the next character is, too. The reference lets those
    // for single bytes overtake it.
    var waits = false
    var position = range.lowerBound
    while position < range.upperBound {
      let length = takesBytes ? 1 : text.scalar(at: position).length
      let end = position + length
      scratch.bytes.removeAll(keepingCapacity: true)
      if position > range.lowerBound { scratch.bytes += prefix }
      for i in position..<end { scratch.bytes.append(text[i]) }
      if end == range.upperBound { scratch.bytes += suffix }
      position = end
      if let id = vocabulary.id(of: scratch.bytes) {
        if waits, let unknown { scratch.symbols.append(unknown) }
        waits = false
        scratch.symbols.append(id)
        continue
      }
      if fallsBackToBytes, scratch.bytes.allSatisfy({ fallbacks[Int($0)] != nil }) {
        for byte in scratch.bytes { scratch.symbols.append(fallbacks[Int(byte)] ?? 0) }
        continue
      }
      guard let unknownToken else { continue }
      guard let unknown else {
        throw Failure(
          .wrongFormat, "the tokenizer cannot say that a character is unknown: its vocabulary lacks \(unknownToken)")
      }
      if waits, !fusesUnknown { scratch.symbols.append(unknown) }
      waits = true
    }
    if waits, let unknown { scratch.symbols.append(unknown) }
  }

  func mergeBySearch(_ scratch: inout ModelScratch) {
    scratch.ranks.removeAll(keepingCapacity: true)
    var count = scratch.symbols.count
    if count < 2 { return }
    for i in 0..<count - 1 { scratch.ranks.append(merges.merge(scratch.symbols[i], scratch.symbols[i + 1]).rank) }
    while count > 1 {
      var best = 0
      var bestRank = scratch.ranks[0]
      for i in 1..<count where i < count - 1 && scratch.ranks[i] < bestRank {
        best = i
        bestRank = scratch.ranks[i]
      }
      if bestRank == MergeTable.noRank { break }
      scratch.symbols[best] = merges.merge(scratch.symbols[best], scratch.symbols[best + 1]).token
      scratch.symbols.remove(at: best + 1)
      scratch.ranks.remove(at: best)
      count -= 1
      if best > 0 { scratch.ranks[best - 1] = merges.merge(scratch.symbols[best - 1], scratch.symbols[best]).rank }
      if best < count - 1 { scratch.ranks[best] = merges.merge(scratch.symbols[best], scratch.symbols[best + 1]).rank }
    }
  }

  func mergeByHeap(_ scratch: inout ModelScratch) {
    let count = scratch.symbols.count
    scratch.previous.removeAll(keepingCapacity: true)
    scratch.next.removeAll(keepingCapacity: true)
    scratch.queue.removeAll()
    for i in 0..<count {
      scratch.previous.append(Int32(i) - 1)
      scratch.next.append(i + 1 < count ? Int32(i) + 1 : -1)
      if i + 1 < count { enqueue(i, i + 1, &scratch) }
    }
    while let first = scratch.queue.popFirst() {
      let left = Int(first & 0xFFFF_FFFF)
      let right = Int(scratch.next[left])
      // What was merged away has no token any more.
      guard scratch.symbols[left] >= 0, right >= 0 else { continue }
      let merge = merges.merge(scratch.symbols[left], scratch.symbols[right])
      guard merge.rank == UInt32(first >> 32), merge.rank != MergeTable.noRank else { continue }
      scratch.symbols[left] = merge.token
      scratch.symbols[right] = -1
      let after = scratch.next[right]
      scratch.next[left] = after
      if after >= 0 {
        scratch.previous[Int(after)] = Int32(left)
        enqueue(left, Int(after), &scratch)
      }
      if scratch.previous[left] >= 0 { enqueue(Int(scratch.previous[left]), left, &scratch) }
    }
    scratch.symbols.removeAll { $0 < 0 }
  }

  private func enqueue(_ left: Int, _ right: Int, _ scratch: inout ModelScratch) {
    let rank = merges.merge(scratch.symbols[left], scratch.symbols[right]).rank
    if rank != MergeTable.noRank { scratch.queue.insert(UInt64(rank) << 32 | UInt64(left)) }
  }
}

/// The tokens `<0x00>` to `<0xFF>` of a vocabulary.
func byteFallbacks(_ vocabulary: Vocabulary) -> [Int32?] {
  (0..<256).map { byte in
    let digits = String(byte, radix: 16, uppercase: true)
    return vocabulary.id(of: "<0x\(digits.count < 2 ? "0" : "")\(digits)>")
  }
}
