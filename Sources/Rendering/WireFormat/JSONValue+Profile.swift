package import Cairn
package import JSON

// The object of `cairn index --profile=json` that `Docs/JSON.md` describes.

extension JSONValue {
  package static func runProfile(_ profile: RunProfile, root: Path) -> JSONValue {
    let total = profile.stages.reduce(0) { $0 + $1.seconds }
    return .object(
      [("type", .string("run_profile"))] + members("root", root) + [
        ("seconds", .number(profile.seconds)), ("processor_seconds", .number(profile.processorSeconds)),
        ("busy_cores", .number(profile.busyCoreCount)), ("threads", .integer(profile.threadCount)),
        ("stages", .array(profile.stages.map { stage($0, ofSeconds: total) })),
        ("peak_own_bytes", .integer(profile.peakOwnByteCount)),
        ("peak_resident_bytes", .integer(profile.peakResidentByteCount)),
        ("memory_limit_bytes", .integer(profile.memoryLimitByteCount)),
        ("segment_bytes_written", .integer(profile.segmentBytesWritten)),
        ("workers_waited_seconds", .number(profile.workersWaitedSeconds)),
        ("writer_waited_seconds", .number(profile.writerWaitedSeconds)),
        ("greatest_waiting_files", .integer(profile.greatestWaitingCount)),
        ("greatest_under_way_bytes", .integer(profile.greatestUnderWayByteCount)),
        (
          "caches",
          .array(
            profile.caches.map {
              .object([
                ("name", .string($0.name)), ("hits", .integer($0.hitCount)), ("misses", .integer($0.missCount)),
              ])
            })
        ),
      ])
  }

  private static func stage(_ stage: RunProfile.Stage, ofSeconds total: Double) -> JSONValue {
    .object([
      ("stage", .string(stage.name)), ("seconds", .number(stage.seconds)),
      ("share", .number(total > 0 ? stage.seconds / total : 0)), ("waiting_seconds", .number(stage.waitingSeconds)),
      ("bytes", .integer(stage.byteCount)),
      ("bytes_per_second", .number(stage.seconds > 0 ? Double(stage.byteCount) / stage.seconds : 0)),
      ("count", .integer(stage.count)),
    ])
  }
}
