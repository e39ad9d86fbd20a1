/// The terms of one field in a builder: distinct strings, each with its posting list under the same number.
struct TermLists: ~Copyable {
  private(set) var strings = ByteStringTable()
  private(set) var lists = PostingArena()

  init() {}

  var memoryByteCount: Int { strings.memoryByteCount + lists.memoryByteCount }

  /// Adds the postings that a file, whose first chunk is `firstChunk`, has for `string`; chunks ascend.
  mutating func append(_ postings: Span<UInt32>, firstChunk: UInt32, _ string: Span<UInt8>, hash: UInt32) {
    let number = strings.insert(string, hash: hash)
    if number == lists.count { lists.addList() }
    lists.append(postings, firstChunk: firstChunk, to: number)
  }
}
