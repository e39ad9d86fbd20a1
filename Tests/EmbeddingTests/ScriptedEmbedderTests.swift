import Embedding
import Primitives
import TestSupport
import Testing

@Suite struct ScriptedEmbedderTests {
  private func vector(_ text: String, path: FilePath = "", dimensions: Int = 64) throws -> [Float] {
    let bytes = Array(text.utf8)
    return try ScriptedEmbedder(dimensions: dimensions).embed(bytes.span, pieces: [bytes.indices], path: path)
  }

  @Test func `vectors have length one, or zero for no words`() throws {
    for dimensions in [1, 3, 64, 256] {
      let vector = try vector("parseHeader reads", dimensions: dimensions)
      let square = vector.reduce(0) { $0 + $1 * $1 }
      #expect(vector.count == dimensions)
      #expect(abs(square - 1) < 1e-5 || square == 0)
    }
    #expect(try vector("{}").allSatisfy { $0 == 0 })
    #expect(try abs(vector("parse").reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
  }

  @Test func `a question is the text's vector whatever the case and the order`() throws {
    #expect(try ScriptedEmbedder().embed(query: "header parse HTTP") == vector("parseHTTPHeader"))
    #expect(try vector("", path: "src/parse_header.py") == vector("src parse header"))
    #expect(try vector("read", path: "a.c") != vector("read", path: "b.c"))
  }

  @Test func `shared words bring texts near`() throws {
    let query = try ScriptedEmbedder().embed(query: "parse the header")
    func similarity(_ text: String) throws -> Float { zip(query, try vector(text)).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(try similarity("func parseHeader()") > similarity("struct Matrix transpose") + 0.3)
  }

  @Test func `each piece is embedded by itself`() throws {
    let bytes = Array("parse header".utf8)
    let vectors = try ScriptedEmbedder(dimensions: 8).embed(bytes.span, pieces: [0..<5, 6..<12], path: "")
    #expect(try vectors == vector("parse", dimensions: 8) + vector("header", dimensions: 8))
  }
}
