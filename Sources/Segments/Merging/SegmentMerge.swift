package import Disk
package import Primitives

/// Writes one segment that holds the files of `sources` that are not in `tombstoned` (parallel to `sources`), in the
/// order of their paths, without reading any source file: the same bytes that a builder would write for these files.
///
/// Memory is 5 bytes for each chunk and 40 for each file of the sources, plus the longest posting list, however large
/// they are; of the sources' maps only a few MB are in memory at once. The sources are verified first, so that damage
/// on the disk is found here and never copied: throws `.damaged`. Throws `.invalidArgument` where the vectors of the
/// sources differ in their dimensions, and `.cancelled` within milliseconds of a cancellation: then, as after any
/// error, nothing is left of the file. Only once all is written, a cancellation is not heeded until it is durable.
package func mergeSegments(
  _ sources: [Segment], tombstoned: [BitSet], to target: HeldName, cancellation: Cancellation = Cancellation()
) throws(Failure) -> MergeResult {
  let path = target.path
  precondition(sources.count == tombstoned.count)
  let dimensions = sources.first?.dimensions ?? 0
  for source in sources {
    guard source.dimensions == dimensions else {
      throw Failure(
        .invalidArgument, "segments of different models cannot be merged", path: path, remedy: .index)
    }
    try source.verify(cancellation)
  }
  let plan = try MergePlan(sources, tombstoned: tombstoned, cancellation)
  guard plan.chunkCount <= SegmentFormat.maximumChunkCount else {
    throw Failure(.invalidArgument, "the segments are too large to be merged", path: path)
  }
  var writer = try SegmentWriter(target, dimensions: dimensions)
  var pieceCount = 0
  writer.whenPieceWritten {
    pieceCount += 1
    if pieceCount % piecesBetweenReleases == 0 { for source in sources { source.releasePages() } }
  }
  try mergeStored(sources, plan, into: &writer, cancellation)
  try mergeTerms(sources, plan, into: &writer, cancellation)
  try mergeVectors(sources, plan, into: &writer, cancellation)
  try mergeGrams(sources, plan, into: &writer, cancellation)
  // A file that was cut meanwhile gave zeros: they must not be kept under checksums that are right.
  for source in sources { if let damage = source.damage { throw damage } }
  let byteCount = try writer.commit()
  for source in sources { source.releasePages() }
  return MergeResult(byteCount: byteCount, fileNumbers: plan.fileNumbers)
}

/// The same to the file at `path`.
package func mergeSegments(
  _ sources: [Segment], tombstoned: [BitSet], to path: FilePath
) throws(Failure) -> MergeResult {
  try mergeSegments(sources, tombstoned: tombstoned, to: HeldName(path))
}

/// Pieces of 64 KiB of the merged segment after which pages of the sources are released.
private let piecesBetweenReleases = 64

private func mergeStored(
  _ sources: [Segment], _ plan: MergePlan, into writer: inout SegmentWriter, _ cancellation: Cancellation
) throws(Failure) {
  var positions = sources.map { _ in ChunkTable.Position() }
  // The next chunk that each position will come to.
  var next = sources.map { _ in 0 }
  var firsts = sources.map { _ in FirstChunks() }
  var firstChunk = 0
  var totalLength = 0
  for file in plan.files {
    try cancellation.check()
    let number = Int(file.source)
    let source = sources[number]
    let stored = source.file(Int(file.number))
    writer.add(
      path: stored.path.bytes, language: stored.language, contentHash: stored.contentHash, firstChunk: firstChunk)
    let table = source.chunkTable
    let lengths = source.bytes(of: .lengths)
    while next[number] < stored.chunks.upperBound {
      let chunk = next[number]
      let isFirstOfFile = firsts[number].isFirstOfFile(chunk, source)
      guard table.advance(&positions[number], isFirstOfFile: isFirstOfFile) else { throw damage(of: source) }
      if chunk >= stored.chunks.lowerBound {
        try writer.add(
          positions[number].record, isFirstOfFile: chunk == stored.chunks.lowerBound, lengthCode: lengths[chunk])
        totalLength += LengthCode.length(of: lengths[chunk])
      }
      next[number] += 1
    }
    firstChunk += stored.chunks.count
  }
  try writer.finishStored(totalLength: totalLength)
}

private func mergeTerms(
  _ sources: [Segment], _ plan: MergePlan, into writer: inout SegmentWriter, _ cancellation: Cancellation
) throws(Failure) {
  var heads = sources.map { TermHead($0) }
  var words = MergedPostings()
  var definitions = MergedPostings()
  // A copy of the current string: the head that it comes from moves on.
  var string: [UInt8] = []
  while true {
    // The sources are few: a linear scan is as fast as a heap.
    var least: Int?
    for i in heads.indices where heads[i].isOpen {
      if let found = least, !heads[i].precedes(heads[found]) { continue }
      least = i
    }
    guard let least else { break }
    try cancellation.check()
    let key = heads[least].key
    string.removeAll(keepingCapacity: true)
    string.append(contentsOf: heads[least].position.string)
    words.removeAll()
    definitions.removeAll()
    for i in heads.indices where heads[i].isOpen && heads[i].key == key && heads[i].position.string == string {
      if let list = heads[i].position.words { words.append(list, of: sources[i], newNumbers: plan.chunkNumbers[i]) }
      if let list = heads[i].position.definitions {
        definitions.append(list, of: sources[i], newNumbers: plan.chunkNumbers[i])
      }
      heads[i].advance(sources[i])
    }
    guard words.finish(), definitions.finish() else { throw damage(of: sources[least]) }
    if words.run.count > 0 || definitions.run.count > 0 {
      try writer.add(term: string.span, words: words.run, definitions: definitions.run)
    }
  }
  try writer.finishTerms()
}

/// The next term of one source.
private struct TermHead {
  private(set) var position = TermDictionary.Position()
  private(set) var isOpen = true
  /// What tells most strings apart without comparing their bytes.
  private(set) var key: UInt64 = 0

  init(_ source: Segment) { advance(source) }

  mutating func advance(_ source: Segment) {
    isOpen = source.dictionary.advance(&position)
    let string = position.string
    key = TermDictionaryWriter.key(string.span)
  }

  func precedes(_ other: TermHead) -> Bool {
    key != other.key ? key < other.key : position.string.precedes(other.position.string)
  }
}

private func mergeVectors(
  _ sources: [Segment], _ plan: MergePlan, into writer: inout SegmentWriter, _ cancellation: Cancellation
) throws(Failure) {
  for file in plan.files {
    try cancellation.check()
    let source = sources[Int(file.source)]
    let vectors = source.vectors
    for chunk in source.chunks(ofFile: Int(file.number)) { try writer.add(vector: vectors.low(chunk)) }
  }
  try writer.finishVectors()
  for file in plan.files {
    try cancellation.check()
    let source = sources[Int(file.source)]
    let vectors = source.vectors
    for chunk in source.chunks(ofFile: Int(file.number)) { try writer.add(signs: vectors.signs(chunk)) }
  }
}

func damage(of segment: Segment) -> Failure {
  segment.damage
    ?? Failure(.damaged, "its parts contradict each other", path: segment.path, remedy: .index)
}
