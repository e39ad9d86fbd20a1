import Testing

@Test func `the bundle of Catalog loads`() { #expect(Bool(true)) }
