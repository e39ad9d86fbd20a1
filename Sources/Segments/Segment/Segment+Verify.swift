import Disk
package import Primitives

extension Segment {
  /// Reads every byte, whatever was checked before, and checks every checksum and every structure: names in their
  /// order, lists that hold what they say, chunks that lie in their files. Throws `.damaged`,
  /// and `.cancelled` within milliseconds of a cancellation.
  package func verify(_ cancellation: Cancellation = Cancellation()) throws(Failure) {
    try file.verify(cancellation)
    // Each check reads through a part of the map once and releases it.
    defer { releasePages() }
    var isSound = try areFilesInOrder(cancellation)
    if isSound { isSound = try areChunksReadable(cancellation) }
    if isSound { isSound = try areTermsInOrder(cancellation) }
    if isSound { isSound = try areGramsInOrder(cancellation) }
    if let damage { throw damage }
    guard isSound else {
      throw Failure(.damaged, "its parts contradict each other", path: path, remedy: .index)
    }
  }

  private func areFilesInOrder(_ cancellation: Cancellation) throws(Failure) -> Bool {
    let table = fileTable
    let paths = paths
    var next = 0
    var offset = 0
    var previous: [UInt8]?
    var path: [UInt8] = []
    for number in 0..<fileCount {
      try cancellation.check()
      let chunks = table.chunks(of: number, chunkCount: chunkCount)
      paths.read(number, at: &offset, into: &path)
      guard chunks.lowerBound == next || chunks.isEmpty, table.languageNumber(of: number) < languages.count else {
        return false
      }
      if let previous, !previous.lexicographicallyPrecedes(path) { return false }
      next = max(next, chunks.upperBound)
      previous = path
    }
    return next == chunkCount
  }

  private func areChunksReadable(_ cancellation: Cancellation) throws(Failure) -> Bool {
    let table = chunkTable
    // Blocks that overlap could take any time to read.
    var restByteCount = table.recordsByteCount
    for block in 0..<(chunkCount + ChunkTableWriter.blockSize - 1) / ChunkTableWriter.blockSize {
      restByteCount -= table.records(ofBlock: block).count
      if restByteCount < 0 { return false }
    }
    var position = ChunkTable.Position()
    var firsts = FirstChunks()
    for number in 0..<chunkCount {
      try cancellation.check()
      let isFirstOfFile = firsts.isFirstOfFile(number, self)
      guard table.advance(&position, isFirstOfFile: isFirstOfFile) else { return false }
    }
    var total = 0
    let lengths = bytes(of: .lengths)
    for i in lengths.indices { total += LengthCode.length(of: lengths[i]) }
    return total == totalLength
  }

  private static let stringsBetweenReleases = 1 << 16

  private func areTermsInOrder(_ cancellation: Cancellation) throws(Failure) -> Bool {
    let dictionary = dictionary
    var position = TermDictionary.Position()
    // A copy: the position puts the next string where this one is.
    var previous: [UInt8] = []
    var count = 0
    var restByteCount = parts(of: .terms).count
    while dictionary.advance(&position) {
      try cancellation.check()
      if count > 0, !previous.precedes(position.string) { return false }
      previous.removeAll(keepingCapacity: true)
      previous.append(contentsOf: position.string)
      count += 1
      if count % Self.stringsBetweenReleases == 0 { releasePages() }
      for list in [position.words, position.definitions] {
        guard let list else { continue }
        // So could lists.
        restByteCount -= list.range.count
        if restByteCount < 0 || !holdsWhatItSays(list) { return false }
      }
    }
    return count == counts.terms
  }

  private func holdsWhatItSays(_ list: PostingList) -> Bool {
    // The whole file was checked.
    let terms = parts(of: .terms)
    let bytes = terms.bytes
    if list.isInDictionary { return list.onlyChunk < chunkCount }
    if list.count < PostingWriter.blockSize {
      var isInside = true
      let count = list.forEachOfShort(in: bytes) { chunk, _ in isInside = isInside && chunk < chunkCount }
      return isInside && count == list.count
    }
    var block = PostingBlock()
    var cursor = PostingCursor(list, in: bytes, &block)
    var count = 0
    var previous = -1
    while !cursor.isAtEnd {
      cursor.decode(in: bytes, &block)
      count += cursor.count
      for i in 0..<cursor.count {
        guard Int(block.chunks[i]) > previous, Int(block.chunks[i]) < chunkCount else { return false }
        previous = Int(block.chunks[i])
      }
      cursor.nextBlock(in: bytes, &block)
    }
    return count == list.count
  }
}
