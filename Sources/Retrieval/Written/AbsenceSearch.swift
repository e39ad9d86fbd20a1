import Chunking
import Primitives
import Segments

/// Finds out what of a query no indexed file holds, and where its quoted phrases stand. The index knows every word; where the words of a
/// phrase stand side by side, the files themselves say.
struct AbsenceSearch {
  let snapshot: IndexSnapshot
  let tree: SourceTree

  /// A word in more chunks than these is not followed to all of them.
  private static let chunkLimit = 4000
  /// A phrase whose rarest word is in no more chunks than these is looked for over the ends of chunks too.
  private static let rareCount = 64
  /// Text behind a chunk that is looked at then.
  private static let overlap = 512
  private static let readLimit = 128 << 20
  private static let nearNameCount = 3
  /// Of more terms of one segment the nearest are not looked for.
  private static let nearLimit = 100_000
  /// Of the nearest names no more than these are looked for in what is live.
  private static let liveLimit = 256

  /// The chunks that hold `phrase` (as `WrittenQuery` tells it), the first `limit` by path and line, and whether it is certain that there
  /// are none where none is found. Reads the beginnings of the files that hold all of its words, up to `readLimit` bytes of all.
  func holders(
    of phrase: Int, in written: WrittenQuery, text: String, limit: Int
  ) -> (places: [ChunkPlace], isCertain: Bool) {
    var words: [QueryTerm] = []
    let bytes = Array(text.utf8)
    WrittenWords.scan(bytes.span) { range, _ in
      // The index keeps the beginning of a longer word.
      let word = String(decoding: bytes[range].prefix(WordList.longestWord), as: UTF8.self).lowercased()
      // Of other words the analyzer may make other terms.
      guard range.count > 1, word.utf8.allSatisfy({ $0 < 0x80 }),
        word.contains(where: { $0 != "_" }),
        words.count < TermScoring.groupLimit, !words.contains(where: { $0.word == word })
      else { return }
      words.append(QueryTerm(text: word, word: word))
    }
    if words.isEmpty {
      return isOfSigns(bytes.span) ? lookedThrough(for: phrase, in: written, limit: limit) : ([], false)
    }
    let plan = LexicalPlan(words: words)
    let terms = TermScoring(plan, in: snapshot)
    guard let least = terms.frequencies.min(), least > 0 else { return ([], true) }
    let rarest = terms.frequencies.firstIndex(of: least) ?? 0
    let single = TermScoring(LexicalPlan(words: [words[rarest]]), in: snapshot)
    let groups = words.indices.map { UInt8($0) as UInt8? }
    let all = UInt64(1) << UInt64(words.count) - 1
    var places: [ChunkPlace] = []
    var readCount = 0
    var isCertain = least <= Self.chunkLimit
    for (i, live) in snapshot.segments.enumerated() {
      var chunks = live.segment.bestByTerms(
        single.prepared[i], single.bm25, eligible: live.live, limit: Self.chunkLimit
      )
      .map(\.chunk).sorted()
      if least > Self.rareCount {
        let held = live.segment.termMatches(terms.prepared[i], terms.bm25, groups: groups, of: chunks)
        chunks = chunks.indices.filter { held[$0].groups == all }.map { chunks[$0] }
      }
      // One file after the other, whose texts need not be held together.
      var reader = SourceReader(tree)
      var file = -1
      for chunk in chunks {
        let stored = live.segment.chunk(chunk)
        let range = stored.chunk.bytes
        let path = live.segment.path(ofFile: stored.file)
        if stored.file != file {
          file = stored.file
          if !reader.unreadable.isEmpty { isCertain = false }
          reader = SourceReader(tree)
          readCount += max(0, range.upperBound)
          if readCount > Self.readLimit { return (first(limit, of: places), false) }
        }
        let end = least > Self.rareCount ? range.upperBound : range.upperBound + Self.overlap
        guard range.lowerBound >= 0, let bytes = reader.beginning(of: path, upTo: end)?.bytes,
          range.lowerBound < bytes.count
        else { continue }
        let text = FoldedText.folded(bytes.span.extracting(range.lowerBound..<min(end, bytes.count)))
        if written.holds(phrase: phrase, text.span) {
          places.append(ChunkPlace(segment: i, chunk: chunk))
          if limit == 1 { return (places, true) }
        }
      }
      if !reader.unreadable.isEmpty { isCertain = false }
    }
    return (first(limit, of: places), isCertain)
  }

