import Testing

@Test func `the bundle of Indexing loads`() { #expect(Bool(true)) }
