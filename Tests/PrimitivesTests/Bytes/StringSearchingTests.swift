import Primitives
import Testing

@Suite struct StringSearchingTests {
  @Test func `text is found by its bytes`() {
    let text = "aab\r\nå::b"
    #expect(text.firstRange(of: "ab").map { text[..<$0.lowerBound] } == "a")
    #expect(text.firstRange(of: "::").map { text[$0.upperBound...] } == "b")
    #expect(text.dropFirst(2).firstRange(of: "aab") == nil)
    #expect(text.firstRange(of: "bb") == nil)
    #expect(text.firstRange(of: "").map { text[$0] } == "")
    #expect("".firstRange(of: "a") == nil)
    // The standard library has one character where these have two.
    #expect(text.contains("\n") && text.contains("å:"))
    #expect(text.contains("xå:b".dropFirst().dropLast()) && !text.contains("åb"))
  }

  @Test func `all of it is replaced, or the first ones`() {
    #expect("aaa".replacing("aa", with: "b") == "ba")
    #expect("a.b.c".replacing(".", with: "..") == "a..b..c")
    #expect("a.b.c".replacing(".", with: "", maxReplacements: 1) == "ab.c")
    #expect("abc".replacing("", with: "-") == "abc")
  }
}
