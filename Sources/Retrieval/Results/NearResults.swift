import Primitives
import QueryLanguage
import Segments

/// The candidates that are only near what was asked for, where others hold it: a list of files or places is to have
/// none of them (`SearchQuery.leavesOutNear`).
struct NearResults {
  /// What others must have; nil where nothing is left out.
  private enum Wanted {
    /// These files, and in them what holds one of the quoted texts.
    case holders(Set<SourcePath>, asWritten: Bool)
    case files(Set<SourcePath>)
  }
  private let wanted: Wanted?

  init(_ ranked: RankedCandidates, _ query: SearchQuery) {
    guard query.leavesOutNear, let parsed = ranked.pools.first?.ranking.query else {
      wanted = nil
      return
    }
    if parsed.isOfQuotations {
      wanted = Self.holders(in: ranked, asWritten: true) ?? Self.holders(in: ranked, asWritten: false)
    } else if !parsed.isPasted, parsed.shape == .path || parsed.isOnlyPlace {
      wanted = Self.named(by: parsed, in: ranked)
    } else {
      wanted = nil
    }
  }

  var isEmpty: Bool { wanted == nil }

  func contains(_ position: RankedCandidates.Position, of ranked: RankedCandidates) -> Bool {
    switch wanted {
    case nil: false
    case .files(let files): !files.contains(ranked.file(of: position).source)
    case .holders(let files, let asWritten):
      Self.held(by: ranked[position], asWritten) == 0 || !files.contains(ranked.file(of: position).source)
    }
  }

  private static func held(by candidate: Candidate, _ asWritten: Bool) -> UInt64 {
    asWritten ? candidate.heldAsWritten : candidate.heldInOrder
  }

  /// The files that hold the most of the quoted texts; nil if none holds any.
  private static func holders(in ranked: RankedCandidates, asWritten: Bool) -> Wanted? {
    var byFile: [SourcePath: UInt64] = [:]
    for pool in ranked.pools {
      for candidate in pool.candidates {
        let held = held(by: candidate, asWritten)
        if held != 0 { byFile[pool.files[candidate.file].source, default: 0] |= held }
      }
    }
    let most = byFile.values.reduce(0) { max($0, $1.nonzeroBitCount) }
    return most == 0
      ? nil : .holders(Set(byFile.filter { $0.value.nonzeroBitCount == most }.keys), asWritten: asWritten)
  }

  /// The file whose path `query` is, or those whose paths end in it; nil if there is none.
  private static func named(by query: ParsedQuery, in ranked: RankedCandidates) -> Wanted? {
    var grades: [SourcePath: Float] = [:]
    for file in ranked.pools.flatMap(\.files) {
      let path = file.path.description.lowercased()
      let place = query.places.first.map {
        PathMatch.gradeOfFile(path, for: $0.path, isAbsolute: $0.isAbsolute, from: query.directory)
      }
      grades[file.source] = max(place ?? 0, PathMatch.grade(of: path, for: query))
    }
    let best = grades.values.reduce(0) { max($0, $1) }
    if best < leastOfName { return nil }
    // From the directory that is asked from, or from the root, one file is meant.
    return .files(Set(grades.filter { $0.value >= (best >= 1 ? best : leastOfName) }.keys))
  }

  /// Of `PathMatch`: a path that ends in all of what was asked for.
  private static let leastOfName: Float = 0.855
}
