package import Chunking
package import Primitives
import Synchronization

/// Turns text into terms: over bytes, the same for a chunk and for a query. Cheap to make, thread-safe.
///
/// A word is a run of letters, digits and `_` of at least two bytes, folded (`FoldedScalars`), cut at 64 bytes;
/// everything else, `$` and `-` too, separates. It counts whole and by its parts (`WordSplitter`); in scripts without
/// spaces each two letters are a word (`ScriptSplitter`). No word is left out for being common and none is stemmed:
/// endings are met at the time of the query, by `Segment.terms(withPrefix:)`.
package struct Analyzer: Sendable {
  /// Changes whenever the same text would give other terms; an index built with another value is rebuilt.
  package static let version = 3
  private let memories = AnalysisMemory.Pool()
  package init() {}

  /// The terms of `chunks`, those of a file: the words of their bytes in `source`, of their symbols and of the path.
  ///
  /// A length counts the words of the text alone, an identifier and its parts as one, so that what is defined in a
  /// chunk and where it lies lift its frequencies without adding to its length.
  package func terms(of chunks: [Chunk], in source: Span<UInt8>, path: FilePath) -> FileTerms {
    let bytes = path.bytes.span
    let nameStart = (path.bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    return memories.borrow { memory in
      terms(of: chunks, in: source, path: bytes, nameStart: nameStart, &memory.collector, &memory.finder)
    }
  }

  /// The terms of `chunks` in parts that follow each other, each part's chunks numbered from 0: a file of usual size is
  /// one. A chunk that is longer than a part may be, such as one line of megabytes, is in several
  /// (`FileTerms.continuesChunk`).
  ///
  /// What gathers the terms of a part takes some ten times its text.
  package func parts(of chunks: [Chunk], in source: Span<UInt8>, path: FilePath) -> [FileTerms] {
    var parts: [FileTerms] = []
    var first = 0
    while first < chunks.count {
      if chunks[first].bytes.clamped(to: 0..<source.count).count > Self.partByteCount {
        appendParts(of: chunks[first], in: source, path: path, to: &parts)
        first += 1
        continue
      }
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

  /// The terms of one long chunk. Its names and its path are in the first part.
  private func appendParts(
    of chunk: Chunk, in source: Span<UInt8>, path: FilePath, to parts: inout [FileTerms]
  ) {
    let first = parts.count
    var offset = chunk.bytes.lowerBound
    let limit = min(chunk.bytes.upperBound, source.count)
    while offset < limit {
      let end = Self.endOfPart(from: offset, limit: limit, in: source)
      var piece = chunk
      piece.bytes = offset..<end
      if offset == chunk.bytes.lowerBound {
        parts.append(terms(of: [piece], in: source, path: path))
      } else {
        let more = memories.borrow { memory in
          let length = memory.collector.addText(
            source.extracting(offset..<end), weight: AnalyzerWeights.body, &memory.finder)
          memory.collector.endChunk(length: length)
          return memory.collector.endFile()
        }
        parts[first].lengths[0] += more.lengths[0]
        parts.append(more.continuing())
      }
      offset = end
    }
  }

  /// Where a part that begins at `start` ends: before a word, unless one takes half of the part.
  private static func endOfPart(from start: Int, limit: Int, in source: Span<UInt8>) -> Int {
    if limit - start <= partByteCount { return limit }
    var end = start + partByteCount
    while end > start + partByteCount / 2 {
      if !WordSplitter.isOfWord(source[end - 1]) { return end }
      end -= 1
    }
    // Between two characters.
    end = start + partByteCount
    while end > start + partByteCount - 4, source[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  /// Bytes of text in a part.
  package static let partByteCount = 512 << 10

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
      for definition in Self.definitions(of: name) {
        collector.add(definition.span, field: .definition, weight: 1)
      }
      // Members of one type speak of their surroundings once.
      if i == 0 || symbol.enclosing != chunk.symbols[i - 1].enclosing {
        addContext(symbol.enclosing, to: &collector, &finder)
      }
    }
    if let context = chunk.context { addContext(context.enclosing + [context.name], to: &collector, &finder) }
  }

  /// The words of a query, in its order, repetitions kept: each whole identifier followed by its parts.
  package func words(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var list = WordList()
    list.append(wordsOf: bytes.span)
    return list.words.map { String(decoding: list.bytes[$0], as: UTF8.self) }
  }

  /// The words of a query that has letters beyond ASCII, as `ScriptWord`s, in its order.
  package func scriptWords(of text: String) -> [ScriptWord] {
    let bytes = Array(text.utf8)
    var splitter = ScriptSplitter()
    var words: [ScriptWord] = []
    var offset = 0
    while splitter.next(in: bytes.span, from: &offset) {
      func text(_ range: Range<Int>) -> String { String(decoding: splitter.bytes[range], as: UTF8.self) }
      if splitter.isPairs {
        let pairs = splitter.words.filter { !$0.isPart }.map(\.range)
        let run = pairs[0].lowerBound..<pairs[pairs.count - 1].upperBound
        words.append(ScriptWord(text: text(run), parts: pairs.map(text), isRun: true))
      } else {
        let plain = splitter.words.count > 1 && splitter.words[1].isPlain ? text(splitter.words[1].range) : nil
        let parts = splitter.words.dropFirst(plain == nil ? 1 : 2).map { text($0.range) }
        words.append(ScriptWord(text: text(splitter.words[0].range), plain: plain, parts: parts, isRun: false))
      }
    }
    return words
  }

  /// The term under which the places that define a symbol called `name` are found.
  package func definition(of name: String) -> Term {
    Term(field: .definition, bytes: Self.definitions(of: Array(name.utf8)).first ?? [])
  }

  private func addContext(_ names: [String], to collector: inout FileTermCollector, _ finder: inout WordFinder) {
    for name in names {
      let bytes = Array(name.utf8)
      collector.addName(bytes.span, whole: AnalyzerWeights.context, part: AnalyzerWeights.context, &finder)
    }
  }

  /// What a definition of `name` is found by: the name, folded and cut at 64 bytes, and its plain spelling where that
  /// is another.
  private static func definitions(of name: [UInt8]) -> [[UInt8]] {
    if name.isEmpty { return [] }
    if name.allSatisfy({ $0 < 0x80 }) {
      return [name.prefix(WordSplitter.maximumByteCount).asciiLowercased]
    }
    let folded = cut(FoldedText.folded(name.span))
    let plain = cut(FoldedText.plain(name.span))
    return [folded, plain == folded ? [] : plain].filter { !$0.isEmpty }
  }

  /// At most 64 bytes, whole letters.
  private static func cut(_ name: [UInt8]) -> [UInt8] {
    if name.count <= WordSplitter.maximumByteCount { return name }
    var end = WordSplitter.maximumByteCount
    while end > 0, name[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(name[..<end])
  }
}

/// A word of a query in a script beyond ASCII.
package struct ScriptWord: Hashable, Sendable {
  /// Folded; a run of a script without spaces is here as long as it is.
  package var text: String
  /// The plain spelling of the whole, where it is another.
  package var plain: String?
  /// Parts of a name, in both spellings; of a run, the pairs of its letters, or the one letter that it is.
  package var parts: [String]
  /// Whether it is a run of a script without spaces: the index holds its parts, not itself.
  package var isRun: Bool

  package init(text: String, plain: String? = nil, parts: [String], isRun: Bool) {
    self.text = text
    self.plain = plain
    self.parts = parts
    self.isRun = isRun
  }
}

/// How much an occurrence counts towards a term's frequency in its chunk, by where it stands: the field weights of
/// BM25F, in one place. A sum is cut at 255.
enum AnalyzerWeights {
  /// A word of the chunk's text, whole or a part.
  static let body = 1
  /// The whole name of a symbol that the chunk defines, on top of its occurrences in the text.
  static let definedName = 4
  /// A part of the name of a symbol that the chunk defines.
  static let definedNamePart = 3
  /// A word of the names around a defined symbol, or of the symbol that the chunk continues.
  static let context = 1
  /// A word of a directory's name.
  static let directory = 2
  /// A word of the file's name.
  static let fileName = 3
}

/// What one thread works with while it analyses files: memory that is used again for the next one.
struct AnalysisMemory: Sendable {
  var collector = FileTermCollector()
  var finder = WordFinder()
  init() {}

  /// Working memories that are not in use. There are never more than threads that analysed at once.
  final class Pool: Sendable {
    private let idle = Mutex<[AnalysisMemory]>([])
    init() {}

    /// Calls `body` with an `AnalysisMemory` that nobody else uses meanwhile.
    func borrow<Result>(_ body: (inout AnalysisMemory) -> Result) -> Result {
      var memory = idle.withLock { $0.popLast() } ?? AnalysisMemory()
      defer { idle.withLock { [memory] in $0.append(memory) } }
      return body(&memory)
    }
  }
}
