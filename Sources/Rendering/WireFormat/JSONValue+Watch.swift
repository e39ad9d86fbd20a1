package import Cairn
package import JSON

// What `Docs/JSON.md` says of `cairn watch`, and of what an answer stands on.

extension JSONValue {
  /// One thing that happens while a tree is watched, at `time`, in seconds since 1970.
  package static func watch(_ event: WatchEvent, root: Path, indexDirectory: Path, time: Double) -> JSONValue {
    func report(_ report: IndexReport) -> (name: String, value: JSONValue) {
      ("report", self.report(report, root: root, indexDirectory: indexDirectory))
    }
    let what: (name: String, members: [(name: String, value: JSONValue)]) =
      switch event {
      case .standingBy(let process): ("standing_by", [("process", process.map { .integer($0) } ?? .null)])
      case .watching(let watcher, let run): ("watching", [("watcher", self.watcher(watcher)), report(run)])
      case .updated(let run): ("updated", [report(run)])
      case .failed(let error): ("failed", [("failure", failure(error))])
      }
    return watch(what.name, root: root, time: time, what.members)
  }

  /// The settings are others now.
  package static func watchOfOtherSettings(root: Path, time: Double) -> JSONValue {
    watch("settings_changed", root: root, time: time, [])
  }

  /// There is no tree to watch any more.
  package static func watchOfGoneTree(root: Path, time: Double) -> JSONValue {
    watch("tree_gone", root: root, time: time, [])
  }

  private static func watch(
    _ event: String, root: Path, time: Double, _ rest: [(name: String, value: JSONValue)]
  ) -> JSONValue {
    .object(
      [("type", .string("watch")), ("event", .string(event))] + members("root", root) + [("time", .number(time))] + rest
    )
  }

  static func watcher(_ watcher: Watcher) -> JSONValue {
    .object([
      ("process", .integer(watcher.processID)), ("since", .number(watcher.since)),
      ("sees", .string(watcher.pollInterval == nil ? "events" : "files")),
      ("poll_seconds", watcher.pollInterval.map { .number($0) } ?? .null),
      ("poll_reason", watcher.pollReason.map { .string($0) } ?? .null),
      ("directories", .integer(watcher.directoryCount)),
    ])
  }

  static func freshness(_ freshness: Freshness) -> JSONValue {
    func object(_ kind: String, _ time: Double?) -> [(name: String, value: JSONValue)] {
      [("kind", .string(kind)), ("as_of", time.map { .number($0) } ?? .null)]
    }
    switch freshness {
    case .watched(let time, let process): return .object(object("watched", time) + [("process", .integer(process))])
    case .updated(let time): return .object(object("updated", time))
    case .asCommitted(let time): return .object(object("committed", time))
    }
  }
}
