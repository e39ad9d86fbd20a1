import Corpus
import Primitives
import TestSupport
import Testing

@Suite struct GitIndexTests {
  /// An index of version 2 with these paths.
  private func content(_ paths: [String], version: UInt8 = 2, mode: [UInt8] = [0, 0, 0x81, 0xA4]) -> [UInt8] {
    var bytes = Array("DIRC".utf8) + [0, 0, 0, version, 0, 0, 0, UInt8(paths.count)]
    for path in paths {
      var entry = [UInt8](repeating: 0, count: 24) + mode + [UInt8](repeating: 0, count: 32)
      entry += [0, UInt8(path.utf8.count)] + Array(path.utf8)
      repeat { entry.append(0) } while entry.count % 8 != 0
      bytes += entry
    }
    return bytes + [UInt8](repeating: 0, count: 20)
  }
  private func index(_ bytes: [UInt8], foldsCase: Bool = false) -> GitIndex {
    GitIndex(bytes.span, objectIDByteCount: 20, foldsCase: foldsCase)
  }

  // Spans may not appear inside `#expect`.
  private func tracksFile(_ index: GitIndex, _ path: String) -> Bool { index.tracksFile(Array(path.utf8).span) }
  private func tracksRepository(_ index: GitIndex, _ path: String) -> Bool {
    index.tracksRepository(Array(path.utf8).span)
  }
  private func tracksBelow(_ index: GitIndex, _ path: String) -> Bool {
    index.tracksAnything(below: Array(path.utf8).span)
  }

  @Test func `files, and what lies below a directory, are found`() {
    let index = index(content(["a-b", "a/x", "a/y/z", "b"]))
    #expect(index.count == 4)
    for path in ["a-b", "a/x", "a/y/z", "b"] { #expect(tracksFile(index, path)) }
    for path in ["a", "a/", "a/y", "a/x/", "c", ""] { #expect(!tracksFile(index, path)) }
    for path in ["a", "a/y", ""] { #expect(tracksBelow(index, path)) }
    for path in ["a-b", "a/x", "b", "c", "a/y/z"] { #expect(!tracksBelow(index, path)) }
  }

  @Test func `a submodule is a repository and no file`() {
    let index = index(content(["sub"], mode: [0, 0, 0xE0, 0]))
    #expect(tracksRepository(index, "sub"))
    #expect(!tracksFile(index, "sub"))
  }

  @Test func `case is folded where the repository says so`() {
    let index = index(content(["B/c", "a"]), foldsCase: true)
    #expect(tracksFile(index, "b/C"))
    #expect(tracksBelow(index, "b"))
  }

  @Test func `an index that cannot be read tracks nothing, and says so`() {
    #expect(index(content(["a"])).isReadable && index(content([])).isReadable)
    #expect(!index([]).isReadable && !index(content(["a"], version: 9)).isReadable)
    #expect(index([]).count == 0)
    #expect(index(Array("DIRC".utf8)).count == 0)
    #expect(index(content(["a"], version: 9)).count == 0)
    let whole = content(["abc", "def/ghi"])
    for count in 0..<(whole.count - 20) { #expect(index(Array(whole[..<count])).count == 0) }
  }

  @Test func `a directory that is not unfolded does not hide the one that its neighbour is in`() {
    // What a sparse index leaves as a directory shares the beginning of its path with the entry behind it.
    let index = index(content(["a/b/", "a/b2/c", "d/"]))
    #expect(index.count == 1 && tracksFile(index, "a/b2/c"))
    #expect(
      tracksBelow(index, "a") && tracksBelow(index, "a/b2") && !tracksBelow(index, "a/b") && !tracksBelow(index, "d"))
  }

  @Test func `questions about random paths are answered as a list of them answers`() {
    var random = SeededRandom(seed: 17)
    let names = ["a", "b", "ab", "A", "a.b", "-"]
    for round in 0..<300 {
      var paths = Set<String>()
      func path() -> String {
        (0..<(1 + random.next(upTo: 4))).map { _ in names[random.next(upTo: names.count)] }.joined(separator: "/")
      }
      for _ in 0..<random.next(upTo: 12) { paths.insert(path()) }
      let foldsCase = round % 2 == 1
      let index = index(content(paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }), foldsCase: foldsCase)
      func folded(_ text: String) -> String { foldsCase ? text.lowercased() : text }
      let known = Set(paths.map(folded))
      for _ in 0..<40 {
        let asked = path()
        #expect(tracksFile(index, asked) == known.contains(folded(asked)), "\(asked) in \(paths)")
        let isAround = known.contains { $0.hasPrefix(folded(asked) + "/") }
        #expect(tracksBelow(index, asked) == isAround, "below \(asked) in \(paths)")
      }
    }
  }

  @Test func `no bytes make it fail`() {
    var random = SeededRandom(seed: 3)
    let whole = content(["abc", "def/ghi", "x"], version: 4) + Array("link".utf8) + [0, 0, 0, 40]
    for _ in 0..<20_000 {
      var bytes = whole + (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
      for _ in 0..<(1 + random.next(upTo: 8)) {
        bytes[random.next(upTo: bytes.count)] = UInt8.random(in: 0...255, using: &random)
      }
      bytes[7] = [2, 3, 4][random.next(upTo: 3)]
      let index = GitIndex(bytes.span, objectIDByteCount: 20, foldsCase: false) { _, read in read(whole.span) }
      #expect(index.count < 1_000)
    }
  }
}
