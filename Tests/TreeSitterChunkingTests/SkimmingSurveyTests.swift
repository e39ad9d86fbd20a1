import Chunking
import Corpus
import Disk
import Glibc
import Inspection
import Primitives
import Testing
import TreeSitterChunking

/// Compares what skimming finds in every file of whole directories with what a whole parse finds. `CAIRN_SURVEY` names
/// the directories, separated by colons: `CAIRN_SURVEY=/usr/include Scripts/test --filter SkimmingSurveyTests`.
@Suite struct SkimmingSurveyTests {
  private static let directories =
    unsafe getenv("CAIRN_SURVEY").map { unsafe String(cString: $0) }?.split(separator: ":").map(String.init) ?? []
  private static let languages: Set<String> = ["c", "cpp", "cuda", "glsl", "go", "java", "rust"]

  private struct Tally: Sendable {
    var symbolCount = 0
    var lost: [String] = []
    var gained: [String] = []
    /// Lines that begin a chunk in both, and in either.
    var sharedCutCount = 0
    var cutCount = 0
  }

  @Test(.enabled(if: !directories.isEmpty), arguments: directories)
  func `skimming finds the symbols that a whole parse finds in`(directory: String) throws {
    let root = try resolvedPath(FilePath(directory))
    let files = try CorpusWalker(root: root).list().files
    var tallies: [String: Tally] = [:]
    var examples: [String] = []
    try mapInOrder(
      count: files.count, threadCount: coreCount, costLimit: 64_000_000,
      cost: { files[$0].fingerprint.byteCount + 4096 },
      transform: { index, _ in Self.compare(root.appending(files[index].path)) },
      consume: { (index, outcome: (String, Tally)?) throws(Failure) in
        guard let (language, tally) = outcome else { return }
        tallies[language, default: Tally()].symbolCount += tally.symbolCount
        tallies[language, default: Tally()].sharedCutCount += tally.sharedCutCount
        tallies[language, default: Tally()].cutCount += tally.cutCount
        tallies[language, default: Tally()].lost += tally.lost
        tallies[language, default: Tally()].gained += tally.gained
        for name in tally.lost.prefix(12) { examples.append("- \(files[index].path): \(name)") }
        for name in tally.gained.prefix(2) { examples.append("+ \(files[index].path): \(name)") }
      })
    let step = max(1, examples.count / 60)
    for index in stride(from: 0, to: examples.count, by: step) { print(examples[index]) }
    for (language, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      print(
        "skimming: \(directory): \(language): \(tally.symbolCount) symbols, \(tally.lost.count) lost, "
          + "\(tally.gained.count) gained; \(tally.sharedCutCount) of \(tally.cutCount) cuts are the same"
      )
      #expect(tally.lost.count * 500 <= tally.symbolCount, "more than 0.2 % of the symbols are lost")
    }
  }

  private static func compare(_ path: FilePath) -> (String, Tally)? {
    guard let content = try? readFile(path).bytes else { return nil }
    let inspector = ContentInspector()
    if inspector.reasonToSkip(content.span, path: path) != nil { return nil }
    let language = inspector.language(of: content.span, path: path)
    guard languages.contains(language.name) else { return nil }
    let whole = TreeSitterParser(skims: false)
    let skimming = TreeSitterParser()
    guard let expected = whole.outline(of: content.span, in: language),
      let found = skimming.outline(of: content.span, in: language)
    else { return nil }
    func names(_ outline: SyntaxOutline) -> [String] {
      outline.nodes.compactMap(\.symbol).map { "\($0.line) \($0.kind) \($0.qualifiedName)" }
    }
    var tally = Tally()
    let expectedNames = names(expected)
    let foundNames = names(found)
    tally.symbolCount = expectedNames.count
    let difference = foundNames.difference(from: expectedNames)
    for change in difference {
      switch change {
      case .insert(_, let name, _): tally.gained.append(name)
      case .remove(_, let name, _): tally.lost.append(name)
      }
    }
    func cuts(_ parser: TreeSitterParser) -> Set<Int> {
      Set(Chunker(parser: parser).chunks(of: content.span, in: language).map(\.lines.lowerBound))
    }
    let wholeCuts = cuts(whole)
    let skimmedCuts = cuts(skimming)
    tally.sharedCutCount = wholeCuts.intersection(skimmedCuts).count
    tally.cutCount = wholeCuts.union(skimmedCuts).count
    return (language.name, tally)
  }
}
