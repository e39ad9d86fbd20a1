package import Cluster
import Embedding
package import JSON
import Primitives

// The objects of `cairn cluster` that `Docs/JSON.md` describes.

extension JSONValue {
  package static func clusterPush(_ report: MoveReport, _ opener: StoreOpener) -> JSONValue {
    .object([
      ("type", .string("cluster_push")), ("collection", .string(opener.collection)),
      ("sent_files", .integer(report.movedFileCount)), ("sent_chunks", .integer(report.movedChunkCount)),
      ("unchanged_files", .integer(report.unchangedFileCount)), ("removed_files", .integer(report.removedFileCount)),
      ("files_without_text", .integer(report.textlessFileCount)), ("files", .integer(report.fileCount)),
      ("chunks", .integer(report.chunkCount)), ("seconds", .number(report.seconds)),
    ])
  }

  package static func clusterPull(_ report: PullReport, _ opener: StoreOpener) -> JSONValue {
    .object([
      ("type", .string("cluster_pull")), ("collection", .string(opener.collection)),
      ("taken_files", .integer(report.movedFileCount)), ("taken_chunks", .integer(report.movedChunkCount)),
      ("unchanged_files", .integer(report.unchangedFileCount)),
      ("different_files", .integer(report.differentFileCount)), ("made_files", .integer(report.madeFileCount)),
      ("removed_files", .integer(report.removedFileCount)), ("files", .integer(report.fileCount)),
      ("chunks", .integer(report.chunkCount)), ("seconds", .number(report.seconds)),
    ])
  }

  package static func clusterComparison(_ comparison: StoreComparison, _ opener: StoreOpener) -> JSONValue {
    func list(_ paths: [FilePath]) -> JSONValue { .array(paths.map { .string($0.description) }) }
    return .object([
      ("type", .string("cluster_verification")), ("collection", .string(opener.collection)),
      ("equal", .boolean(comparison.isEqual)), ("files", .integer(comparison.fileCount)),
      ("chunks", .integer(comparison.chunkCount)), ("missing", list(comparison.missing)),
      ("not_here", list(comparison.surplus)), ("different", list(comparison.different)),
      ("unequal", list(comparison.unequal)),
    ])
  }

  /// - Parameter gaps: why files may be missing, where that was asked.
  package static func clusterCollection(_ collection: StoreCollection, gaps: [CollectionGap]? = nil) -> JSONValue {
    .object(
      [
        ("type", .string("collection")), ("name", .string(collection.name)),
        ("model", .string(collection.identity.model.name)),
        ("dimensions", .integer(collection.identity.model.dimensions)),
        ("files", .integer(collection.fileCount)), ("chunks", .integer(collection.chunkCount)),
        ("bytes", collection.byteCount.map { .integer($0) } ?? .null),
      ] + (gaps.map { [("complete", .boolean($0.isEmpty))] } ?? []))
  }

  package static func clusterEnqueue(_ report: EnqueueReport, _ opener: StoreOpener) -> JSONValue {
    .object([
      ("type", .string("cluster_enqueue")), ("collection", .string(opener.collection)),
      ("revision", report.revision.map { .string($0) } ?? .null), ("tasks", .integer(report.taskCount)),
      ("files", .integer(report.fileCount)), ("unchanged_files", .integer(report.unchangedFileCount)),
      ("removed_files", .integer(report.removedFileCount)),
    ])
  }

  package static func clusterStatus(_ status: QueueStatus, dead: [DeadTask], _ opener: StoreOpener) -> JSONValue {
    .object([
      ("type", .string("cluster_status")), ("collection", .string(opener.collection)),
      ("ready", .integer(status.readyCount)), ("waiting", .integer(status.waitingCount)),
      ("in_work", .integer(status.leasedCount)), ("done", .integer(status.doneCount)),
      ("given_up", .integer(status.deadCount)), ("paused", .boolean(status.isPaused)),
      ("tasks_per_minute", .integer(status.recentTasks)), ("files_per_minute", .integer(status.recentFiles)),
      ("chunks_per_minute", .integer(status.recentChunks)),
      ("seconds_left", status.secondsLeft.map { .number($0) } ?? .null),
      (
        "workers",
        .array(
          status.workers.map { worker in
            .object([
              ("id", .integer(Int(worker.id))), ("name", .string(worker.name)), ("model", .string(worker.model)),
              ("done", .integer(worker.doneCount)), ("in_work", .integer(worker.leasedCount)),
              ("silent_seconds", .number(worker.silence)),
            ])
          })
      ),
      (
        "dead",
        .array(
          dead.map { task in
            .object([
              ("id", .integer(Int(task.id))), ("attempts", .integer(task.attempts)), ("reason", .string(task.reason)),
              ("paths", .array(task.paths.map { .string($0.description) })),
            ])
          })
      ),
    ])
  }

  package static func clusterEvent(_ event: ClusterWorker.Event) -> JSONValue {
    func object(_ name: String, _ members: [(name: String, value: JSONValue)]) -> JSONValue {
      .object([("type", .string("cluster_worker")), ("event", .string(name))] + members)
    }
    return switch event {
    case .began(let worker, let model):
      object("began", [("worker", .integer(Int(worker))), ("model", .string(model))])
    case .done(let task, let fileCount, let chunkCount, let seconds):
      object(
        "done",
        [
          ("task", .integer(Int(task))), ("files", .integer(fileCount)), ("chunks", .integer(chunkCount)),
          ("seconds", .number(seconds)),
        ])
    case .failed(let task, let failure):
      object("failed", [("task", .integer(Int(task))), ("message", .string(failure.description))])
    case .waits(let failure): object("waits", [("message", .string(failure.description))])
    case .goesOn: object("goes_on", [])
    }
  }
}
