import Chunking
import Primitives
import QueryLanguage
import Segments

extension AbsenceSearch {
  /// The chunks that hold a text, and how much is known where there are none.
  struct Holders {
    /// Those that hold it as it is written come before those that hold its words in their order; each in the order of
    /// paths and lines, whatever the segments are.
    var places: [ChunkPlace] = []
    /// Whether there are none where none is found: every file that may hold it was read.
    var isCertain = true
    /// Whether more files may hold it than are read.
    var isCut = false
  }

  /// The rarest word of a text that spans the end of a chunk is followed to all of its chunks if these are no more.
  private static let rareCount = 64
  /// A longer text may span several chunks, and bytes of text around a chunk that are read where a word is rare.
  private static let overlap = 512

  /// The chunks that hold `phrase` (as `WrittenQuery` tells it), the first `limit`.
  ///
  /// Intersects the chunks that hold each word of it, and reads those in the order of paths; where none holds it,
  /// those at whose end it may begin.
  ///
  /// - Parameter filters: files that pass them are read first.
  func holders(
    of phrase: Int, in written: WrittenQuery, text: String, filters: QueryFilters = QueryFilters(), limit: Int,
    byteLimit: Int? = nil
  ) -> Holders {
    let words = WrittenPhrase.indexedWords(of: text)
    var search = HolderSearch(
      phrase: phrase, written: written, limit: limit, byteLimit: byteLimit ?? self.byteLimit)
    if words.isEmpty {
      lookThrough(&search, filters)
      return context.isOver ? Holders(isCertain: false) : search.result
    }
    let byteCount = text.utf8.count
    var whole: [BitSet] = []
    var split: [BitSet] = []
    var byWord: [[BitSet]] = []
    var frequencies = [Int](repeating: 0, count: words.count)
    for live in snapshot.segments {
      let sets = words.enumerated().map { number, word in
        var set = live.segment.chunks(holding: Term(word), context: context)
        if let live = live.live { set.formIntersection(live) }
        frequencies[number] += set.count
        return set
      }
      byWord.append(sets)
      whole.append(sets.dropFirst().reduce(into: sets[0]) { $0.formIntersection($1) })
    }
    if context.isOver { return Holders(isCertain: false) }
    guard let least = frequencies.min(), least > 0 else { return Holders() }
    // Chunks of a file follow each other, so a text that spans the end of one has its words in it or in the next.
    let rarest = frequencies.firstIndex(of: least) ?? 0
    let followsWord = least <= Self.rareCount || byteCount > Self.overlap
    for (i, sets) in byWord.enumerated() {
      if followsWord {
        split.append(sets[rarest])
      } else {
        var pairs = sets.map { set in
          var pair = set.predecessors
          pair.formUnion(set)
          return pair
        }
        let first = pairs.removeFirst()
        split.append(pairs.reduce(into: first) { $0.formIntersection($1) })
        split[i].subtract(whole[i])
      }
    }
    read(whole, around: (0, byteCount), &search, filters)
    // In a history what stands around a chunk is not gone.
    let isOfHistory = snapshot.segments.contains { $0.pathPrefixByteCount > 0 }
    if search.places.isEmpty, !search.holders.isCut, !isOfHistory {
      let overlap = followsWord ? max(Self.overlap, byteCount) : byteCount
      read(split, around: (followsWord ? overlap : 0, overlap), &search, filters)
    }
    if context.isOver { return Holders(isCertain: false) }
    return search.result
  }

  /// What is read for one text, and what was found.
  private struct HolderSearch {
    let phrase: Int
    let written: WrittenQuery
    let limit: Int
    let byteLimit: Int
    var places: [ChunkPlace] = []
    /// Those that hold its words in their order, or it in longer operators alone (`==>` for `=>`).
    var parts: [ChunkPlace] = []
    var readCount = 0
    var holders = Holders()

    var isDone: Bool { places.count >= limit }

    mutating func add(_ place: ChunkPlace, evidence: Float) {
      if evidence == 1 {
        if places.last != place { places.append(place) }
      } else if evidence > 0, parts.count < limit {
        parts.append(place)
      }
    }

    var result: Holders {
      var holders = holders
      holders.places = Array((places + parts.filter { !places.contains($0) }).prefix(limit))
      return holders
    }
  }

  /// A file with some of its chunks.
  private struct FileOfChunks {
    var path: SourcePath
    var segment: Int
    var chunks: [Int]
    var passesFilters: Bool
  }

