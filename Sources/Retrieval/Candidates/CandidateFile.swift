package import Corpus
package import Primitives
package import Segments

/// A file with candidates in it.
package struct CandidateFile: Sendable {
  package var path: FilePath
  package var language: Language
  package var traits: FileTraits
  /// The words of its name without the extension, lower-cased, whole names first.
  package var stemWords: [String]
  /// The words of the directories it lies in, innermost first.
  package var directoryWords: [String]

  package init(_ file: StoredFile, analyzer: Analyzer) {
    path = file.path
    language = file.language
    let components = file.path.description.split(separator: "/").map(String.init)
    traits = FileTraits(components: components, language: file.language)
    let name = components.last ?? ""
    // `.` begins a hidden name and is no extension; `foo.test.js` and `foo.d.ts` have two.
    let stem = name.drop { $0 == "." }.prefix { $0 != "." }
    stemWords = analyzer.words(of: String(stem))
    directoryWords = components.dropLast().reversed().prefix(3).flatMap { analyzer.words(of: $0) }
  }
}
