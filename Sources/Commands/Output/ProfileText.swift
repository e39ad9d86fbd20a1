package import Cairn
import Rendering

/// Where an index run's time and memory went, as a table for people.
package enum ProfileText {
  package static func lines(_ profile: RunProfile) -> [String] {
    let total = profile.stages.reduce(0) { $0 + $1.seconds }
    var rows = [["stage", "time", "share", "bytes", "rate", "waiting", "count"]]
    for stage in profile.stages where stage.count > 0 {
      rows.append([
        stage.name, secondsText(stage.seconds), total > 0 ? "\(fixed(100 * stage.seconds / total, 1)) %" : "-",
        stage.byteCount > 0 ? byteText(stage.byteCount) : "-", rateText(stage), secondsText(stage.waitingSeconds),
        String(stage.count),
      ])
    }
    rows.append(["total", secondsText(total), "", "", "", "", ""])
    return table(rows) + [""]
      + facts(profile).map { name, text in
        name + String(repeating: " ", count: max(1, 9 - name.count)) + text
      }
  }

  private static func facts(_ profile: RunProfile) -> [(name: String, text: String)] {
    var facts = [
      (
        "cores",
        "\(fixed(profile.busyCoreCount, 2)) busy: \(secondsText(profile.processorSeconds)) of processor time in "
          + "\(secondsText(profile.seconds)), \(countText(profile.threadCount, "thread")) preparing files"
      ),
      (
        "memory",
        "peak \(mebibyteText(profile.peakOwnByteCount)) own (limit \(mebibyteText(profile.memoryLimitByteCount))), "
          + "\(mebibyteText(profile.peakResidentByteCount)) resident with mapped files"
      ),
      (
        "waiting",
        "preparing \(secondsText(profile.workersWaitedSeconds)) for memory, building "
          + "\(secondsText(profile.writerWaitedSeconds)) for files; "
          + "at most \(countText(profile.greatestWaitingCount, "file")) "
          + "ready, \(byteText(profile.greatestUnderWayByteCount)) in flight"
      ),
      ("segments", "\(byteText(profile.segmentBytesWritten)) written, by commits and by merges"),
    ]
    for cache in profile.caches {
      let asked = cache.hitCount + cache.missCount
      let share = asked > 0 ? " (\(fixed(100 * Double(cache.hitCount) / Double(asked), 1)) %)" : ""
      facts.append(("cache", "\(cache.name): \(cache.hitCount) hits\(share), \(cache.missCount) misses"))
    }
    return facts
  }

  private static func rateText(_ stage: RunProfile.Stage) -> String {
    guard stage.byteCount > 0, stage.seconds > 0 else { return "-" }
    return byteText(Int(Double(stage.byteCount) / stage.seconds)) + "/s"
  }

  private static func secondsText(_ seconds: Double) -> String { fixed(seconds, seconds < 10 ? 3 : 1) + " s" }

  /// The first column to the left, the others to the right.
  static func table(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
      for column in row.indices.dropFirst() {
        line += "  " + String(repeating: " ", count: widths[column] - row[column].count) + row[column]
      }
      return String(line.reversed().drop(while: \.isWhitespace).reversed())
    }
  }
}
