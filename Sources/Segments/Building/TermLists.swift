/// The terms of one field in a builder: distinct strings, each with its posting list under the same number.
struct TermLists: ~Copyable {
  private(set) var strings = ByteStringTable()
  private(set) var lists = PostingArena()

  init() {}

  var memoryByteCount: Int { strings.memoryByteCount + lists.memoryByteCount }

  /// Frees what only `append` needs, which must not be called any more.
  mutating func endAppending() { strings.endInserting() }

  /// How many terms before its turn a term's memory is asked for, in steps of one third of it.
  static let prefetchDistance = 24

  /// Asks for the memory of terms that come soon: for the first step of that at `index` + the distance, for the next
  /// ones of those that come earlier.
  @inline(__always)
  func prefetch(_ entries: Span<FileTerms.Entry>, at index: Int) {
    let step = Self.prefetchDistance / 3
    if index &+ 3 &* step < entries.count { strings.prefetchSlot(hash: entries[index &+ 3 &* step].hash) }
    if index &+ 2 &* step < entries.count { strings.prefetchEntry(hash: entries[index &+ 2 &* step].hash) }
    if index &+ step < entries.count, let list = strings.prefetchString(hash: entries[index &+ step].hash) {
      lists.prefetch(list)
    }
  }

  /// Adds the postings that a file, whose first chunk is `firstChunk`, has for `string`; chunks ascend.
  mutating func append(_ postings: Span<UInt32>, firstChunk: UInt32, _ string: Span<UInt8>, hash: UInt32) {
    let number = strings.insert(string, hash: hash)
    if number == lists.count { lists.addList() }
    lists.append(postings, firstChunk: firstChunk, to: number)
  }
}
