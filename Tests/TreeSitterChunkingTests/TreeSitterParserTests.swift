import Chunking
import Inspection
import Testing
import TreeSitterChunking

@Suite struct TreeSitterParserTests {
  private func symbols(_ text: String, _ language: String) -> [String] {
    let bytes = Array(text.utf8)
    let outline = TreeSitterParser().outline(of: bytes.span, in: Language(name: language, kind: .code))
    return outline?.nodes.compactMap(\.symbol?.qualifiedName) ?? []
  }

  @Test func `a subroutine of Perl that is only announced encloses nothing`() {
    let text = """
      package Foo::Bar;
      sub alpha;
      sub beta($$);
      sub gamma {
        return 1;
      }
      sub delta($x) { return $x; }
      package Foo::Baz;
      sub epsilon(&);
      sub zeta { 2 }

      """
    let found = symbols(text, "perl")
    for symbol in ["Foo::Bar", "Foo::Bar.gamma", "Foo::Bar.delta"] {
      #expect(found.contains(symbol), "\(symbol) is not in \(found)")
    }
    #expect(found.contains { $0.hasSuffix("Foo::Baz.zeta") }, "\(found)")
    #expect(!found.contains { $0.contains("beta") || $0.contains("epsilon") }, "\(found)")
  }

  @Test func `a language without a grammar has no outline`() {
    let text = Array("hello".utf8)
    let outline = TreeSitterParser().outline(of: text.span, in: .plainText)
    #expect(outline?.nodes.count == nil)
  }

  @Test func `other names of a language lead to its grammar`() {
    #expect(symbols("def f\nend\n", "ruby") == ["f"])
    #expect(symbols("f() { :; }\n", "sh") == ["f"])
    #expect(symbols("class A {}\n", "c-sharp") == ["A"])
  }

  @Test func `what cannot be parsed is told`() throws {
    let good = Array("int f(void) { return 0; }\n".utf8)
    let bad = Array("int f(void) { return 0 0 0 ]]; }\n".utf8)
    let language = Language(name: "c", kind: .code)
    let parser = TreeSitterParser()
    let outlines = [parser.outline(of: good.span, in: language), parser.outline(of: bad.span, in: language)]
    #expect(outlines.map { $0?.hasErrors } == [false, true])
    #expect(outlines.map { $0?.nodes.compactMap(\.symbol?.name) } == [["f"], ["f"]])
  }

  @Test func `nodes come in the order of their start and inside their parents`() throws {
    for fixture in GoldenOutlineTests.fixtures {
      let bytes = GoldenOutlineTests.read(fixture)
      let outline = TreeSitterParser().outline(of: bytes.span, in: GoldenOutlineTests.language(of: fixture))
      var open: [SyntaxOutline.Node] = []
      for node in try #require(outline).nodes {
        open.removeAll { $0.bytes.upperBound <= node.bytes.lowerBound }
        #expect((open.last?.bytes.lowerBound ?? 0) <= node.bytes.lowerBound, "\(fixture)")
        #expect(node.bytes.upperBound <= bytes.count, "\(fixture)")
        open.append(node)
      }
    }
  }

  @Test func `a macro with a block after it defines what it says`() {
    #expect(symbols("SYSCALL_DEFINE1(close, int, fd)\n{\n  return 0;\n}\n", "c") == ["close"])
    #expect(symbols("EXPORT_SYMBOL(f);\n", "c").isEmpty)
    #expect(symbols("TEST(Suite, works) { f(); }\n", "cpp") == ["Suite.works"])
  }
}
