import Inspection
import Primitives
import Retrieval
import Testing

@Suite struct FileTraitsTests {
  private func traits(_ path: String, _ kind: Language.Kind = .code) -> FileTraits {
    FileTraits(path: FilePath(path), language: Language(name: "x", kind: kind))
  }

  @Test(arguments: [
    ("tests/a.py", FileTraits.test), ("src/test_a.py", .test), ("router_test.go", .test), ("a/FooTest.java", .test),
    ("FooTests.swift", .test), ("CoreTests/Foo.swift", .test), ("a.test.ts", .test), ("a.spec.js", .test),
    ("foo_spec.lua", .test), ("conftest.py", .test), ("examples/a.rs", .example), ("demo.py", .example),
    ("benches/a.rs", .benchmark), ("compat/a.js", .legacy), ("a_pb2.py", .generated), ("dist/a.js", .generated),
    ("a.d.ts", .declarations), ("a.pyi", .declarations), ("third_party/a.c", .vendored), ("a/__init__.py", .index),
    ("src/index.ts", .index), ("docs/a.py", .documentation),
  ])
  func `a path tells its part`(path: String, trait: FileTraits) { #expect(traits(path).contains(trait)) }

  @Test(arguments: [
    "src/latest.py", "contest.go", "src/attest.rs", "inspect.py", "protest/a.c", "Testament.java", "a/http.py",
  ])
  func `a name that only sounds so is ordinary`(path: String) { #expect(traits(path).isEmpty) }

  @Test func `prose, data and markup are known by their language`() {
    #expect(traits("a.md", .prose) == .documentation)
    #expect(traits("a.json", .data) == .data)
    #expect(traits("a.css", .markup) == .markup)
  }
}
