import Corpus
import Disk
import Inspection
import Primitives

/// What reading and parsing the files of a corpus takes by itself: the baseline that a whole run is compared with.
struct ReadingAndParsing: Hashable, Sendable {
  /// Files that would be indexed, and their bytes.
  var fileCount = 0
  var byteCount = 0
  /// Those of them that were parsed; the others have no grammar.
  var parsedCount = 0
  var walkSeconds = 0.0
  var seconds = 0.0
  var processorSeconds = 0.0
}

extension ReadingAndParsing {
  /// Walks, then reads, inspects and parses every file that a run would index, and does nothing else with it. Blocks.
  ///
  /// - Parameter parse: parses a file and drops the tree; false if it cannot. Called from several threads.
  static func measure(
    root: FilePath, options: WalkOptions, threadCount: Int,
    parse: @escaping @Sendable (Span<UInt8>, Language) -> Bool
  ) throws(Failure) -> ReadingAndParsing {
    let start = ContinuousClock.now
    let processorStart = processorTime()
    var result = ReadingAndParsing()
    let files = try CorpusWalker(root: root, options: options).list { _ in }.files
    result.walkSeconds = start.duration(to: .now) / .seconds(1)
    let directory = try CorpusFiles(root: root, followsLinks: options.followsLinks)
    let inspector = ContentInspector()
    let limit = options.maximumFileByteCount
    try mapInOrder(
      count: files.count, threadCount: threadCount, costLimit: 64 << 20,
      cost: { files[$0].fingerprint.byteCount + 4096 },
      transform: { item, _ -> (byteCount: Int, isParsed: Bool)? in
        let path = files[item].path
        guard let bytes = (try? directory.readFile(path, limit: limit)).map({ SourceBytes.text($0.bytes) }),
          inspector.reasonToSkip(bytes.span, path: path) == nil
        else { return nil }
        return (bytes.count, parse(bytes.span, inspector.language(of: bytes.span, path: path)))
      },
      consume: { (_, outcome) throws(Failure) in
        guard let outcome else { return }
        result.fileCount += 1
        result.byteCount += outcome.byteCount
        result.parsedCount += outcome.isParsed ? 1 : 0
      })
    result.seconds = start.duration(to: .now) / .seconds(1)
    result.processorSeconds = (processorTime() - processorStart) / .seconds(1)
    return result
  }
}
