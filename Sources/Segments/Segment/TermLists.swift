/// The terms of one field in a builder: distinct strings, each with its posting list under the same number.
struct TermLists {
  private(set) var strings = ByteStringTable()
  private(set) var lists = PostingArena()

  init() {}

  var memoryByteCount: Int { strings.memoryByteCount + lists.memoryByteCount }

  /// Adds a posting to the list of `string`; chunks ascend.
  mutating func append(_ chunk: UInt32, code: UInt8, _ string: Span<UInt8>, hash: UInt32) {
    let number = strings.insert(string, hash: hash)
    if number == lists.count { lists.addList() }
    lists.append(chunk, code: code, to: number)
  }
}
