package import Chunking
package import Primitives

/// Turns text into terms: over bytes, the same for a chunk and for a question. Cheap to make, thread-safe.
///
/// A word is a run of letters, digits and `_` of at least two bytes, lower-cased, cut at 64 bytes; everything else,
/// `$` and `-` too, separates. It counts whole and by its parts (`WordSplitter`). No word is left out for being common
/// and none is stemmed: endings are met at the time of the question, by `Segment.terms(withPrefix:)`.
package struct Analyzer: Sendable {
  /// Changes whenever the same text would give other terms; an index built with another value is rebuilt.
  package static let version = 1
  private let memories = AnalysisMemory.Pool()
  package init() {}

  /// The terms of `chunks`, those of a file: the words of their bytes in `source`, of their symbols and of the path.
  ///
  /// A length counts the words of the text alone, an identifier and its parts as one, so that what is defined in a
  /// chunk and where it lies lift its frequencies without being held against it.
  package func terms(of chunks: [Chunk], in source: Span<UInt8>, path: FilePath) -> FileTerms {
    let bytes = path.bytes.span
    let nameStart = (path.bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    return memories.borrow { memory in
      terms(of: chunks, in: source, path: bytes, nameStart: nameStart, &memory.collector, &memory.finder)
    }
  }

  /// The terms of `chunks` in parts of chunks that follow each other, each part's numbered from 0: a file of usual size is one.
  ///
  /// What gathers the terms of a part takes some ten times its text.
  package func parts(of chunks: [Chunk], in source: Span<UInt8>, path: FilePath) -> [FileTerms] {
    var parts: [FileTerms] = []
    var first = 0
    while first < chunks.count {
      var end = first + 1
      while end < chunks.count,
        chunks[end].bytes.upperBound - chunks[first].bytes.lowerBound <= Self.partByteCount
      {
        end += 1
      }
      parts.append(
        terms(of: first == 0 && end == chunks.count ? chunks : Array(chunks[first..<end]), in: source, path: path))
      first = end
    }
    return parts
  }

  private static let partByteCount = 512 << 10

  private func terms(
    of chunks: [Chunk], in source: Span<UInt8>, path: Span<UInt8>, nameStart: Int,
    _ collector: inout FileTermCollector, _ finder: inout WordFinder
  ) -> FileTerms {
    for chunk in chunks {
      let length = collector.addText(source.clamped(chunk.bytes), weight: AnalyzerWeights.body, &finder)
      addNames(of: chunk, to: &collector, &finder)
      collector.addName(
        path.extracting(0..<nameStart), whole: AnalyzerWeights.directory, part: AnalyzerWeights.directory,
        &finder)
      collector.addName(
        path.extracting(nameStart..<path.count), whole: AnalyzerWeights.fileName, part: AnalyzerWeights.fileName,
        &finder)
      collector.endChunk(length: length)
    }
    return collector.endFile()
  }

  private func addNames(of chunk: Chunk, to collector: inout FileTermCollector, _ finder: inout WordFinder) {
    for (i, symbol) in chunk.symbols.enumerated() {
      let name = Array(symbol.name.utf8)
      collector.addName(name.span, whole: AnalyzerWeights.definedName, part: AnalyzerWeights.definedNamePart, &finder)
      let definition = Self.lowercased(name, limit: WordSplitter.maximumByteCount)
      if !definition.isEmpty { collector.add(definition.span, field: .definition, weight: 1) }
      // Members of one type speak of their surroundings once.
      if i == 0 || symbol.enclosing != chunk.symbols[i - 1].enclosing {
        addContext(symbol.enclosing, to: &collector, &finder)
      }
    }
    if let context = chunk.context { addContext(context.enclosing + [context.name], to: &collector, &finder) }
  }

  /// The words of a question, in its order, repetitions kept: each whole identifier followed by its parts.
  package func words(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var splitter = WordSplitter()
    var words: [String] = []
    var offset = 0
    while splitter.next(in: bytes.span, from: &offset) {
      words.append(string(splitter, 0..<splitter.wordByteCount))
      for i in 0..<splitter.partCount {
        words.append(string(splitter, Int(splitter.parts[i].start)..<Int(splitter.parts[i].end)))
      }
    }
    return words
  }

  /// The term under which the places that define a symbol called `name` are found.
  package func definition(of name: String) -> Term {
    Term(field: .definition, bytes: Self.lowercased(Array(name.utf8), limit: WordSplitter.maximumByteCount))
  }

  private func string(_ splitter: WordSplitter, _ range: Range<Int>) -> String {
    String(decoding: range.map { splitter.word[$0] }, as: UTF8.self)
  }

  private func addContext(_ names: [String], to collector: inout FileTermCollector, _ finder: inout WordFinder) {
    for name in names {
      let bytes = Array(name.utf8)
      collector.addName(bytes.span, whole: AnalyzerWeights.context, part: AnalyzerWeights.context, &finder)
    }
  }

  /// The first `limit` bytes of `name` in lower case (ASCII alone; names beyond it keep their case).
  private static func lowercased(_ name: [UInt8], limit: Int) -> [UInt8] {
    name.prefix(limit).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
  }
}
