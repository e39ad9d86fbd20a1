import Testing

@Test func `the bundle loads`() { #expect(Bool(true)) }
