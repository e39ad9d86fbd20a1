import Testing

@Test func `the bundle of Retrieval loads`() { #expect(Bool(true)) }
