import Cairn
import Disk
import JSON
import Primitives
import Rendering

/// `cairn watch [DIRECTORY]`: until the program is stopped.
func runWatch(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  var isFirst = true
  while true {
    let invocation: Invocation
    do {
      invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
    } catch {
      // Somebody is in the middle of writing the settings.
      if isFirst { throw error }
      tell("cairn: " + safeText(error.terminalText))
      try? await Task.sleep(for: .seconds(1))
      continue
    }
    if isFirst {
      try invocation.confirmRoot(environment)
      invocation.tellNotes(invocation.workspace.notes)
      invocation.tellDisclosure()
      isFirst = false
    }
    let writer = WatchWriter(invocation: invocation, output: output)
    guard try await watch(invocation, polls: arguments.has(.poll), writer) else { return ExitCode.done }
    writer.writeOtherSettings()
  }
}

/// Watches until the settings change; false where nobody reads any more what is written.
private func watch(_ invocation: Invocation, polls: Bool, _ writer: WatchWriter) async throws(CairnError) -> Bool {
  let workspace = invocation.workspace
  let (events, continuation) = AsyncStream<WatchEvent>.makeStream()
  let watching = Task { () -> CairnError? in
    defer { continuation.finish() }
    do throws(CairnError) {
      try await workspace.watch(polls: polls) { continuation.yield($0) }
      return nil
    } catch { return error }
  }
  for await event in events {
    writer.write(event)
    if writer.output.isClosed { watching.cancel() }
  }
  let failure = await watching.value
  if writer.output.isClosed { return false }
  if let failure { throw failure }
  return true
}

/// Writes what happens while a tree is watched, a line each.
private struct WatchWriter {
  let invocation: Invocation
  let output: Output

  private var workspace: Workspace { invocation.workspace }
  private var time: Double { Double(wallClockNanoseconds()) / 1e9 }

  func write(_ event: WatchEvent) {
    if invocation.printsJSON {
      line(JSONValue.watch(event, root: workspace.root, indexDirectory: workspace.indexDirectory, time: time).line)
      return
    }
    switch event {
    case .standingBy(let process):
      let name = process.map { "process \($0)" } ?? "another process"
      say("\(name) watches \(safeText(workspace.root.description)) already; this one takes its place when it ends")
    case .watching(let watcher, let report):
      say(WatchText.line(watcher, root: workspace.root, report))
      if let line = ReportText.resumption(report) { say(line) }
      tellFailures(report)
    case .updated(let report):
      say(WatchText.line(report))
      tellFailures(report)
    case .failed(let error): tell("cairn: " + safeText(error.terminalText))
    }
  }

  func writeOtherSettings() {
    if invocation.printsJSON { return line(JSONValue.watchOfOtherSettings(root: workspace.root, time: time).line) }
    say("the settings may have changed: they are read anew")
  }

  private func say(_ text: String) { if !invocation.isQuiet { line(text) } }

  /// At once, whatever reads it.
  private func line(_ text: String) {
    output.line(text)
    output.flush()
  }
}
