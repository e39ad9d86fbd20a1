import Chunking
import Corpus
package import Primitives

/// A segment in the making: takes files in the order of their paths, keeps everything in memory, cannot be searched.
package struct SegmentBuilder: ~Copyable {
  private struct File {
    var path: [UInt8]
    var language: Language
    var contentHash: ContentHash
    var chunkCount: Int
  }
  private let dimensions: Int
  private let stride: Int
  private var files: [File] = []
  private var pathByteCount = 0
  private var names = ByteStringTable()
  private var chains = NameChainSet()
  /// Records with the numbers of names and chains as they were met.
  private var chunks = ChunkTableWriter()
  private var lengths: [UInt8] = []
  private var totalLength = 0
  /// The strings of words and those of definitions, each with its list.
  private var words = TermLists()
  private var definitions = TermLists()
  private var vectors = VectorRows()

  package init(dimensions: Int) {
    self.dimensions = dimensions
    stride = VectorTable.stride(dimensions: dimensions)
  }

  /// Adds a file and gives its number in the segment: 0, 1, 2 ... Paths must ascend; every vector has the builder's dimensions.
  package mutating func add(_ file: PreparedFile) -> Int {
    if let last = files.last { precondition(last.path.lexicographicallyPrecedes(file.path.bytes), "paths must ascend") }
    files.append(
      File(
        path: file.path.bytes, language: file.language, contentHash: file.contentHash, chunkCount: file.chunks.count))
    pathByteCount += file.path.bytes.count
    for (i, prepared) in file.chunks.enumerated() { add(prepared, isFirstOfFile: i == 0) }
    return files.count - 1
  }

  private mutating func add(_ prepared: PreparedChunk, isFirstOfFile: Bool) {
    let number = UInt32(chunks.count)
    let chunk = prepared.chunk
    var record = ChunkRecord()
    record.firstByte = chunk.bytes.lowerBound
    record.byteCount = chunk.bytes.count
    record.firstLine = chunk.lines.lowerBound
    record.lineCount = chunk.lines.count
    record.symbols = chunk.symbols.map { self.record(of: $0) }
    record.context = chunk.context.map { self.record(of: $0) }
    record.hash = ChunkHash(prepared.contentHash).bits
    chunks.add(record, isFirstOfFile: isFirstOfFile)

    lengths.append(LengthCode.code(of: prepared.terms.length))
    totalLength += prepared.terms.length
    let text = prepared.terms.bytes.span
    for entry in prepared.terms.entries {
      let string = text.extracting(Int(entry.start)..<Int(entry.start) + Int(entry.byteCount))
      let code = FrequencyCode.code(of: entry.frequency)
      switch entry.field {
      case .word: words.append(number, code: code, string, hash: entry.hash)
      case .definition: definitions.append(number, code: code, string, hash: entry.hash)
      }
    }
    precondition(prepared.vector.components.count == dimensions, "a vector has the wrong number of components")
    vectors.append(prepared.vector, stride: stride)
  }

  private mutating func record(of symbol: Symbol) -> ChunkRecord.SymbolRecord {
    let enclosing = symbol.enclosing.map { number(ofName: $0) }
    return ChunkRecord.SymbolRecord(
      kind: symbol.kind.rawValue, name: number(ofName: symbol.name), chain: chains.insert(enclosing), line: symbol.line)
  }

  private mutating func number(ofName name: String) -> Int {
    let bytes = Array(name.utf8)
    return names.insert(bytes.span, hash: TermCollector.hash(bytes.span, field: .definition))
  }

  package var fileCount: Int { files.count }
  package var chunkCount: Int { chunks.count }
  /// About how much memory the builder holds. A function of what was added alone, so that the same files are
  /// divided into the same segments on every machine.
  package var memoryByteCount: Int {
    files.count * MemoryLayout<File>.stride + pathByteCount + names.memoryByteCount + chains.count * 64
      + chunks.output.count + lengths.count + words.memoryByteCount + definitions.memoryByteCount
      + vectors.memoryByteCount
  }

  /// Writes the segment to `path`, durable and whole or not at all. Gives its size in bytes.
  package consuming func write(to path: FilePath) throws(Failure) -> Int {
    var writer = try SegmentWriter(path, dimensions: dimensions)

    // Names in their order, and from the numbers of the builder to those of the segment.
    var newNames = [UInt32](repeating: 0, count: names.count)
    for (place, name) in names.sortedNumbers().enumerated() {
      newNames[name] = UInt32(place)
      try writer.add(name: names[name].copy())
    }
    let (chainBytes, newChains) = chains.encoded(renaming: newNames)
    try writer.finishNames(chains: chainBytes)

    let table = ChunkTable(unfinished: chunks.output.span, count: chunks.count)
    var offset = 0
    var record = ChunkRecord()
    var number = 0
    for file in files {
      writer.add(path: file.path, language: file.language, contentHash: file.contentHash)
      for i in 0..<file.chunkCount {
        _ = table.read(number, isFirstOfFile: i == 0, at: &offset, into: &record)
        var renamed = record
        renamed.rename(names: newNames, chains: newChains)
        try writer.add(renamed, isFirstOfFile: i == 0, lengthCode: lengths[number])
        number += 1
      }
    }
    try writer.finishStored(totalLength: totalLength)

    // Both fields side by side: a string that has lists in both is written once.
    let wordOrder = words.strings.sortedNumbers()
    let definitionOrder = definitions.strings.sortedNumbers()
    var wordRun = PostingRun()
    var definitionRun = PostingRun()
    var w = 0
    var d = 0
    while w < wordOrder.count || d < definitionOrder.count {
      let order =
        w == wordOrder.count
        ? 1
        : d == definitionOrder.count
          ? -1 : words.strings[wordOrder[w]].compare(definitions.strings[definitionOrder[d]])
      wordRun.removeAll()
      definitionRun.removeAll()
      if order <= 0 { words.lists.read(wordOrder[w], into: &wordRun) }
      if order >= 0 { definitions.lists.read(definitionOrder[d], into: &definitionRun) }
      if order <= 0 {
        try writer.add(term: words.strings[wordOrder[w]], words: wordRun, definitions: definitionRun)
        w += 1
      } else {
        try writer.add(term: definitions.strings[definitionOrder[d]], words: wordRun, definitions: definitionRun)
      }
      if order >= 0 { d += 1 }
    }
    try writer.finishTerms()

    for chunk in 0..<chunks.count { try writer.add(row: vectors.row(chunk, stride: stride).span) }
    try writer.finishRows()
    for chunk in 0..<chunks.count { try writer.add(scale: vectors.scales[chunk]) }
    try writer.finishScales()
    for chunk in 0..<chunks.count { try writer.add(sketchOf: vectors.row(chunk, stride: stride).span) }
    return try writer.commit()
  }
}
