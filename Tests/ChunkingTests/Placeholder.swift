import Testing

@Test func `the bundle of Chunking loads`() { #expect(Bool(true)) }
