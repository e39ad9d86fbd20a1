import Cairn
import Disk
import JSON
import Primitives
import Rendering

/// `cairn watch [DIRECTORY]`: until the program is stopped, or the tree is gone.
func runWatch(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  var first: WatchedRoot?
  while true {
    let invocation: Invocation
    do {
      invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
    } catch {
      guard let first else { throw error }
      if !first.isInPlace { return first.writeGone(output) }
      // Somebody is in the middle of writing the settings.
      tell("cairn: " + safeText(error.terminalText))
      try? await Task.sleep(for: .seconds(1))
      continue
    }
    if let first {
      // What has taken the place of the tree meanwhile is not what the user named.
      guard first.isInPlace, first.path == invocation.workspace.root else { return first.writeGone(output) }
    } else {
      try invocation.confirmRoot(environment)
      invocation.tellNotes(invocation.workspace.notes)
      invocation.tellDisclosure()
    }
    let root = first ?? WatchedRoot(invocation)
    first = root
    let writer = WatchWriter(invocation: invocation, output: output)
    do {
      guard try await watch(invocation, polls: arguments.has(.poll), writer) else { return ExitCode.done }
    } catch {
      guard error.code == .treeGone else { throw error }
      return root.writeGone(output)
    }
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

/// The tree that a watch began with.
private struct WatchedRoot {
  let path: Path
  let printsJSON: Bool
  let isQuiet: Bool
  private let status: FileStatus?

  init(_ invocation: Invocation) {
    path = invocation.workspace.root
    printsJSON = invocation.printsJSON
    isQuiet = invocation.isQuiet
    status = try? FileStatus(of: path.filePath)
  }

  /// Whether the path leads to the same directory still.
  var isInPlace: Bool {
    guard let status, let now = try? FileStatus(of: path.filePath) else { return false }
    return now.device == status.device && now.inode == status.inode
  }

  /// Says that there is nothing to watch any more, and gives the exit code of it: who removes a tree wants its watch to
  /// end.
  func writeGone(_ output: Output) -> Int32 {
    if printsJSON {
      let time = Double(wallClockNanoseconds()) / 1e9
      output.line(JSONValue.watchOfGoneTree(root: path, time: time).line)
    } else if !isQuiet {
      output.line(
        "the tree is gone: \(safeText(path.description)) was removed or moved, or another directory is in its place; "
          + "the watch ends")
    }
    output.flush()
    return ExitCode.done
  }
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
