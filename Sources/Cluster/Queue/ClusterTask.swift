import Corpus
package import Primitives

/// A task: some files of one tree that are to be cut, embedded and written to a collection together.
package struct ClusterTask: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    package var path: FilePath
    /// Of the file's bytes; of a file of a commit, zero: there the commit says what it holds.
    package var contentHash: ContentHash
    package var includesSecrets: Bool
    package var includesGenerated: Bool

    package init(
      path: FilePath, contentHash: ContentHash, includesSecrets: Bool = false, includesGenerated: Bool = false
    ) {
      self.path = path
      self.contentHash = contentHash
      self.includesSecrets = includesSecrets
      self.includesGenerated = includesGenerated
    }
  }

  /// The number in the queue; 0 before it is in it.
  package var id: Int64 = 0
  package var collection: String
  /// The tree, or the repository, by the path that workers have it at.
  package var root: FilePath
  /// The address of the repository, where workers clone it; `root` says nothing then.
  package var address: String?
  /// The commit whose files they are, in digits; nil for those in the directory.
  package var revision: String?
  package var files: [File]
  /// The model that a worker must have.
  package var model: String
  package var priority = 0
  /// How often it was started.
  package var attempts = 0
  /// Says that it is this worker's; nil in the queue.
  package var lease: String?

  package init(
    collection: String, root: FilePath, address: String? = nil, revision: String?, files: [File], model: String,
    priority: Int = 0
  ) {
    self.collection = collection
    self.address = address
    self.root = root
    self.revision = revision
    self.files = files
    self.model = model
    self.priority = priority
  }
}

/// What a queue holds, for one collection or for all.
package struct QueueStatus: Hashable, Sendable {
  package var readyCount = 0
  /// Ready, but not before a time: they failed, and are tried again later.
  package var waitingCount = 0
  package var leasedCount = 0
  package var doneCount = 0
  package var deadCount = 0
  package var isPaused = false
  /// Tasks, files and chunks that are done in a minute, as the last one was.
  package var recentTasks = 0
  package var recentFiles = 0
  package var recentChunks = 0
  package var workers: [Worker] = []

  package struct Worker: Hashable, Sendable {
    package var id: Int64
    package var name: String
    package var model: String
    package var doneCount: Int
    package var leasedCount: Int
    /// Seconds since it was heard of.
    package var silence: Double
  }

  package var openCount: Int { readyCount + waitingCount + leasedCount }
  /// Seconds until the rest is done, at the rate of the last minute; nil where nothing is known.
  package var secondsLeft: Double? {
    openCount == 0 ? 0 : recentTasks == 0 ? nil : 60 * Double(openCount) / Double(recentTasks)
  }
}

/// A task that was given up.
package struct DeadTask: Hashable, Sendable {
  package var id: Int64
  package var collection: String
  package var paths: [FilePath]
  package var attempts: Int
  package var reason: String
}
