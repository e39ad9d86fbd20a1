/// The postings of one term, in memory, while it is written. Its memory stays from term to term.
struct PostingRun {
  private(set) var count = 0
  /// Of at least `count` elements.
  private var chunkRoom: [UInt32] = []
  private var codeRoom: [UInt8] = []

  init() {}

  /// Ascending while it is written; a merge puts them in order.
  var chunks: Span<UInt32> {
    @_lifetime(borrow self) get { chunkRoom.span.extracting(first: count) }
  }
  var codes: Span<UInt8> {
    @_lifetime(borrow self) get { codeRoom.span.extracting(first: count) }
  }

  mutating func append(_ chunk: UInt32, code: UInt8) {
    if count == chunkRoom.count { reserve(1) }
    chunkRoom[count] = chunk
    codeRoom[count] = code
    count &+= 1
  }

  /// Appends `number` postings that `fill` writes, all of them.
  mutating func append(
    count number: Int, _ fill: (_ chunks: inout MutableSpan<UInt32>, _ codes: inout MutableSpan<UInt8>) -> Void
  ) {
    reserve(number)
    // Two spans of one value cannot be held at once: the arrays leave it meanwhile.
    var chunkRoom: [UInt32] = []
    var codeRoom: [UInt8] = []
    swap(&chunkRoom, &self.chunkRoom)
    swap(&codeRoom, &self.codeRoom)
    do {
      var chunks = chunkRoom.mutableSpan
      var codes = codeRoom.mutableSpan
      var newChunks = chunks._mutatingExtracting(count..<count + number)
      var newCodes = codes._mutatingExtracting(count..<count + number)
      fill(&newChunks, &newCodes)
    }
    swap(&chunkRoom, &self.chunkRoom)
    swap(&codeRoom, &self.codeRoom)
    count += number
  }

  mutating func removeAll() { count = 0 }

  private mutating func reserve(_ number: Int) {
    guard count + number > chunkRoom.count else { return }
    let grown = max(64, 2 * chunkRoom.count, count + number)
    chunkRoom.append(contentsOf: repeatElement(0, count: grown - chunkRoom.count))
    codeRoom.append(contentsOf: repeatElement(0, count: grown - codeRoom.count))
  }
}
