import Testing

@Test func `the bundle of Ranking loads`() { #expect(Bool(true)) }