  /// `chunks` of each segment by their files: those first that pass the filters, and in the order of paths.
  private func files(of chunks: [BitSet], _ filters: QueryFilters) -> [FileOfChunks] {
    var files: [FileOfChunks] = []
    for (i, live) in snapshot.segments.enumerated() {
      let passing = filters.isEmpty ? nil : filters.eligible(in: live, context: context)
      var chunksOfFile = 0..<0
      for chunk in chunks[i].members {
        if chunksOfFile.contains(chunk) {
          files[files.count - 1].chunks.append(chunk)
        } else {
          if context.isOver { return [] }
          let file = live.segment.fileNumber(ofChunk: chunk)
          chunksOfFile = live.segment.chunks(ofFile: file)
          files.append(
            FileOfChunks(
              path: snapshot.sourcePath(ofFile: file, inSegment: i), segment: i, chunks: [chunk],
              passesFilters: passing?.contains(chunk) ?? true))
        }
      }
    }
    files.sort { $0.passesFilters != $1.passesFilters ? $0.passesFilters : $0.path < $1.path }
    return files
  }

  /// Reads `chunks` with as many bytes before and behind each as `margins` says, until enough are found.
  private func read(
    _ chunks: [BitSet], around margins: (before: Int, behind: Int), _ search: inout HolderSearch,
    _ filters: QueryFilters
  ) {
    for file in files(of: chunks, filters) {
      let segment = snapshot.segments[file.segment].segment
      // One file after the other, whose texts need not be held together; each is read once.
      var reader = SourceReader(tree)
      let last = file.chunks.last.map { segment.chunk($0).chunk.bytes.upperBound } ?? 0
      search.readCount += max(0, last) + margins.behind
      if search.readCount > search.byteLimit {
        (search.holders.isCertain, search.holders.isCut) = (false, true)
        return
      }
      let bytes = reader.beginning(of: file.path, upTo: max(0, last) + margins.behind)?.bytes ?? []
      for chunk in file.chunks {
        if context.isOver || search.isDone { return }
        let range = segment.chunk(chunk).chunk.bytes
        let end = range.upperBound + margins.behind
        guard range.lowerBound >= 0, range.lowerBound < bytes.count else { continue }
        let part = max(0, range.lowerBound - margins.before)..<min(end, bytes.count)
        let text = FoldedText.folded(bytes.span.extracting(part))
        search.add(
          ChunkPlace(segment: file.segment, chunk: chunk),
          evidence: search.written.evidence(ofPhrase: search.phrase, in: text.span))
      }
      if !reader.unreadable.isEmpty { search.holders.isCertain = false }
    }
  }

  /// The same for what the index knows nothing of (signs, single letters, words of other scripts): the files are read
  /// in that order. Those that hold it in longer operators alone come last.
  private func lookThrough(_ search: inout HolderSearch, _ filters: QueryFilters) {
    let all = snapshot.segments.map { live in
      live.live ?? BitSet(capacity: live.segment.chunkCount, filled: true)
    }
    for file in files(of: all, filters) {
      if context.isOver || search.isDone { return }
      var reader = SourceReader(tree)
      guard let bytes = reader.bytes(of: file.path) else {
        if !reader.unreadable.isEmpty { search.holders.isCertain = false }
        continue
      }
      search.readCount += bytes.count
      if search.readCount > search.byteLimit {
        (search.holders.isCertain, search.holders.isCut) = (false, true)
        return
      }
      if Self.evidence(search, bytes.span) == 0 { continue }
      let segment = snapshot.segments[file.segment].segment
      for chunk in file.chunks where !context.isOver && !search.isDone {
        let range = segment.chunk(chunk).chunk.bytes.clamped(to: 0..<bytes.count)
        let evidence = Self.evidence(search, bytes.span.extracting(range))
        search.add(ChunkPlace(segment: file.segment, chunk: chunk), evidence: evidence)
      }
    }
  }

  /// As it is written, or as it is folded: joiners between emoji are not in a folded phrase.
  private static func evidence(_ search: HolderSearch, _ text: Span<UInt8>) -> Float {
    let evidence = search.written.evidence(ofPhrase: search.phrase, in: text)
    if evidence == 1 || !text.holdsScripts { return evidence }
    return max(evidence, search.written.evidence(ofPhrase: search.phrase, in: FoldedText.folded(text).span))
  }
}
