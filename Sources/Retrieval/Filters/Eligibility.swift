import Chunking
package import Primitives
package import Segments

extension QueryFilters {
  /// The live chunks of `live` that pass the filters, or nil when every chunk does. Reads every file's entry when there is a
  /// filter, and every remaining chunk's symbols when there is one on kinds.
  package func eligible(in live: IndexSnapshot.LiveSegment) -> BitSet? {
    if isEmpty { return live.live }
    let segment = live.segment
    var eligible = BitSet(capacity: segment.chunkCount)
    let languages = LanguageFilter(names: languages)
    let excludedLanguages = LanguageFilter(names: excludedLanguages)
    for number in 0..<segment.fileCount {
      if !self.languages.isEmpty || !self.excludedLanguages.isEmpty {
        let language = segment.language(ofFile: number)
        if !self.languages.isEmpty, !languages.contains(language) { continue }
        if excludedLanguages.contains(language) { continue }
      }
      if !paths.isEmpty || !excludedPaths.isEmpty {
        let path = segment.file(number).path
        if !paths.isEmpty, !paths.contains(where: { $0.matches(path) }) { continue }
        if excludedPaths.contains(where: { $0.matches(path) }) { continue }
      }
      for chunk in segment.chunks(ofFile: number) { eligible.insert(chunk) }
    }
    if let live = live.live { eligible.formIntersection(live) }
    if !kinds.isEmpty || !excludedKinds.isEmpty {
      for chunk in eligible.members where !passesKinds(segment.chunk(chunk)) { eligible.remove(chunk) }
    }
    return eligible
  }

  /// A chunk is of a kind when it defines a symbol of it, and of an excluded kind when it defines nothing else.
  private func passesKinds(_ stored: StoredChunk) -> Bool {
    let symbols = stored.chunk.symbols
    if !kinds.isEmpty, !symbols.contains(where: { kinds.contains($0.kind) }) { return false }
    return excludedKinds.isEmpty || symbols.isEmpty || symbols.contains { !excludedKinds.contains($0.kind) }
  }
}
