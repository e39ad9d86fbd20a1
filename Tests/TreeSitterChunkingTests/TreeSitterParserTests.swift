import Chunking
import Corpus
import Testing
import TreeSitterChunking

@Suite struct TreeSitterParserTests {
  @Test func `a language without a grammar has no outline`() {
    let text = Array("hello".utf8)
    let nodes = TreeSitterParser().outline(of: text.span, in: .plainText)?.nodes
    #expect(nodes == nil)
  }

  @Test func `a method carries its class`() throws {
    let text = Array("class A:\n  def f(self):\n    return 1\n".utf8)
    let found = TreeSitterParser().outline(of: text.span, in: Language(name: "python", kind: .code))
    let outline = try #require(found)
    #expect(outline.nodes.compactMap(\.symbol?.qualifiedName) == ["A", "A.f"])
  }
}
