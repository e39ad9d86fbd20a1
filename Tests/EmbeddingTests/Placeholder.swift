import Testing

@Test func `the bundle of Embedding loads`() { #expect(Bool(true)) }
