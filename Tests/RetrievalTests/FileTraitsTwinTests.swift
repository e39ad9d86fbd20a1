import Inspection
import Primitives
import Retrieval
import Testing

/// What `FileTraits` says, computed with `String`s and lists: slow, and easy to see through.
private enum SlowFileTraits {
  static func traits(components: [String], language: Language) -> FileTraits {
    var traits: FileTraits = []
    let name = components.last ?? ""
    let lower = name.lowercased()
    let stem = String(name.prefix { $0 != "." })
    for component in components.dropLast() { traits.formUnion(Self.traits(ofDirectory: component.lowercased())) }
    if Self.isTestName(name) { traits.insert(.test) }
    if Self.exampleStems.contains(stem.lowercased()) { traits.insert(.example) }
    if Self.hasWord(stem, in: ["bench", "benchmark", "benchmarks"]) { traits.insert(.benchmark) }
    if Self.hasWord(stem, in: ["compat", "legacy", "deprecated", "deprecations"]) { traits.insert(.legacy) }
    if Self.generatedEndings.contains(where: lower.hasSuffix) { traits.insert(.generated) }
    if Self.declarationEndings.contains(where: lower.hasSuffix) { traits.insert(.declarations) }
    if Self.indexNames.contains(lower) { traits.insert(.index) }
    switch language.kind {
    case .prose: traits.insert(.documentation)
    case .data: traits.insert(.data)
    case .markup: traits.insert(.markup)
    case .generated: traits.insert(.generated)
    case .code: break
    }
    return traits
  }

  private static func traits(ofDirectory name: String) -> FileTraits {
    switch name {
    case "test", "tests", "__tests__", "spec", "specs", "testdata", "test-data", "fixtures", "__mocks__",
      "__fixtures__",
      "unittests", "unit_tests", "integration_tests", "integration-tests", "e2e", "test_suite", "testsuite":
      return .test
    case "example", "examples", "_examples", "sample", "samples", "demo", "demos", "tutorial", "tutorials", "docs_src",
      "playground", "playgrounds", "cookbook":
      return .example
    case "bench", "benches", "benchmark", "benchmarks", "perf": return .benchmark
    case "compat", "_compat", "legacy", "deprecated": return .legacy
    case "generated", "_generated", "__generated__", "gen", "dist", "build": return .generated
    case "vendor", "vendored", "_vendor", "third_party", "third-party", "thirdparty", "external", "node_modules",
      "single_include", "single-include", "amalgamation":
      return .vendored
    case "doc", "docs", "documentation", "man", "website", ".github", "changelog", "changelogs", "changes":
      return .documentation
    default:
      // `FooTests`, `core-test`, `jvmTest`: how Swift, Gradle and others name their directories.
      if name.hasSuffix("tests") || name.hasSuffix("-test") || name.hasSuffix("_test") || name.hasSuffix(".test") {
        return .test
      }
      return name.hasSuffix("jvmtest") || name.hasSuffix("commontest") ? .test : []
    }
  }

  /// `test_x`, `x_test`, `x.test.js`, `XTest`, `XTests`, `x_spec`, `XSpec`, `x.spec.ts`, `conftest`.
  private static func isTestName(_ name: String) -> Bool {
    let stem = String(name.prefix { $0 != "." })
    let lower = stem.lowercased()
    if name.lowercased().contains(".test.") || name.lowercased().contains(".spec.") { return true }
    if lower.hasPrefix("test_") || lower.hasSuffix("_test") || lower.hasSuffix("_tests") || lower.hasSuffix("_spec")
      || lower.hasPrefix("spec_") || lower.hasPrefix("test-") || lower.hasSuffix("-test") || lower == "conftest"
    {
      return true
    }
    return ["Test", "Tests", "TestCase", "Spec", "Specs", "Suite"].contains {
      stem.hasSuffix($0) && stem.utf8.count > $0.utf8.count
    }
  }

  private static let exampleStems: Set<String> = ["example", "examples", "demo", "sample", "tutorial"]
  private static let generatedEndings = [
    "_pb2.py", "_pb2_grpc.py", ".pb.go", ".pb.cc", ".pb.h", ".g.dart", ".generated.cs", ".designer.cs", "_generated.go",
    ".min.js", ".min.css", ".bundle.js", ".freezed.dart",
  ]
  private static let declarationEndings = [".d.ts", ".d.mts", ".d.cts", ".pyi"]
  private static let indexNames: Set<String> = [
    "__init__.py", "index.js", "index.ts", "index.tsx", "index.mjs", "index.cjs", "mod.rs", "lib.rs",
    "package-info.java",
    "doc.go", "module-info.java", "exports.ts", "exports.js", "prelude.rs",
  ]

  private static func hasWord(_ stem: String, in words: Set<String>) -> Bool {
    stem.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
  }
}

@Suite struct FileTraitsTwinTests {
  private static let pieces = [
    "test", "tests", "Test", "Tests", "TestCase", "spec", "_", "-", ".", ".", "/", "/", "/", "foo", "Bar", "é", "Ü",
    "9", "conftest",
    "example", "examples", "demo", "bench", "compat", "legacy", "_pb2.py", ".min.js", ".d.ts", ".pyi", "__init__.py",
    "mod.rs",
    "third_party", "vendor", "docs", ".github", "jvmTest", "e2e", "node_modules", "gen", "build", ".test.", "test_",
    "_test",
    "benchmarks", "deprecations", "Suite", "Specs", "index.js", "CommonTest", "integration-tests", "docs_src",
  ]

  @Test func `over bytes as over strings, for paths put together at random`() {
    var random = SeededRandom(seed: 21)
    let kinds: [Language.Kind] = [.code, .prose, .data, .markup]
    for _ in 0..<30_000 {
      let path = (0..<Int.random(in: 0...7, using: &random)).map { _ in Self.pieces.randomElement(using: &random)! }
        .joined()
      let language = Language(name: "x", kind: kinds.randomElement(using: &random)!)
      // A path of the corpus does not end with a slash.
      if path.hasSuffix("/") { continue }
      let slow = SlowFileTraits.traits(components: path.split(separator: "/").map(String.init), language: language)
      #expect(FileTraits(path: FilePath(path), language: language) == slow, "\(path)")
    }
  }
}
