/// The postings of one term, in memory, while it is written.
struct PostingRun {
  var chunks: [UInt32] = []
  var codes: [UInt8] = []
  var count: Int { chunks.count }

  init() {}

  mutating func append(_ chunk: UInt32, code: UInt8) {
    chunks.append(chunk)
    codes.append(code)
  }
  mutating func removeAll() {
    chunks.removeAll(keepingCapacity: true)
    codes.removeAll(keepingCapacity: true)
  }
}
