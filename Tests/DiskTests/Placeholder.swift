import Testing

@Test func `the bundle of Disk loads`() { #expect(Bool(true)) }
