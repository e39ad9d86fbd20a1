import Primitives

/// Where everything goes in a merge: the live files in their new order, and the new number of every file and chunk.
struct MergePlan {
  struct File {
    var source: Int
    var number: Int
  }
  static let gone = UInt32.max

  private(set) var files: [File] = []
  /// By source and file; nil for a retired one.
  private(set) var fileNumbers: [[Int?]] = []
  /// By source and chunk; `gone` for one of a retired file.
  private(set) var chunkNumbers: [[UInt32]] = []
  private(set) var chunkCount = 0

  init(_ sources: [Segment], retired: [BitSet]) {
    fileNumbers = sources.map { Array(repeating: nil, count: $0.fileCount) }
    chunkNumbers = sources.map { Array(repeating: Self.gone, count: $0.chunkCount) }
    var heads = sources.map { PathHead($0) }
    while true {
      // The sources are few: looking at each is as fast as a heap.
      var least: Int?
      for i in heads.indices where !heads[i].isAtEnd {
        if let found = least, !heads[i].path.precedes(heads[found].path) { continue }
        least = i
      }
      guard let least else { break }
      let number = heads[least].number
      heads[least].advance(sources[least])
      if retired[least].contains(number) { continue }
      fileNumbers[least][number] = files.count
      files.append(File(source: least, number: number))
      for chunk in sources[least].chunks(ofFile: number) {
        chunkNumbers[least][chunk] = UInt32(truncatingIfNeeded: chunkCount)
        chunkCount += 1
      }
    }
  }
}

/// The next path of one source.
private struct PathHead {
  private(set) var number = -1
  private(set) var path: [UInt8] = []
  private var offset = 0
  private let count: Int
  var isAtEnd: Bool { number >= count }

  init(_ source: Segment) {
    count = source.fileCount
    advance(source)
  }

  mutating func advance(_ source: Segment) {
    number += 1
    if number < count { source.paths.read(number, at: &offset, into: &path) }
  }
}

/// The postings of one term from several sources, under their new numbers.
struct MergedPostings {
  private(set) var run = PostingRun()
  private var isAscending = true

  init() {}

  mutating func removeAll() {
    run.removeAll()
    isAscending = true
  }

  /// Adds the postings of `list` whose chunks are not gone.
  mutating func append(_ list: PostingList, of source: Segment, newNumbers: [UInt32]) {
    if list.isInDictionary {
      append(list.onlyChunk, list.onlyCode, newNumbers)
      return
    }
    let bytes = source.bytes(of: .terms)
    var cursor = PostingCursor(list, in: bytes)
    while !cursor.isAtEnd {
      cursor.decode(in: bytes)
      for i in 0..<cursor.count { append(cursor.chunks[i], cursor.codes[i], newNumbers) }
      cursor.nextBlock(in: bytes)
    }
  }

  private mutating func append(_ chunk: UInt32, _ code: UInt8, _ newNumbers: [UInt32]) {
    guard Int(chunk) < newNumbers.count, newNumbers[Int(chunk)] != MergePlan.gone else { return }
    let number = newNumbers[Int(chunk)]
    if let last = run.chunks.last, last >= number { isAscending = false }
    run.append(number, code: code)
  }

  /// Puts the postings in order. False where a chunk occurs twice, which only damage brings about.
  mutating func finish() -> Bool {
    if isAscending { return true }
    // A number and a code fit in 32 bits: `SegmentFormat.maximumChunkCount`. The runs of the sources make this sort fast.
    var packed = zip(run.chunks, run.codes).map { $0 << 4 | UInt32($1) }
    packed.sort()
    run.removeAll()
    for posting in packed {
      if let last = run.chunks.last, last >= posting >> 4 { return false }
      run.append(posting >> 4, code: UInt8(posting & 15))
    }
    return true
  }
}
