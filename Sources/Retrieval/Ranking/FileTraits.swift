package import Corpus

/// What a file's path and language say about the part it plays in a repository.
package struct FileTraits: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let test = Self(rawValue: 1 << 0)
  package static let example = Self(rawValue: 1 << 1)
  package static let benchmark = Self(rawValue: 1 << 2)
  /// Kept for older users of the code: `compat`, `legacy`, `deprecated`.
  package static let legacy = Self(rawValue: 1 << 3)
  /// Written by a program.
  package static let generated = Self(rawValue: 1 << 4)
  /// Types without the code: `.d.ts`, `.pyi`.
  package static let declarations = Self(rawValue: 1 << 5)
  /// Other people's code, or many files in one.
  package static let vendored = Self(rawValue: 1 << 6)
  /// Often only gathers and re-exports what others define: `__init__.py`, `index.ts`.
  package static let index = Self(rawValue: 1 << 7)
  package static let documentation = Self(rawValue: 1 << 8)
  package static let data = Self(rawValue: 1 << 9)
  package static let markup = Self(rawValue: 1 << 10)

  /// - Parameter components: of the path inside the corpus.
  package init(components: [String], language: Language) {
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
    case .code: break
    }
    self = traits
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
