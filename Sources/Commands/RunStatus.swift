import Cairn
import Glibc

/// `cairn status`
func runStatus(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  invocation.tellNotes(invocation.workspace.notes)
  guard let status = try invocation.workspace.status() else {
    let workspace = invocation.workspace
    if invocation.printsJSON {
      output.line(JSON.noIndex(root: workspace.root, indexDirectory: workspace.indexDirectory).line)
    } else {
      output.line("there is no index of \(safeText(workspace.root.description)) yet; run `cairn index`")
    }
    return ExitCode.nothingFound
  }
  if invocation.printsJSON {
    output.line(JSON.status(status).line)
    return ExitCode.done
  }
  let ratio = status.sourceByteCount > 0 ? Double(status.indexByteCount) / Double(status.sourceByteCount) : 0
  let state =
    if status.isOutdated { "of another version of Cairn; the next run builds it again" } else {
      status.isComplete ? "complete" : "not complete; run `cairn index` to go on"
    }
  let rows = [
    ("root", safeText(status.root.description)),
    ("index", safeText(status.indexDirectory.description)),
    ("state", state),
    ("generation", String(status.generation)),
    ("files", "\(status.fileCount) indexed, \(byteText(status.sourceByteCount))"),
    ("left out", "\(status.skipped.values.reduce(0, +))\(ReportText.reasons(status.skipped))"),
    ("chunks", "\(status.chunkCount) in \(countText(status.segmentCount, "segment"))"),
    ("size", "\(byteText(status.indexByteCount)), \(fixed(ratio, 2)) times the source"),
    ("model", safeText(status.modelName)),
    ("last run", runText(status)),
  ]
  for (name, value) in rows {
    output.line(invocation.style.bold(name) + String(repeating: " ", count: 13 - name.count) + value)
  }
  return ExitCode.done
}

/// When the newest run that changed something began, and whether it came to its end.
private func runText(_ status: Status) -> String {
  guard let began = status.lastRun else { return "none" }
  return dateText(began) + (status.lastRunFinished ? "" : ", under way or killed")
}

/// `2026-11-21 05:12:09`, in local time.
func dateText(_ seconds: Double) -> String {
  var time = time_t(seconds)
  var parts = unsafe tm()
  guard unsafe localtime_r(&time, &parts) != nil else { return "unknown" }
  func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
  return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
    + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
}
