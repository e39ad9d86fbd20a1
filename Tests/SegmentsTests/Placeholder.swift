import Testing

@Test func `the bundle of Segments loads`() { #expect(Bool(true)) }
