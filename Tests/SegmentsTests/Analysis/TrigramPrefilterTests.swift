import Kernels
import Primitives
import Segments
import Testing

@Suite struct TrigramPrefilterTests {
  @Test func `the trigram prefilter rejects no word that the analyzer finds, nor a part of one`() {
    var random = SeededRandom(seed: 34)
    let pieces = [
      "parse", "Parse", "HTTP", "Server", "date", "_", "__", "9", "42", "x", " ", " ", ".", "(", "\n",
      "\u{2026}",
    ]
    var offsets = ByteBitmap()
    for _ in 0..<2000 {
      let text = Array(
        (0..<Int.random(in: 0...40, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined().utf8)
      let words = Set(Analyzer().words(of: String(decoding: text, as: UTF8.self)))
      guard let wanted = words.randomElement(using: &random) else { continue }
      var prefilter = TrigramPrefilter()
      #expect(prefilter.isEmpty && !prefilter.mayBegin(in: text.span))
      prefilter.insert(wanted)
      prefilter.insert("zebra")
      prefilter.find(in: text.span, &offsets)
      let found = offsets.first(from: 0)
      #expect(found != nil && prefilter.mayBegin(in: text.span), "\(wanted)")
      #expect(found.map { prefilter.mayBegin(at: $0, in: text.span) } == true)
      // The fast way and the slow one agree on each beginning of the text.
      for end in stride(from: 0, through: text.count, by: 7) {
        let part = text.span.extracting(0..<end)
        prefilter.find(in: part, &offsets)
        #expect(prefilter.mayBegin(in: part) == (offsets.first(from: 0) != nil))
        #expect(offsets.first(from: end) == nil)
      }
    }
  }
}
