import Testing

@Test func `the bundle of EndToEnd loads`() { #expect(Bool(true)) }
