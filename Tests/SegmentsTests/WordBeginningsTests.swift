import Primitives
import Segments
import Testing

@Suite struct WordBeginningsTests {
  @Test func `no word that the analyzer finds is turned away, nor a part of one`() {
    var random = SeededRandom(seed: 34)
    let pieces = [
      "parse", "Parse", "HTTP", "Server", "date", "_", "__", "9", "42", "x", " ", " ", ".", "(", "\n",
      "\u{2026}",
    ]
    var places = BytePlaces()
    for _ in 0..<2000 {
      let text = Array(
        (0..<Int.random(in: 0...40, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined().utf8)
      let words = Set(Analyzer().words(of: String(decoding: text, as: UTF8.self)))
      guard let wanted = words.randomElement(using: &random) else { continue }
      var beginnings = WordBeginnings()
      #expect(beginnings.isEmpty && !beginnings.mayBegin(in: text.span))
      beginnings.insert(wanted)
      beginnings.insert("zebra")
      beginnings.find(in: text.span, &places)
      let found = places.first(from: 0)
      #expect(found != nil && beginnings.mayBegin(in: text.span), "\(wanted)")
      #expect(found.map { beginnings.mayBegin(at: $0, in: text.span) } == true)
      // Both ways of looking agree on each beginning of the text.
      for end in stride(from: 0, through: text.count, by: 7) {
        let part = text.span.extracting(0..<end)
        beginnings.find(in: part, &places)
        #expect(beginnings.mayBegin(in: part) == (places.first(from: 0) != nil))
        #expect(places.first(from: end) == nil)
      }
    }
  }

  @Test func `most of a text is turned away`() {
    var beginnings = WordBeginnings()
    beginnings.insert("retry")
    beginnings.insert("io")
    var places = BytePlaces()
    let text = Array("the reader rests; Retry(io) unretried IORetry portio".utf8)
    beginnings.find(in: text.span, &places)
    var found: [Int] = []
    while let place = places.first(from: (found.last ?? -1) + 1) { found.append(place) }
    #expect(found == [18, 24, 38, 40])
  }
}
