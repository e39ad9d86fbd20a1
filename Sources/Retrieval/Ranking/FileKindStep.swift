import Chunking
import Segments

/// Puts tests, examples, documentation and the like below the code, unless the question asks for them.
package enum FileKindStep: RankingStep {
  package static let signal = Signal.fileKind

  /// The traits, their names for an explanation, and the words of a question that ask for such files.
  static let rules: [(trait: FileTraits, name: String, words: Set<String>)] = [
    (
      .test, "a test",
      [
        "test", "tests", "testing", "tested", "spec", "specs", "mock", "mocks", "mocking", "fixture", "fixtures",
        "assert",
      ]
    ),
    (.example, "an example", ["example", "examples", "demo", "demos", "sample", "samples", "tutorial", "tutorials"]),
    (.benchmark, "a benchmark", ["benchmark", "benchmarks", "bench", "benchmarking"]),
    (
      .legacy, "kept for older users",
      ["legacy", "deprecated", "deprecation", "compat", "compatibility", "backward", "backwards", "shim"]
    ),
    (.generated, "generated", ["generated"]),
    (.declarations, "declarations only", ["declaration", "declarations", "stub", "stubs", "typings"]),
    (.vendored, "code of others", ["vendored", "vendor", "bundled"]),
    (.index, "gathers what others define", ["export", "exports", "reexport", "exported"]),
    (
      .documentation, "documentation",
      [
        "docs", "documentation", "readme", "changelog", "guide", "guides", "contributing", "manual", "licence",
        "license",
      ]
    ),
    (.data, "data", ["workflow", "workflows", "manifest", "ci"]),
    (.markup, "markup", ["html", "css", "stylesheet", "template", "templates", "markup", "style", "styles"]),
  ]

  package static func apply(to pool: inout CandidatePool) {
    let asked = Set(pool.query.terms.map(\.word))
    let isPath = pool.query.shape == .path
    let penalties = pool.files.map { file -> (factor: Float, traits: FileTraits) in
      if isPath { return (1, []) }
      var factor: Float = 1
      var traits: FileTraits = []
      for rule in rules where file.traits.contains(rule.trait) && asked.isDisjoint(with: rule.words) {
        factor *= self.factor(of: rule.trait, pool.weights)
        traits.insert(rule.trait)
      }
      return (factor, traits)
    }
    for i in pool.candidates.indices {
      var (factor, traits) = penalties[pool.candidates[i].file]
      // An `__init__.py` that defines something is a file like any other.
      if traits.contains(.index), !pool.chunks.entries[pool.candidates[i].chunk].symbols.isEmpty {
        factor /= pool.weights.index
        traits.remove(.index)
      }
      if traits.isEmpty { continue }
      pool.candidates[i].penalised = traits
      pool.candidates[i].parts.scale(by: factor, for: signal)
    }
  }

  private static func factor(of trait: FileTraits, _ weights: RankingWeights) -> Float {
    switch trait {
    case .test: weights.test
    case .example: weights.example
    case .benchmark: weights.benchmark
    case .legacy: weights.legacy
    case .generated: weights.generated
    case .declarations: weights.declarations
    case .vendored: weights.vendored
    case .index: weights.index
    case .documentation: weights.documentation
    case .data: weights.data
    default: weights.markup
    }
  }
}
