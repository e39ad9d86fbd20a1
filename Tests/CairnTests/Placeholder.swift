import Testing

@Test func `the bundle of Cairn loads`() { #expect(Bool(true)) }
