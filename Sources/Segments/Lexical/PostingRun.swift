/// The postings of one term, in memory, while it is written. Its memory stays from term to term.
struct PostingRun {
  private(set) var count = 0
  /// Of at least `count` elements.
  private var chunkBuffer: [UInt32] = []
  private var codeBuffer: [UInt8] = []

  init() {}

  /// Ascending while it is written; a merge puts them in order.
  var chunks: Span<UInt32> {
    @_lifetime(borrow self) get { chunkBuffer.span.extracting(first: count) }
  }
  var codes: Span<UInt8> {
    @_lifetime(borrow self) get { codeBuffer.span.extracting(first: count) }
  }

  mutating func append(_ chunk: UInt32, code: UInt8) {
    if count == chunkBuffer.count { reserve(1) }
    chunkBuffer[count] = chunk
    codeBuffer[count] = code
    count &+= 1
  }

  /// Appends `number` postings that `fill` writes, all of them.
  mutating func append(
    count number: Int, _ fill: (_ chunks: inout MutableSpan<UInt32>, _ codes: inout MutableSpan<UInt8>) -> Void
  ) {
    reserve(number)
    // Two spans of one value cannot be held at once: the arrays leave it meanwhile.
    var chunkBuffer: [UInt32] = []
    var codeBuffer: [UInt8] = []
    swap(&chunkBuffer, &self.chunkBuffer)
    swap(&codeBuffer, &self.codeBuffer)
    do {
      var chunks = chunkBuffer.mutableSpan
      var codes = codeBuffer.mutableSpan
      var newChunks = chunks._mutatingExtracting(count..<count + number)
      var newCodes = codes._mutatingExtracting(count..<count + number)
      fill(&newChunks, &newCodes)
    }
    swap(&chunkBuffer, &self.chunkBuffer)
    swap(&codeBuffer, &self.codeBuffer)
    count += number
  }

  mutating func removeAll() { count = 0 }

  private mutating func reserve(_ number: Int) {
    guard count + number > chunkBuffer.count else { return }
    let grown = max(64, 2 * chunkBuffer.count, count + number)
    chunkBuffer.append(contentsOf: repeatElement(0, count: grown - chunkBuffer.count))
    codeBuffer.append(contentsOf: repeatElement(0, count: grown - codeBuffer.count))
  }
}
