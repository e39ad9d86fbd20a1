import Corpus
package import Inspection
package import Primitives
package import QueryLanguage
import Segments

extension QueryFilters {
  /// Whether there is a filter on files.
  package var filtersFiles: Bool { filtersLanguages || filtersPaths }
  private var filtersLanguages: Bool { !languages.isEmpty || !excludedLanguages.isEmpty }
  private var filtersPaths: Bool { !paths.isEmpty || !extensions.isEmpty || !excludedPaths.isEmpty }

  /// Says of a file whether it passes the filters on files. Made once for many files.
  package func passing() -> (FilePath, Language) -> Bool {
    let passesLanguage = passingLanguages()
    return { path, language in !isUnmeetable && passesPath(path.bytes.span) && passesLanguage(language) }
  }

  private func passingLanguages() -> (Language) -> Bool {
    let (wanted, excluded) = (LanguageFilter(names: languages), LanguageFilter(names: excludedLanguages))
    return { (languages.isEmpty || wanted.contains($0)) && !excluded.contains($0) }
  }

  private func passesPath(_ path: Span<UInt8>) -> Bool {
    if !paths.isEmpty, !paths.contains(where: { $0.matches(path) }) { return false }
    if !extensions.isEmpty, !extensions.contains(where: { $0.matches(path) }) { return false }
    return !excludedPaths.contains(where: { $0.matches(path) })
  }

  /// The live chunks of `live` whose files pass the filters, or nil when every chunk's does; kinds are not checked
  /// (`kindFilter`). Reads every file's entry when there is a filter on files, until `context` is over.
  func eligible(in live: IndexSnapshot.LiveSegment, context: SearchContext? = nil) -> BitSet? {
    let segment = live.segment
    if isUnmeetable { return BitSet(capacity: segment.chunkCount) }
    if !filtersLanguages, !filtersPaths, passingCommits == nil { return live.live }
    var eligible = BitSet(capacity: segment.chunkCount)
    let passes = passingLanguages()
    func passesLanguage(_ number: Int) -> Bool { !filtersLanguages || passes(segment.language(ofFile: number)) }
    func insert(_ number: Int) {
      for chunk in segment.chunks(ofFile: number) { eligible.insert(chunk) }
    }
    if filtersPaths || passingCommits != nil {
      let prefixByteCount = live.pathPrefixByteCount
      segment.forEachPath(context: context) { number, name in
        if let passingCommits, RemovalPath.number(of: name).map({ passingCommits.contains($0) }) != true { return }
        let path = name.extracting(min(prefixByteCount, name.count)..<name.count)
        if passesPath(path), passesLanguage(number) { insert(number) }
      }
    } else {
      for number in 0..<segment.fileCount where passesLanguage(number) { insert(number) }
    }
    if let live = live.live { eligible.formIntersection(live) }
    return eligible
  }
}
