import Chunking
import Corpus
import Testing

@Suite struct ChunkerTests {
  @Test func `an empty file has no chunks`() {
    #expect(Chunker(parser: nil).chunks(of: [UInt8]().span, in: .plainText).isEmpty)
  }

  @Test func `a small file is one chunk`() {
    let text = Array("one\ntwo\n\nthree".utf8)
    #expect(Chunker(parser: nil).chunks(of: text.span, in: .plainText) == [Chunk(bytes: 0..<14, lines: 1...4)])
  }
}
