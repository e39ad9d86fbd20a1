package import Primitives
package import Settings

extension Failure.Code {
  /// A setting that limits the walk keeps files out of the index, so that another run like the last changes nothing.
  package static let limited = Self(rawValue: "limited")
}

extension SettingValues {
  /// Why the index is not complete, where a setting that limits the walk is the reason and still holds: which one,
  /// where it was set and what to do, in words. None where a run would complete the index.
  ///
  /// - Parameters:
  ///   - leftOut: what the newest run left out, by reason.
  ///   - unvisitedCount: how many directories it had no time for; nil if that is not known, since no index keeps it.
  package func limitReasons(leftOut: [String: Int], unvisitedCount: Int?) -> [String] {
    var reasons: [String] = []
    if let count = leftOut["file-limit"], count > 0, integer(.fileLimit) > 0 {
      reasons.append(
        (count == 1 ? "1 file is" : "\(count) files are")
          + " beyond \(named(.fileLimit)); raise it, or set it to 0 for no limit")
    }
    guard integer(.walkTimeLimitSeconds) > 0 else { return reasons }
    let name = named(.walkTimeLimitSeconds)
    if let unvisitedCount {
      if unvisitedCount > 0 {
        reasons.append(
          "the walk had no time for " + (unvisitedCount == 1 ? "1 directory" : "\(unvisitedCount) directories")
            + ", by \(name); raise it, or set it to 0 for no limit")
      }
    } else if reasons.isEmpty {
      reasons.append("if another run does not complete it, raise \(name)")
    }
    return reasons
  }

  /// `file_limit = 1 (from /home/me/project/cairn.toml:3)`.
  private func named(_ setting: Setting) -> String {
    let entry = self[setting]
    return "\(setting.key) = \(entry.value) (\(entry.origin))"
  }

  /// What to say beside results from an index that a limit keeps from being complete.
  package func limitNotes(leftOut: [String: Int], unvisitedCount: Int?) -> [Failure] {
    // Where no limit is known to have ended the walk, another run is what to try first.
    let isKnown = (unvisitedCount ?? 0) > 0 || (leftOut["file-limit"] ?? 0) > 0
    return limitReasons(leftOut: leftOut, unvisitedCount: unvisitedCount).map {
      Failure(
        .limited, "the index is not complete, so the answer may lack files: \($0)", remedy: isKnown ? nil : .index)
    }
  }
}
