import Inspection
import Patterns
import Primitives
import QueryLanguage
import Segments

/// The condition of a query over the chunks of one segment, as far as the index knows: which chunks certainly satisfy
/// it, and which may. Cheap evidence first: the text of a chunk is read only where the two differ.
struct ChunkCondition: Sendable {
  /// Chunks of the segment that satisfy it whatever their text is.
  let certain: BitSet
  /// All others do not.
  let possible: BitSet
  private let root: Node

  private indirect enum Node: Sendable {
    case and([ChunkCondition])
    case or([ChunkCondition])
    case not(ChunkCondition)
    /// What the text tells of chunks that are possible and not certain.
    case leaf(Check)
  }

  private enum Check: Sendable {
    /// A name that may be a part of a longer one.
    case name([UInt8])
    case phrase(WrittenPhrase)
    case pattern(TextPattern)
    /// The index knows.
    case none
  }

  private init(certain: BitSet, possible: BitSet, _ root: Node) {
    self.certain = certain
    self.possible = possible
    self.root = root
  }

  init(_ node: QueryNode, in live: IndexSnapshot.LiveSegment, context: SearchContext) {
    let none = BitSet(capacity: live.segment.chunkCount)
    switch node {
    case .and(let nodes):
      let parts = nodes.map { ChunkCondition($0, in: live, context: context) }
      let all = none.complement
      self.init(
        certain: parts.reduce(into: all) { $0.formIntersection($1.certain) },
        possible: parts.reduce(into: all) { $0.formIntersection($1.possible) }, .and(parts))
    case .or(let nodes):
      let parts = nodes.map { ChunkCondition($0, in: live, context: context) }
      self.init(
        certain: parts.reduce(into: none) { $0.formUnion($1.certain) },
        possible: parts.reduce(into: none) { $0.formUnion($1.possible) }, .or(parts))
    case .not(let node):
      let part = ChunkCondition(node, in: live, context: context)
      self.init(certain: part.possible.complement, possible: part.certain.complement, .not(part))
    case .fields(let filters):
      var chunks = filters.eligible(in: live, context: context) ?? none.complement
      if let kinds = filters.kindFilter {
        chunks.formIntersection(live.segment.chunks(passing: kinds, context: context))
      }
      self.init(certain: chunks, possible: chunks, .leaf(.none))
    case .word(let term): self.init(word: term, in: live.segment, context)
    case .phrase(let phrase):
      // Its words are in the index, but for single letters and what is no word.
      let words = WrittenPhrase.indexedWords(of: phrase.folded)
      self.init(
        certain: none, possible: Self.chunks(holdingAll: words, in: live.segment, context),
        .leaf(.phrase(WrittenPhrase(phrase.folded, signed: phrase.signed))))
    case .pattern(let pattern):
      self.init(
        certain: none, possible: Self.chunks(thatMayHold: pattern, in: live, context), .leaf(.pattern(pattern)))
    }
  }

  private init(word term: QueryTerm, in segment: Segment, _ context: SearchContext) {
    let none = BitSet(capacity: segment.chunkCount)
    let word = Array(term.word.utf8)
    // No single letter is in the index.
    if word.count < 2 {
      self.init(certain: none, possible: none.complement, .leaf(.name(word)))
      return
    }
    var known = segment.chunks(holding: Term(term.word), context: context)
    // Other spellings, of scripts that have some.
    if !word.allSatisfy({ $0 < 0x80 }) {
      for variant in term.variants { known.formUnion(segment.chunks(holding: Term(variant), context: context)) }
    }
    if term.isCut {
      let phrase = WrittenPhrase(FoldedText.folded(term.text))
      self.init(certain: none, possible: known, .leaf(.phrase(phrase)))
      return
    }
    let parts = term.indexedParts
    var possible = known
    if !parts.isEmpty { possible.formUnion(Self.chunks(holdingAll: parts, in: segment, context)) }
    self.init(certain: known, possible: possible, .leaf(.name(word)))
  }

  private static func chunks(holdingAll words: [String], in segment: Segment, _ context: SearchContext) -> BitSet {
    words.reduce(into: BitSet(capacity: segment.chunkCount, filled: true)) {
      $0.formIntersection(segment.chunks(holding: Term($1), context: context))
    }
  }

  /// The chunks of the files that the n-grams do not rule out.
  private static func chunks(
    thatMayHold pattern: TextPattern, in live: IndexSnapshot.LiveSegment, _ context: SearchContext
  ) -> BitSet {
    let segment = live.segment
    guard var files = live.candidateFiles(for: GramQuery(pattern.compiled.required)) else {
      return BitSet(capacity: segment.chunkCount, filled: true)
    }
    // The n-grams are those of a file's bytes, and what is indexed of a notebook is the text of its cells.
    segment.forEachPath(context: context) { number, path in
      if NotebookText.isNotebook(path) { files.insert(number) }
    }
    var chunks = BitSet(capacity: segment.chunkCount)
    for file in files.members { for chunk in segment.chunks(ofFile: file) { chunks.insert(chunk) } }
    return chunks
  }

  /// Whether a chunk satisfies it whose text is `text`.
  ///
  /// - Parameter folded: the same, folded; of no meaning where no phrase is asked for.
  func isTrue(of chunk: Int, _ text: Span<UInt8>, folded: Span<UInt8>, _ matchers: PatternMatchers) -> Bool {
    if certain.contains(chunk) { return true }
    guard possible.contains(chunk) else { return false }
    switch root {
    case .and(let parts):
      for part in parts where !part.isTrue(of: chunk, text, folded: folded, matchers) { return false }
      return true
    case .or(let parts):
      for part in parts where part.isTrue(of: chunk, text, folded: folded, matchers) { return true }
      return false
    case .not(let part): return !part.isTrue(of: chunk, text, folded: folded, matchers)
    case .leaf(.name(let word)): return SignShape.standsAsParts(word, in: text)
    case .leaf(.phrase(let phrase)): return phrase.evidence(in: folded) == 1
    case .leaf(.pattern(let pattern)): return matchers.holds(pattern, text)
    case .leaf(.none): return false
    }
  }
}
