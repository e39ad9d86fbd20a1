/// How far a run is; sent now and then from any thread.
package struct IndexProgress: Hashable, Sendable {
  package enum Stage: String, Sendable {
    case walking, indexing, merging
    /// Another process makes the index, and a search waits for what it commits first.
    case waiting
  }
  package var stage: Stage
  package var filesDone: Int
  /// Unknown while walking.
  package var filesTotal: Int?
  package var bytesDone: Int
  package var bytesTotal: Int?
  /// Which process a search waits for; nil where it does not, or cannot see which.
  package var process: Int?

  /// Of a search that waits for `process`, which has written so many bytes.
  package init(waitingFor process: Int?, bytesDone: Int) {
    self.init(stage: .waiting, filesDone: 0, filesTotal: nil, bytesDone: bytesDone, bytesTotal: nil)
    self.process = process
  }

  package init(stage: Stage, filesDone: Int, filesTotal: Int?, bytesDone: Int, bytesTotal: Int?) {
    self.stage = stage
    self.filesDone = filesDone
    self.filesTotal = filesTotal
    self.bytesDone = bytesDone
    self.bytesTotal = bytesTotal
  }
}
