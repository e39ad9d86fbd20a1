import Cluster
import Embedding
import Primitives
import Rendering

/// What `cairn cluster` says to people.
enum ClusterText {
  static func line(_ event: ClusterWorker.Event) -> String? {
    switch event {
    case .began(let worker, let model): "worker \(worker), with the model \(model), takes tasks"
    case .done(let task, let fileCount, let chunkCount, let seconds):
      "task \(task): \(countText(fileCount, "file")), \(countText(chunkCount, "chunk")) in \(durationText(seconds))"
    case .failed(let task, let failure): "task \(task) failed: \(failure)"
    case .waits(let failure): "waits for the store: \(failure)"
    case .goesOn: "the store answers again"
    }
  }

  static func line(_ collection: StoreCollection, _ style: Style) -> String {
    style.bold(safeText(collection.name)) + "  \(countText(collection.fileCount, "file")), "
      + "\(countText(collection.chunkCount, "chunk"))"
      + (collection.byteCount.map { ", \(byteText($0))" } ?? "") + ", \(safeText(collection.identity.model.name))"
  }

  static func lines(
    _ collection: StoreCollection, _ gaps: [CollectionGap], at address: String, _ style: Style
  ) -> [String] {
    [line(collection, style) + " at \(safeText(address))"]
      + (gaps.isEmpty ? ["complete: searches are answered from it"] : gaps.map { "not complete: \($0.words)" })
  }

  static func summary(_ status: QueueStatus) -> String {
    var text =
      "\(status.readyCount + status.waitingCount) to do, \(status.leasedCount) in work, \(status.doneCount) done, "
      + "\(status.deadCount) given up"
    if status.recentTasks > 0 {
      text += "; \(fixed(Double(status.recentFiles) / 60, 1)) files/s"
      if let left = status.secondsLeft, left > 0 { text += ", about \(durationText(left)) left" }
    }
    return status.isPaused ? text + "; paused" : text
  }

  static func lines(
    _ status: QueueStatus, _ dead: [DeadTask], of collection: String, _ style: Style
  ) -> [String] {
    var lines = [style.bold(safeText(collection)) + "  " + summary(status)]
    for worker in status.workers {
      lines.append(
        "worker \(worker.id)  \(safeText(worker.name)), \(safeText(worker.model)): \(worker.doneCount) done, "
          + "\(worker.leasedCount) in work, heard of \(durationText(worker.silence)) ago")
    }
    for task in dead {
      let first = task.paths.first.map { safeText($0.description) } ?? ""
      let more = task.paths.count > 1 ? " and \(task.paths.count - 1) more" : ""
      lines.append("given up  \(first)\(more): \(safeText(task.reason))")
    }
    return lines
  }
}
