import Chunking
import QueryLanguage
import Segments

/// Puts tests, examples, documentation and the like below the code, unless the query asks for them. In a pasted text,
/// an issue or a log, no word asks for a kind of file, and what such a file holds of it as written counts less too,
/// unless that is all of it.
enum FileKindStep: RankingStep {
  static let signal = Signal.fileKind

  /// The traits, their names for an explanation, and the words of a query that ask for such files.
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

  /// What a word of a query asks for.
  private static let traitsByWord: [String: FileTraits] = {
    var table: [String: FileTraits] = [:]
    for rule in rules { for word in rule.words { table[word, default: []].insert(rule.trait) } }
    return table
  }()

  static func apply(to pool: inout CandidatePool) {
    var asked: FileTraits = []
    let isPasted = pool.ranking.query.isPasted
    if !isPasted { for term in pool.ranking.query.terms { asked.formUnion(traitsByWord[term.word] ?? []) } }
    let isPath = pool.ranking.query.shape == .path
    let penalties = pool.files.map { file -> (factor: Float, traits: FileTraits) in
      let traits: FileTraits = isPath ? [] : file.traits.subtracting(asked)
      var factor: Float = 1
      if !traits.isEmpty {
        for rule in rules where traits.contains(rule.trait) {
          factor *= self.factor(of: rule.trait, isPasted: isPasted, pool.ranking.weights)
        }
      }
      return (factor, traits)
    }
    for i in pool.candidates.indices {
      var (factor, traits) = penalties[pool.candidates[i].file]
      // An `__init__.py` that defines something is a file like any other.
      if traits.contains(.index), !pool.chunks.entries[pool.candidates[i].chunk].symbols.isEmpty {
        factor /= pool.ranking.weights.index
        traits.remove(.index)
      }
      if traits.isEmpty { continue }
      pool.candidates[i].penalised = traits
      pool.candidates[i].parts.scale(by: factor, for: signal)
      if isPasted, pool.candidates[i].written < WrittenQuery.wholeEvidence { pool.candidates[i].written *= factor }
    }
  }

  private static func factor(of trait: FileTraits, isPasted: Bool, _ weights: RankingWeights) -> Float {
    switch trait {
    case .test: weights.test
    case .example: weights.example
    case .benchmark: weights.benchmark
    case .legacy: weights.legacy
    case .generated: weights.generated
    case .declarations: weights.declarations
    case .vendored: weights.vendored
    case .index: weights.index
    case .documentation: isPasted ? weights.documentationOfPasted : weights.documentation
    case .data: weights.data
    default: weights.markup
    }
  }
}
