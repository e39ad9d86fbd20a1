import Cairn
package import Measuring
import Rendering

/// What a benchmark or an evaluation measured, as a table for people.
package enum BenchmarkText {
  package static func lines(_ report: BenchmarkReport) -> [String] {
    var lines = [
      "\(countText(report.fileCount, "file")), \(byteText(report.size.source)), "
        + "\(countText(report.chunkCount, "chunk")) in \(countText(report.segmentCount, "segment"))", "",
      row("", ["p50", "p95", "p99", "times"]),
      spread("index from nothing", report.indexing.seconds),
      spread("read and parse alone", report.readAndParseSeconds),
      spread("nothing changed", report.unchangedSeconds),
      spread("one file changed, then a search", report.changedFileSeconds),
      spread("search, cold process", report.coldSearch.seconds),
      spread("the same, with its update", report.coldSearch.secondsWithUpdate),
      spread("search, warm process", report.warmSearch.seconds), "",
    ]
    if report.indexing.seconds.p50 > 0 {
      let seconds = report.indexing.seconds.p50
      lines.append(
        "index rate          \(byteText(Int(Double(report.size.source) / seconds)))/s, "
          + "\(Int((Double(report.fileCount) / seconds).rounded())) files/s, "
          + "\(Int((Double(report.chunkCount) / seconds).rounded())) chunks/s")
    }
    lines += [
      "time of an index    \(fixed(report.parseRatio, 2)) times reading and parsing alone",
      "memory, indexing    \(memory(report.indexing.memory))",
      "memory, cold search \(memory(report.coldSearch.memory))",
      "memory, warm search \(memory(report.warmSearch.memory))",
      "index on disk       \(byteText(report.size.index)), \(fixed(report.size.ratio, 2)) times the source",
    ]
    if let quality = report.quality {
      lines.append("ranking             \(text(quality)), on \(counted(quality.queryCount))")
    }
    return lines
  }

  /// What an evaluation came to.
  package static func lines(_ evaluation: Evaluation) -> [String] {
    let seconds = Spread(of: evaluation.queries.map(\.seconds))
    return [
      "by file   \(text(evaluation.byFile))", "by lines  \(text(evaluation.byLines))",
      "\(counted(evaluation.byFile.queryCount)), \(time(seconds.p50)) each, the slowest \(time(seconds.maximum))",
    ]
  }

  private static func text(_ quality: RankingQuality) -> String {
    "NDCG@10 \(fixed(quality.ndcgAt10, 3)), MRR \(fixed(quality.meanReciprocalRank, 3)), "
      + "recall@1 \(fixed(quality.recallAt1, 3)), @5 \(fixed(quality.recallAt5, 3)), "
      + "@10 \(fixed(quality.recallAt10, 3))"
  }

  private static func counted(_ count: Int) -> String { count == 1 ? "1 query" : "\(count) queries" }

  private static func spread(_ name: String, _ spread: Spread) -> String {
    row(name, [time(spread.p50), time(spread.p95), time(spread.p99), String(spread.count)])
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    name + String(repeating: " ", count: max(0, 32 - name.count))
      + cells.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined()
  }

  /// Three digits that mean something, whatever the size.
  private static func time(_ seconds: Double) -> String {
    seconds >= 1
      ? "\(fixed(seconds, 2)) s" : "\(fixed(seconds * 1000, seconds >= 0.1 ? 0 : seconds >= 0.01 ? 1 : 2)) ms"
  }

  private static func memory(_ memory: PeakMemory) -> String {
    "\(byteText(memory.own)) of its own, \(byteText(memory.resident)) resident"
  }
}
