import Testing

@Test func `the bundle of TreeSitterChunking loads`() { #expect(Bool(true)) }
