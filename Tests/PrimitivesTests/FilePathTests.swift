import Primitives
import Testing

@Suite struct FilePathTests {
  @Test func `the parts of a path`() {
    let rows: [(path: FilePath, parent: FilePath, last: FilePath, ext: FilePath?)] = [
      ("a/b.c", "a", "b.c", "c"), ("b", "", "b", nil), ("/a", "/", "a", nil), ("/", "/", "", nil), ("", "", "", nil),
      ("a/.hidden", "a", ".hidden", nil), ("a.b/c", "a.b", "c", nil), ("x.", "", "x.", nil),
      ("a.tar.gz", "", "a.tar.gz", "gz"),
    ]
    for row in rows {
      #expect(row.path.parent == row.parent, "\(row.path)")
      #expect(row.path.lastComponent == row.last, "\(row.path)")
      #expect(row.path.fileExtension == row.ext, "\(row.path)")
    }
  }

  @Test func `appending and taking apart are inverse`() {
    #expect(FilePath("a").appending("b/c") == "a/b/c")
    #expect(FilePath("").appending("b") == "b")
    #expect(FilePath("a").appending("") == "a")
    #expect(FilePath("/").appending("b") == "/b")
    #expect(FilePath("a/b/c").relative(to: "a") == "b/c")
    #expect(FilePath("/b").relative(to: "/") == "b")
    #expect(FilePath("ab/c").relative(to: "a") == nil)
    #expect(FilePath("a").relative(to: "a") == nil)
    #expect(FilePath("a").relative(to: "") == "a")
  }

  @Test func `the order is that of the bytes`() {
    var random = SeededRandom(seed: 1)
    let alphabet: [UInt8] = [0x00, 0x2F, 0x61, 0x62, 0x7F, 0x80, 0xFF]
    func bytes() -> [UInt8] {
      (0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
    }
    for _ in 0..<20_000 {
      let (a, b) = (bytes(), bytes())
      #expect((FilePath(bytes: a) < FilePath(bytes: b)) == a.lexicographicallyPrecedes(b))
    }
  }

  @Test func `bytes that are not text are kept, and shown as such`() {
    let path = FilePath(bytes: [0x61, 0xFF])
    #expect(path.bytes == [0x61, 0xFF])
    #expect(path.utf8Text == nil)
    #expect(path.description == "a\u{FFFD}")
    #expect(FilePath("ü").utf8Text == "ü")
    #expect(FilePath("/a").isAbsolute && !FilePath("a").isAbsolute && FilePath("").isEmpty)
  }
}
