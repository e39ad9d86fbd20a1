import Chunking
import Corpus
import Testing
import TreeSitterChunking

@Suite struct TreeSitterParserTests {
  @Test func `a language without a grammar has no outline`() {
    let text = Array("hello".utf8)
    #expect(TreeSitterParser().outline(of: text.span, in: .plainText)?.nodes == nil)
  }

  @Test func `a method carries its class`() throws {
    let text = Array("class A:\n  def f(self):\n    return 1\n".utf8)
    let outline = try #require(TreeSitterParser().outline(of: text.span, in: Language(name: "python", kind: .code)))
    #expect(outline.nodes.compactMap(\.symbol?.qualifiedName) == ["A", "A.f"])
  }
}
