import Cairn

/// Indexes a tree and tells how far it is: `cairn-example-index DIRECTORY`. After one that was stopped, the next run
/// goes on from there.
@main
struct IndexExample {
  static func main() async throws {
    guard let directory = CommandLine.arguments.dropFirst().first else {
      print("usage: cairn-example-index DIRECTORY")
      return
    }
    let workspace = try Workspace(root: Path(directory))
    let report = try await workspace.index { progress in
      guard progress.stage == .indexing, let total = progress.filesTotal else { return }
      print("\(progress.filesDone) of \(total) files")
    }
    print("\(report.fileCount) files, \(report.chunkCount) chunks in \(report.seconds) s")
    for (reason, count) in report.skipped.sorted(by: { $0.key < $1.key }) { print("left out: \(count) \(reason)") }
  }
}