  private func isOfSigns(_ text: Span<UInt8>) -> Bool {
    var list = WordList()
    list.append(wordsOf: text)
    return list.words.isEmpty
  }

  /// The same for what the index knows nothing of, signs: the files are looked through in the order of their paths, up to
  /// `signReadLimit` bytes of all, until `limit` chunks are found that hold it by itself. Those that hold it in longer operators alone
  /// (`==>` for `=>`) come behind them.
  private func lookedThrough(
    for phrase: Int, in written: WrittenQuery, limit: Int
  ) -> (places: [ChunkPlace], isCertain: Bool) {
    var files: [(path: FilePath, segment: Int, file: Int)] = []
    for (i, live) in snapshot.segments.enumerated() {
      live.segment.forEachPath { number, bytes in
        guard let first = live.segment.chunks(ofFile: number).first, live.live?.contains(first) ?? true else { return }
        files.append((FilePath(bytes: bytes.indices.map { bytes[$0] }), i, number))
      }
    }
    files.sort { $0.path < $1.path }
    var places: [ChunkPlace] = []
    var parts: [ChunkPlace] = []
    var readCount = 0
    var isCertain = true
    for file in files {
      var reader = SourceReader(tree)
      guard let bytes = reader.bytes(of: file.path) else {
        if !reader.unreadable.isEmpty { isCertain = false }
        continue
      }
      readCount += bytes.count
      if readCount > Self.signReadLimit { return (Array((places + parts).prefix(limit)), false) }
      if !Self.holds(phrase, written, bytes.span) { continue }
      let segment = snapshot.segments[file.segment].segment
      for chunk in segment.chunks(ofFile: file.file) {
        let range = segment.chunk(chunk).chunk.bytes.clamped(to: 0..<bytes.count)
        let text = bytes.span.extracting(range)
        guard Self.holds(phrase, written, text) else { continue }
        if written.holdsWhole(phrase: phrase, text) || text.holdsScripts {
          places.append(ChunkPlace(segment: file.segment, chunk: chunk))
          if places.count == limit { return (places, isCertain) }
        } else if parts.count < limit {
          parts.append(ChunkPlace(segment: file.segment, chunk: chunk))
        }
      }
    }
    return (Array((places + parts).prefix(limit)), isCertain)
  }

  /// As it is written, or as it is folded: joiners between emoji are not in a folded phrase.
  private static func holds(_ phrase: Int, _ written: WrittenQuery, _ text: Span<UInt8>) -> Bool {
    written.holds(phrase: phrase, text)
      || text.holdsScripts && written.holds(phrase: phrase, FoldedText.folded(text).span)
  }
  private static let signReadLimit = 64 << 20

  /// Whether a chunk holds `word`, whose parts the index has, inside of a longer one: `pbkdf2` in `pbkdf2_hmac`. Of the chunks that hold all of
  /// the parts the best are looked at.
  private func standsInside(_ word: [UInt8], parts: [String]) -> Bool {
    let parts = parts.filter { $0.utf8.count > 1 }.prefix(TermScoring.groupLimit)
    if parts.isEmpty { return false }
    let terms = TermScoring(LexicalPlan(words: parts.map { QueryTerm(text: $0, word: $0) }), in: snapshot)
    if terms.frequencies.contains(0) { return false }
    for (i, live) in snapshot.segments.enumerated() {
      let chunks = live.segment.bestByTerms(
        terms.prepared[i], terms.bm25, eligible: live.live, limit: Self.insideLimit
      )
      .map(\.chunk).sorted()
      var reader = SourceReader(tree)
      for chunk in chunks {
        let stored = live.segment.chunk(chunk)
        let range = stored.chunk.bytes
        guard let bytes = reader.beginning(of: live.segment.path(ofFile: stored.file), upTo: range.upperBound)?.bytes
        else { continue }
        if bytes.span.extracting(range.clamped(to: 0..<bytes.count)).containsIgnoringCase(word.span) { return true }
      }
    }
    return false
  }
  private static let insideLimit = 32

