import Cairn
import Disk
import Packing
import Primitives
import TestSupport
import Testing

/// Packs over a small tree, by the library.
@Suite struct ContextPackTests {
  let tree: TemporaryTree
  let home: TemporaryTree
  let workspace: Workspace

  init() throws {
    tree = try TemporaryTree()
    for number in 0..<40 {
      try tree.write(
        FilePath("src/part\(number).c"),
        """
        /* Part \(number) opens a valve. */
        int open_valve_\(number)(struct ValveState *state) {
          state->isOpen = \(number);
          return close_other_valves(state);
        }

        """)
    }
    try tree.write(
      "src/valve.h", "struct ValveState {\n  int isOpen;\n};\nint close_other_valves(struct ValveState *state);\n")
    home = try TemporaryTree()
    workspace = try Workspace(
      root: Path(tree.root), configuration: Configuration(), environment: Environment(["HOME": home.root.description]))
  }

  @Test(arguments: [200, 500, 2_000, 8_000]) func `a pack keeps to its tokens and shows more with more`(tokens: Int)
    async throws
  {
    var request = SearchRequest("open a valve")
    request.freshness = .upToDate
    let pack = try await ContextPack(for: request, in: workspace, tokens: tokens, progress: nil)
    #expect(pack.tokens <= tokens)
    #expect(TokenBudget.estimate(pack.markdown) <= pack.tokens)
    #expect(!pack.pieces.isEmpty)
    // Each line that is shown is a line of its file.
    for piece in pack.pieces {
      let text = String(decoding: try readFileBytes(tree.root.appending(piece.excerpt.path.filePath)), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(piece.excerpt.lines == Array(lines[piece.excerpt.firstLine - 1..<piece.excerpt.lastLine]))
    }
    #expect(Set(pack.paths).count == pack.paths.count)
    if tokens >= 2_000 { #expect(pack.paths.count > 20, "\(pack.paths.count)") }
  }

  @Test func `a file comes with what it uses from others`() async throws {
    let pack = try await ContextPack(for: "src/part7.c", in: workspace, tokens: 3_000, progress: nil)
    #expect(pack.outline.contains { $0.contains("open_valve_7") }, "\(pack.outline)")
    #expect(
      pack.pieces.contains { $0.part == .used && $0.excerpt.path == "src/valve.h" }, "\(pack.markdown.prefix(800))")
    #expect(pack.tokens <= 3_000)
    await #expect(throws: CairnError.self) {
      _ = try await ContextPack(for: "src/none.c", in: workspace, tokens: 3_000, progress: nil)
    }
  }
}
