import Chunking
import Corpus
import Disk
import Glibc
import Inspection
import Primitives
import Testing
import TreeSitterChunking

/// Cuts every file of whole directories and checks that no line is lost. `CAIRN_SURVEY` names the directories,
/// separated by colons: `CAIRN_SURVEY=/usr/include:/usr/lib/python3 Scripts/test --filter SurveyTests`.
@Suite struct SurveyTests {
  private static let directories =
    unsafe getenv("CAIRN_SURVEY").map { unsafe String(cString: $0) }?.split(separator: ":").map(String.init) ?? []

  private enum Outcome: Sendable {
    case skipped
    case cut(byteCount: Int, chunkCount: Int, isWhole: Bool)
  }

  @Test(.enabled(if: !directories.isEmpty), arguments: directories)
  func `chunks cover every line of every file of`(directory: String) throws {
    let root = try resolvedPath(FilePath(directory))
    let files = try CorpusWalker(root: root).list().files
    let chunker = Chunker(parser: TreeSitterParser())
    var skipped = 0
    var cut = 0
    var bytes = 0
    var chunks = 0
    var flaws: [String] = []
    try mapInOrder(
      count: files.count, threadCount: coreCount, costLimit: 64_000_000,
      cost: { files[$0].fingerprint.byteCount + 4096 },
      transform: { index, _ in Self.survey(root.appending(files[index].path), chunker) },
      consume: { (index, outcome: Outcome) throws(Failure) in
        switch outcome {
        case .skipped: skipped += 1
        case .cut(let byteCount, let chunkCount, let isWhole):
          cut += 1
          bytes += byteCount
          chunks += chunkCount
          if !isWhole { flaws.append(files[index].path.description) }
        }
      })
    print(
      "survey: \(directory): \(cut) files cut, \(skipped) skipped, \(bytes) bytes, \(chunks) chunks, \(flaws.count) flaws"
    )
    #expect(cut + skipped == files.count)
    #expect(flaws.isEmpty)
  }

  private static func survey(_ path: FilePath, _ chunker: Chunker) -> Outcome {
    guard let content = try? readFile(path).bytes else { return .skipped }
    let inspector = ContentInspector()
    if inspector.reasonToSkip(content.span, path: path) != nil { return .skipped }
    let chunks = chunker.chunks(of: content.span, in: inspector.language(of: content.span, path: path))
    return .cut(byteCount: content.count, chunkCount: chunks.count, isWhole: isWhole(chunks, of: content))
  }
}
