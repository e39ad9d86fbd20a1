import Testing

@Test func `the bundle of Primitives loads`() { #expect(Bool(true)) }
