import Cairn
package import JSON
package import Measuring

extension JSONValue {
  /// The object that `Docs/JSON.md` describes under `cairn bench`.
  package static func benchmark(_ report: BenchmarkReport) -> JSONValue {
    .object(
      [("type", .string("benchmark"))] + members("root", report.root) + [
        ("files", .integer(report.fileCount)), ("chunks", .integer(report.chunkCount)),
        ("segments", .integer(report.segmentCount)), ("source_bytes", .integer(report.size.source)),
        (
          "index",
          .object([
            ("seconds", spread(report.indexing.seconds)),
            ("processor_seconds", spread(report.indexing.processorSeconds)),
            ("files_per_second", rate(report.fileCount, report)),
            ("bytes_per_second", rate(report.size.source, report)),
            ("chunks_per_second", rate(report.chunkCount, report)), ("memory", memory(report.indexing.memory)),
            (
              "stages",
              .array(
                report.indexing.stageTimes.map {
                  .object([("stage", .string($0.stage)), ("seconds", .number($0.seconds))])
                })
            ),
          ])
        ),
        ("read_and_parse_seconds", spread(report.readAndParseSeconds)),
        ("parse_ratio", .number(report.parseRatio)),
        ("unchanged_seconds", spread(report.unchangedSeconds)),
        ("changed_file_then_search_seconds", spread(report.changedFileSeconds)),
        (
          "cold_search",
          .object([
            ("seconds", spread(report.coldSearch.seconds)),
            ("with_update_seconds", spread(report.coldSearch.secondsWithUpdate)),
            ("memory", memory(report.coldSearch.memory)),
          ])
        ),
        (
          "warm_search",
          .object([
            ("seconds", spread(report.warmSearch.seconds)), ("memory", memory(report.warmSearch.memory)),
          ])
        ),
        (
          "size",
          .object([
            ("index_bytes", .integer(report.size.index)), ("catalog_bytes", .integer(report.size.catalog)),
            ("segment_bytes", .integer(report.size.segments)), ("ratio", .number(report.size.ratio)),
          ])
        ),
        ("questions", .integer(report.queryCount)), ("quality", report.quality.map(quality) ?? .null),
      ])
  }

  private static func spread(_ spread: Spread) -> JSONValue {
    .object([
      ("p50", .number(spread.p50)), ("p95", .number(spread.p95)), ("p99", .number(spread.p99)),
      ("min", .number(spread.minimum)), ("max", .number(spread.maximum)), ("count", .integer(spread.count)),
    ])
  }

  private static func memory(_ memory: PeakMemory) -> JSONValue {
    .object([("own_bytes", .integer(memory.own)), ("resident_bytes", .integer(memory.resident))])
  }

  private static func rate(_ count: Int, _ report: BenchmarkReport) -> JSONValue {
    report.indexing.seconds.p50 > 0 ? .number(Double(count) / report.indexing.seconds.p50) : .null
  }

  private static func quality(_ quality: RankingQuality) -> JSONValue {
    .object([
      ("questions", .integer(quality.queryCount)), ("ndcg_at_10", .number(quality.ndcgAt10)),
      ("mrr", .number(quality.meanReciprocalRank)), ("recall_at_1", .number(quality.recallAt1)),
      ("recall_at_5", .number(quality.recallAt5)), ("recall_at_10", .number(quality.recallAt10)),
    ])
  }

  // MARK: cairn eval

  package static func evaluatedQuery(_ query: Evaluation.Query) -> JSONValue {
    .object([
      ("type", .string("evaluated_query")), ("query", .string(query.text)), ("by_file", measure(query.byFile)),
      ("by_lines", measure(query.byLines)), ("seconds", .number(query.seconds)),
    ])
  }

  package static func evaluation(_ evaluation: Evaluation) -> JSONValue {
    .object(
      [("type", .string("evaluation"))] + members("root", evaluation.root) + [
        ("queries", .integer(evaluation.byFile.queryCount)), ("by_file", means(evaluation.byFile)),
        ("by_lines", means(evaluation.byLines)),
      ] + notes(evaluation.notes) + [("seconds", .number(evaluation.seconds))])
  }

  private static func measure(_ measure: RankingMeasure) -> JSONValue {
    .object([
      ("ndcg_at_10", .number(measure.ndcgAt10)), ("rank", measure.rank.map { .integer($0) } ?? .null),
      ("recall_at_1", .number(measure.recallAt1)), ("recall_at_5", .number(measure.recallAt5)),
      ("recall_at_10", .number(measure.recallAt10)),
    ])
  }

  private static func means(_ quality: RankingQuality) -> JSONValue {
    .object([
      ("ndcg_at_10", .number(quality.ndcgAt10)), ("mrr", .number(quality.meanReciprocalRank)),
      ("recall_at_1", .number(quality.recallAt1)), ("recall_at_5", .number(quality.recallAt5)),
      ("recall_at_10", .number(quality.recallAt10)),
    ])
  }
}
