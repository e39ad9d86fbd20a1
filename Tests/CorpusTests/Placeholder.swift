import Testing

@Test func `the bundle of Corpus loads`() { #expect(Bool(true)) }