  /// Whatever the segments are: an index that was brought up to date answers as a new one.
  private func first(_ limit: Int, of places: [ChunkPlace]) -> [ChunkPlace] {
    if places.count <= limit { return places }
    return Array(places.sorted(by: snapshot.precedes).prefix(limit))
  }

  /// All of a query that is written without a space, of several words (`CVE-2023-24329`, `--list-tests`), where no file holds it so.
  func unit(of query: ParsedQuery) -> Absence? {
    guard query.shape == .words || query.shape == .symbol, IdentifierShape.components(of: query.text) == nil,
      !query.isPasted, query.sought.isEmpty, query.runs.isEmpty, query.pathFragments.isEmpty,
      query.places.isEmpty, query.terms.count > 1, !query.text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x80 }),
      !SignedName.isSelector(query.text)
    else { return nil }
    // Signs around it are those of a sentence, or of how it is quoted.
    let text = QueryParser.trimmed(query.text)
    var quoted = query
    quoted.phrases = [FoldedText.folded(text)]
    let written = WrittenQuery(quoted, frequencies: [:], chunkCount: 1)
    let (places, isCertain) = holders(of: 0, in: written, text: text, limit: 1)
    return places.isEmpty && isCertain ? Absence(kind: .word, text: query.text, nearNames: []) : nil
  }

  /// The names and words of `query` that no chunk holds.
  /// - Parameter frequencies: in how many chunks each of them stands.
  func words(of query: ParsedQuery, frequencies: [String: Int]) -> [Absence] {
    if query.isPasted || query.shape == .path { return [] }
    var absences: [Absence] = []
    for term in query.contentTerms where frequencies[term.word] == 0 {
      if absences.contains(where: { $0.text == term.text }) { continue }
      let bytes = Array(term.word.utf8)
      guard bytes.count > 1, !term.isCut else { continue }
      if !bytes.allSatisfy({ $0 < 0x80 }) {
        if let absence = absence(of: term, in: query), !absences.contains(where: { $0.text == absence.text }) {
          absences.append(absence)
        }
        continue
      }
      guard bytes.contains(where: { $0 &- UInt8(ascii: "a") < 26 }), !standsInside(bytes, parts: parts(of: term)) else {
        continue
      }
      absences.append(
        Absence(
          kind: term.isIdentifier ? .name : .word, text: term.text,
          nearNames: nearNames(of: bytes, isName: term.isIdentifier)))
    }
    return absences
  }

  /// What the index has of `term` where it stands inside of a longer word: its parts, and those of a plain word with digits.
  private func parts(of term: QueryTerm) -> [String] {
    var list = WordList()
    let word = Array(term.text.utf8)
    list.append(wordsOf: word.span)
    return list.words.dropFirst().map { String(decoding: list.bytes[$0], as: UTF8.self) }
  }

  /// That of a word of another script which no chunk holds, in no spelling; of a pair of letters, of the run that it is of.
  private func absence(of term: QueryTerm, in query: ParsedQuery) -> Absence? {
    let forms = term.variants.map { QueryTerm(text: $0, word: $0) }
    if let run = query.runs.first(where: { $0.contains(term.word) }) {
      return Absence(kind: .word, text: run, nearNames: [])
    }
    guard forms.isEmpty || TermScoring(LexicalPlan(words: forms), in: snapshot).frequencies.allSatisfy({ $0 == 0 })
    else { return nil }
    return Absence(kind: .word, text: term.text, nearNames: nearNames(of: Array(term.word.utf8), isName: false))
  }

  /// Names that are defined, or words, with few other letters and the same beginning, whatever `_` they have: of two letters, or
  /// of one where there is none. Only such as a live chunk holds, and never `name` itself, which the dictionaries may still have.
  private func nearNames(of name: [UInt8], isName: Bool) -> [String] {
    let field = isName ? Term.Field.definition : .word
    let near = nearNames(of: name, field, prefixCount: 2)
    return near.isEmpty ? nearNames(of: name, field, prefixCount: 1) : near
  }

  private func nearNames(of name: [UInt8], _ field: Term.Field, prefixCount: Int) -> [String] {
    func joined(_ name: [UInt8]) -> [UInt8] { name.filter { $0 != UInt8(ascii: "_") } }
    let wanted = joined(name)
    let most = max(1, min(3, wanted.count / 4))
    var best: [(distance: Int, name: [UInt8])] = []
    for live in snapshot.segments {
      let terms = live.segment.terms(
        withPrefix: Array(name.prefix(prefixCount)), field: field, limit: Self.nearLimit)
      for (term, _) in terms where abs(term.bytes.count - name.count) <= most + 4 && term.bytes != name {
        let other = joined(term.bytes)
        if abs(other.count - wanted.count) > most || best.contains(where: { $0.name == term.bytes }) { continue }
        let distance = editDistance(wanted, other)
        if distance <= most { best.append((distance, term.bytes)) }
      }
    }
    best.sort {
      $0.distance != $1.distance ? $0.distance < $1.distance : $0.name.lexicographicallyPrecedes($1.name)
    }
    var near: [String] = []
    for (_, name) in best.prefix(Self.liveLimit) where isLive(Term(field: field, bytes: name)) {
      near.append(spelling(of: Term(field: field, bytes: name)))
      if near.count == Self.nearNameCount { break }
    }
    return near
  }

  /// `term`, which a live chunk holds, as it is written there: the name of a symbol, or a word of the text.
  private func spelling(of term: Term) -> String {
    let folded = String(decoding: term.bytes, as: UTF8.self)
    let query = LexicalQuery(clauses: [LexicalQuery.Clause(term: term)])
    let scoring = CollectionStatistics(chunkCount: 2, totalLength: 2, documentFrequencies: [1])
    for live in snapshot.segments {
      let prepared = live.prepare(query)
      guard prepared.documentFrequencies[0] > 0,
        let chunk = live.segment.bestByTerms(
          prepared, BM25(query, statistics: scoring), eligible: live.live, limit: 1
        ).first?.chunk
      else { continue }
      let stored = live.segment.chunk(chunk)
      if let symbol = stored.chunk.symbols.first(where: { FoldedText.folded($0.name) == folded }) { return symbol.name }
      var reader = SourceReader(tree)
      let range = stored.chunk.bytes
      guard let bytes = reader.beginning(of: live.segment.path(ofFile: stored.file), upTo: range.upperBound)?.bytes
      else { continue }
      let text = bytes.span.extracting(range.clamped(to: 0..<bytes.count))
      var found: String?
      WrittenWords.scan(text) { range, _ in
        if found == nil, range.count == term.bytes.count, text.holds(term.bytes.span, at: range.lowerBound) {
          found = String(decoding: range.map { text[$0] }, as: UTF8.self)
        }
      }
      return found ?? folded
    }
    return folded
  }

  /// Whether a live chunk holds `term`: a dictionary keeps what stood in files that were changed or removed until a merge. Cost: a
  /// look-up in each segment up to the first that has it, and a pass over its postings where chunks of that segment are retired.
  private func isLive(_ term: Term) -> Bool {
    let query = LexicalQuery(clauses: [LexicalQuery.Clause(term: term)])
    return snapshot.segments.contains { $0.prepare(query).documentFrequencies[0] > 0 }
  }
}
