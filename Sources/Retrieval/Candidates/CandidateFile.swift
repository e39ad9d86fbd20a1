import Inspection
import Primitives
import Segments

/// A file with candidates in it.
struct CandidateFile: Sendable {
  /// Inside the corpus.
  let path: FilePath
  /// What it is read by: its path, behind what says which commit removed it where it is one of a history.
  let source: SourcePath
  /// The file, whichever commits removed something of it.
  var place: SourcePath { SourcePath(path, corpus: corpus) }
  /// The position of its corpus in the snapshot.
  var corpus: Int { source.corpus }
  var language: Language
  var traits: FileTraits
  /// The bytes of the path that are its name without the dots before it and the extensions behind it.
  var stem: Range<Int>
  /// Whether the name goes on behind the stem with more than an extension.
  var hasSeveralExtensions: Bool {
    let bytes = path.bytes.span
    var dots = 0
    for i in stem.upperBound..<bytes.count where bytes[i] == UInt8(ascii: ".") { dots += 1 }
    return dots > 1
  }
  /// The bytes of the path that are the three innermost directories.
  var directories: Range<Int>

  /// The bytes of the path that are the name of the directory it is in.
  var innermostDirectory: Range<Int> {
    let bytes = path.bytes.span
    var start = directories.upperBound
    while start > directories.lowerBound, bytes[start - 1] != UInt8(ascii: "/") { start -= 1 }
    return start..<directories.upperBound
  }

  /// - Parameter prefixByteCount: bytes before the path in the corpus (`LiveSegment.pathPrefixByteCount`).
  init(_ name: FilePath, corpus: Int = 0, prefixByteCount: Int = 0, language: Language) {
    let path = prefixByteCount == 0 ? name : FilePath(bytes: Array(name.bytes.dropFirst(prefixByteCount)))
    self.path = path
    source = SourcePath(name, corpus: corpus)
    self.language = language
    traits = FileTraits(path: path, language: language)
    let bytes = path.bytes.span
    // Corpus paths have no empty components, but what a damaged segment says may.
    var nameStart = bytes.count
    while nameStart > 0, bytes[nameStart - 1] != UInt8(ascii: "/") { nameStart -= 1 }
    // `.` begins a hidden name and is no extension; `foo.test.js` and `foo.d.ts` have two.
    var start = nameStart
    while start < bytes.count, bytes[start] == UInt8(ascii: ".") { start += 1 }
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: ".") { end += 1 }
    stem = start..<end
    let directoriesEnd = max(0, nameStart - 1)
    var directoriesStart = directoriesEnd
    var count = 0
    while directoriesStart > 0 {
      if bytes[directoriesStart - 1] == UInt8(ascii: "/") {
        count += 1
        if count == 3 { break }
      }
      directoriesStart -= 1
    }
    directories = directoriesStart..<directoriesEnd
  }
}
