/// How far a run is; sent now and then from any thread.
package struct IndexProgress: Hashable, Sendable {
  package enum Stage: String, Sendable { case walking, indexing, merging }
  package var stage: Stage
  package var filesDone: Int
  /// Unknown while walking.
  package var filesTotal: Int?
  package var bytesDone: Int
  package var bytesTotal: Int?
  package init(stage: Stage, filesDone: Int, filesTotal: Int?, bytesDone: Int, bytesTotal: Int?) {
    self.stage = stage
    self.filesDone = filesDone
    self.filesTotal = filesTotal
    self.bytesDone = bytesDone
    self.bytesTotal = bytesTotal
  }
}
