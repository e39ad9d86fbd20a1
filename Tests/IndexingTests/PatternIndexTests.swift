import Disk
import IndexStorage
import Indexing
import Primitives
import Segments
import TestSupport
import Testing

/// What runs put into the index for pattern searches.
@Suite struct PatternIndexTests {
  let indexed: IndexedTree
  init() throws { indexed = try IndexedTree() }

  private func options(grams: Bool = true, threads: Int = 1) -> IndexingOptions {
    var options = IndexingOptions()
    options.storesGrams = grams
    options.threadCount = threads
    return options
  }

  /// The paths of the candidates; all live files where a segment has no grams.
  private func candidates(_ literal: String) throws -> [String] {
    let snapshot = try indexed.snapshot()
    var paths: [String] = []
    let files = snapshot.candidateFiles(for: .literal(Array(literal.utf8)))
    for (live, files) in zip(snapshot.segments, files) {
      paths += (files ?? live.liveFiles).members.map { live.segment.path(ofFile: $0).description }
    }
    return paths.sorted()
  }

  @Test func `a run leaves the candidates of what the files hold now`() throws {
    indexed.put("a.c", "int alpha_beta(void);\n")
    indexed.put("b.c", "int gamma_delta(void);\n")
    indexed.put("c.c", "int epsilon(void);\n")
    _ = try indexed.writer(options()).perform(Cancellation())
    #expect(try candidates("pha_be") == ["a.c"])
    #expect(try candidates("GAMMA") == ["b.c"])
    #expect(try candidates("int ") == ["a.c", "b.c", "c.c"])
    #expect(try candidates("nowhere") == [])
    // One that changed, and one that is gone.
    indexed.put("a.c", "int other_name(void);\n")
    try indexed.tree.remove("b.c")
    _ = try indexed.writer(options()).perform(Cancellation())
    #expect(try candidates("pha_be") == [])
    #expect(try candidates("other_n") == ["a.c"])
    #expect(try candidates("gamma") == [])
    #expect(try indexed.problems() == [])
  }

  @Test func `a notebook is found by its own bytes, and what is no plain text is always a candidate`() throws {
    indexed.put(
      "n.ipynb",
      """
      {"cells": [{"cell_type": "code", "metadata": {"scrolled": true}, "outputs": [], "source": ["value = 1\\n"]}],
       "metadata": {}, "nbformat": 4, "nbformat_minor": 2}

      """)
    try indexed.tree.write("wide.txt", [0xFF, 0xFE] + Array("text in two bytes each\n".utf8).flatMap { [$0, 0] })
    try indexed.tree.write("latin.txt", Array("caf".utf8) + [0xE9] + Array(" au lait, and more of it\r\n".utf8))
    _ = try indexed.writer(options()).perform(Cancellation())
    #expect(try indexed.paths() == ["latin.txt", "n.ipynb", "wide.txt"])
    #expect(try candidates("scrolled") == ["n.ipynb", "wide.txt"])
    #expect(try candidates("au lait") == ["latin.txt", "wide.txt"])
    #expect(try candidates("caf\u{E9} au lait") == ["latin.txt", "wide.txt"])
  }

  @Test func `without the setting nothing is kept, and with it again what changes`() throws {
    for i in 0..<6 { indexed.put("f\(i).c", "int name_\(i);\n") }
    _ = try indexed.writer(options(grams: false)).perform(Cancellation())
    #expect(try indexed.snapshot().segments.allSatisfy { $0.segment.gramAbsence == .notStored })
    #expect(try StoredIndex(directory: indexed.directory).status().parts.grams == 0)
    #expect(try candidates("name_3").count == 6)
    indexed.put("f0.c", "int renamed;\n")
    let report = try indexed.writer(options()).perform(Cancellation())
    // No file is indexed again for it.
    #expect(report.filesIndexed == 1 && report.filesUnchanged == 5)
    #expect(try candidates("name_3") == (1..<6).map { "f\($0).c" })
    #expect(try candidates("renamed") == (0..<6).map { "f\($0).c" })
    #expect(try StoredIndex(directory: indexed.directory).status().parts.grams > 0)
  }

  @Test func `one thread and sixteen write the same bytes`() throws {
    var random = SeededRandom(seed: 21)
    for i in 0..<120 { indexed.put("d\(i % 7)/f\(i).txt", text(Int.random(in: 0...3000, using: &random), &random)) }
    var written: [[[UInt8]]] = []
    for threads in [1, 16] {
      var options = options(threads: threads)
      options.builderByteCount = 100_000
      let elsewhere = try TemporaryTree(inMemory: true)
      let directory = elsewhere.root.appending("index")
      _ = try indexed.writer(options, directory: directory).perform(Cancellation())
      let segments = directory.appending("segments")
      let names = try listDirectory(segments).map(\.name).sorted()
      written.append(try names.map { try readFile(segments.appending($0)).bytes })
    }
    #expect(written[0] == written[1] && !written[0].isEmpty)
  }
}
