import Kernels

/// The postings of one block of a list, decoded: what a cursor decodes into.
struct PostingBlock {
  fileprivate(set) var chunks: InlineArray<128, UInt32> = .init(repeating: 0)
  fileprivate(set) var codes: InlineArray<128, UInt8> = .init(repeating: 0)
  init() {}
}

/// One posting list while it is read: forward only, a block at a time; blocks that are skipped are not decoded.
///
/// The list's bytes and the block it decodes into are given anew to every call, always the same: the bytes are
/// borrowed, and a cursor is small, so that who works on one of several takes it out of its array and puts it back.
struct PostingCursor {
  private let headersStart: Int
  private let end: Int
  private let fullBlockCount: Int
  private let tailCount: Int
  /// The block the cursor is at; `fullBlockCount` is the tail, one more is the end.
  private var block = 0
  /// Where the bytes of `block` begin.
  private var blockStart: Int
  /// One more than the last chunk number before `block`.
  private var blockFirst: UInt32 = 0
  /// The last chunk number of `block`; of no meaning at the end.
  private(set) var blockLast: UInt32 = 0
  private var isDecoded = false
  /// How many postings the decoded block has.
  private(set) var count = 0
  /// The first posting of the decoded block that was not passed.
  private(set) var position = 0
  /// The largest code of the tail, once decoded.
  private var largestOfTail: UInt8 = 0

  init(_ list: PostingList, in bytes: Span<UInt8>, _ decoded: inout PostingBlock) {
    let range = list.range.clamped(to: 0..<bytes.count)
    headersStart = range.lowerBound
    end = range.upperBound
    if list.isInDictionary {
      fullBlockCount = 0
      tailCount = 1
      blockStart = 0
      decoded.chunks[0] = list.onlyChunk
      decoded.codes[0] = list.onlyCode & FrequencyCode.mask
      largestOfTail = decoded.codes[0]
      count = 1
      blockLast = list.onlyChunk
      isDecoded = true
    } else {
      // A count that the bytes cannot hold is damage; reading ends at the end of the bytes in any case.
      fullBlockCount = min(list.count / PostingWriter.blockSize, range.count / PostingWriter.headerByteCount)
      tailCount = list.count % PostingWriter.blockSize
      blockStart = headersStart + fullBlockCount * PostingWriter.headerByteCount
      enterBlock(in: bytes, &decoded)
    }
  }

  var isAtEnd: Bool { block > fullBlockCount }

  /// No posting that was not passed has a smaller chunk number.
  func nextChunk(in decoded: borrowing PostingBlock) -> UInt32 {
    isDecoded && position < count ? decoded.chunks[position] : blockFirst
  }

  /// Moves to the block that may hold the first chunk at or after `chunk`, without decoding it.
  @inline(__always)
  mutating func skip(to chunk: UInt32, in bytes: Span<UInt8>, _ decoded: inout PostingBlock) {
    while block <= fullBlockCount, blockLast < chunk { nextBlock(in: bytes, &decoded) }
  }

  mutating func nextBlock(in bytes: Span<UInt8>, _ decoded: inout PostingBlock) {
    if block < fullBlockCount { blockStart += byteCount(of: block, in: bytes) }
    blockFirst = blockLast &+ 1
    block += 1
    isDecoded = false
    enterBlock(in: bytes, &decoded)
  }

  private mutating func enterBlock(in bytes: Span<UInt8>, _ decoded: inout PostingBlock) {
    if block < fullBlockCount {
      let last = bytes.uint32(at: headersStart + block * PostingWriter.headerByteCount)
      // Numbers that do not ascend are damage: end.
      if last < blockFirst || last == .max { block = fullBlockCount + 1 }
      blockLast = last
    } else if block == fullBlockCount {
      decodeTail(in: bytes, &decoded)
      if count == 0 { block += 1 } else { blockLast = decoded.chunks[count - 1] }
    }
  }

  private func byteCount(of block: Int, in bytes: Span<UInt8>) -> Int {
    Int(bytes.uint32(at: headersStart + block * PostingWriter.headerByteCount + 4) & 0xFFFF)
  }

  /// What no posting of this block exceeds: its largest code, and its smallest length code.
  func blockBound(in bytes: Span<UInt8>) -> (code: UInt8, length: UInt8) {
    if block >= fullBlockCount { return tailBound }
    let header = headersStart + block * PostingWriter.headerByteCount
    return (bytes[header + 6] & FrequencyCode.mask, bytes[header + 7])
  }

  /// A tail's lengths are not kept: a bound of its own would cost more than it could save.
  private var tailBound: (code: UInt8, length: UInt8) {
    (isDecoded ? largestOfTail : UInt8(FrequencyCode.count - 1), 0)
  }

  /// What no posting below `limit` that was not passed exceeds, and how many there are at most; nil if there is none.
  func bound(
    below limit: UInt32, in bytes: Span<UInt8>, _ decoded: borrowing PostingBlock
  ) -> (code: UInt8, length: UInt8, count: Int)? {
    if isAtEnd { return nil }
    if nextChunk(in: decoded) >= limit { return nil }
    var (code, length) = blockBound(in: bytes)
    if block >= fullBlockCount { return (code, length, count - position) }
    var first = blockLast &+ 1
    var i = block + 1
    while i < fullBlockCount, first < limit {
      let header = headersStart + i * PostingWriter.headerByteCount
      code = max(code, bytes[header + 6] & FrequencyCode.mask)
      length = min(length, bytes[header + 7])
      first = bytes.uint32(at: header) &+ 1
      i += 1
    }
    let count = (i - block) * PostingWriter.blockSize
    if i == fullBlockCount, first < limit, tailCount > 0 {
      return (UInt8(FrequencyCode.count - 1), 0, count + tailCount)
    }
    return (code, length, count)
  }

  /// Decodes the block the cursor is at, unless it was decoded already.
  @inline(__always)
  mutating func decode(in bytes: Span<UInt8>, _ decoded: inout PostingBlock) {
    if !isDecoded { decodeBlock(in: bytes, &decoded) }
  }

  /// Marks the first `newPosition` postings of the decoded block as passed.
  mutating func pass(to newPosition: Int) { position = max(position, min(newPosition, count)) }

  /// Whether no posting of the block it is at, or of those after it, is below `chunk`, as far as is known without
  /// decoding.
  func begins(atOrAfter chunk: UInt32) -> Bool { blockFirst >= chunk }

  /// How many postings of the block it is at lie in `range`. Decodes the block where it lies only partly in it.
  mutating func count(in range: Range<UInt32>, _ bytes: Span<UInt8>, _ decoded: inout PostingBlock) -> Int {
    if block < fullBlockCount, range.lowerBound <= blockFirst, blockLast < range.upperBound {
      return PostingWriter.blockSize
    }
    decode(in: bytes, &decoded)
    let chunks = decoded.chunks.span.extracting(0..<count)
    return Self.firstPlace(in: chunks, atOrAfter: range.upperBound)
      - Self.firstPlace(in: chunks, atOrAfter: range.lowerBound)
  }

  private static func firstPlace(in chunks: Span<UInt32>, atOrAfter chunk: UInt32) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle] < chunk { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func decodeTail(in bytes: Span<UInt8>, _ decoded: inout PostingBlock) {
    isDecoded = true
    position = 0
    var count = 0
    var largest: UInt8 = 0
    var cursor = ByteCursor(bytes.extracting(0..<end), at: min(blockStart, end))
    var next = Int(blockFirst)
    // Fewer than a block.
    for index in 0..<tailCount {
      let number = cursor.varint()
      next &+= number >> 2
      if cursor.isDamaged || next >= Int(UInt32.max) { break }
      decoded.chunks[index] = UInt32(truncatingIfNeeded: next)
      decoded.codes[index] = UInt8(truncatingIfNeeded: number & 3)
      largest = max(largest, decoded.codes[index])
      count = index &+ 1
      next &+= 1
    }
    self.count = count
    largestOfTail = largest
  }

  private mutating func decodeBlock(in bytes: Span<UInt8>, _ decoded: inout PostingBlock) {
    isDecoded = true
    position = 0
    count = 0
    let blockEnd = blockStart + byteCount(of: block, in: bytes)
    guard blockEnd <= end else { return }
    var cursor = ByteCursor(bytes.extracting(blockStart..<blockEnd))
    let gapBits = Int(cursor.byte())
    let largeGapCount = Int(cursor.byte())
    let codeByte = Int(cursor.byte())
    let codeBits = codeByte & 7
    let packedStart = cursor.offset
    cursor.skip(16 * gapBits + 16 * codeBits)
    guard !cursor.isDamaged, gapBits <= 32, codeBits <= 2 else { return }
    let packed = cursor.bytes.extracting(packedStart..<cursor.offset)
    PostingKernels.unpack(packed, bits: gapBits, to: &decoded.chunks)
    PostingKernels.unpackCodes(packed.extracting((16 * gapBits)...), bits: codeBits, to: &decoded.codes)
    for _ in 0..<largeGapCount {
      let index = Int(cursor.byte() & 127)
      let high = cursor.varint()
      // A gap of 32 bits has no bits above them.
      if gapBits < 32 { decoded.chunks[index] |= UInt32(truncatingIfNeeded: high << gapBits) }
    }
    for _ in 0..<(codeByte >> 3) {
      let index = Int(cursor.byte() & 127)
      decoded.codes[index] = (decoded.codes[index] | cursor.byte() << UInt8(codeBits)) & FrequencyCode.mask
    }
    PostingKernels.sumGaps(&decoded.chunks, from: blockFirst)
    count = cursor.isDamaged ? 0 : PostingWriter.blockSize
  }
}
