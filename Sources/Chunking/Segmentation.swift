/// Where to cut a run of lines so that the whole costs least. A chunk costs something by being there, more when it is
/// very small or larger than the target; a cut costs what its place costs, which is below nothing between two
/// definitions that should stand apart. The cheapest set of cuts is found exactly, by dynamic programming over the
/// lines; ties go to the earlier cut, so the same input is cut the same way everywhere.
///
/// The figures were set by inspecting the chunks of the Python library and the Linux kernel, not by a benchmark of
/// ranking.
package struct Segmentation: Sendable {
  /// What one more chunk costs.
  package static let chunkCost = 1000
  /// No chunk of several lines has more lines than this, so that tables of short lines are cut as well.
  package static let maximumLineCount = 200

  /// Lines whose prefix sums fit before those still needed are moved to the front.
  private static let windowLineCount = 1 << 16

  /// The state behind the first so many lines. One array of both: the inner loop of `cuts` reads them side by side.
  private struct Prefix {
    /// Their bytes.
    var size: Int
    /// Their least cost with a chunk that begins behind them.
    var openCost: Int
  }

  /// Keeps the last prefixes, those behind which a chunk may still begin. Returns how many went.
  private static func move(_ prefixes: inout [Prefix]) -> Int {
    let gone = prefixes.count - maximumLineCount
    for i in 0..<maximumLineCount { prefixes[i] = prefixes[gone + i] }
    return gone
  }

  private let target: Int
  private let maximum: Int
  /// The cost of a chunk by its size in steps of 16 bytes.
  private let costBySize: [Int32]

  package init(targetByteCount: Int) {
    target = max(64, targetByteCount)
    maximum = 2 * target
    let small = max(1, target / 5)
    costBySize = (0...(maximum / 16)).map { [target] step in
      let size = step * 16
      var cost = Segmentation.chunkCost
      if size < small { cost += 900 * (small - size) / small }
      if size > target {
        let excess = size - target
        cost += 1500 * excess / target * excess / target
      }
      return Int32(cost)
    }
  }

  /// What a chunk of this size costs; nil for a size that only a single line may have.
  package func cost(ofSize size: Int) -> Int? { size > maximum ? nil : Int(costBySize[size >> 4]) }

  /// What a chunk costs that is one line above the limit.
  package var costOfLongLine: Int { Int(costBySize[costBySize.count - 1]) }

  /// The entries that begin a chunk, the first one included. Time: the number of entries by the lines of a large chunk.
  ///
  /// - Parameters:
  ///   - sizes: What each entry adds to a chunk, in bytes.
  ///   - cutCosts: What it costs to begin a chunk with each entry; may be negative.
  package func cuts(sizes: [Int32], cutCosts: [Int32]) -> [Int] {
    let count = sizes.count
    if count == 0 { return [] }
    // A window of the prefixes moves on with as many as a chunk may have lines. lineCounts[j]: the lines of the last
    // chunk of the first j entries.
    var prefixes = [Prefix](
      repeating: Prefix(size: 0, openCost: 0), count: min(count, Segmentation.windowLineCount) + 1)
    var lineCounts = [UInt8](repeating: 0, count: count + 1)
    let costOfSize = costBySize.span
    var base = 0
    for end in 1...count {
      if end - base == prefixes.count { base += Self.move(&prefixes) }
      let index = end - base
      let sizeAtEnd = prefixes[index - 1].size + Int(sizes[end - 1])
      var least = Int.max
      var leastStart = index - 1
      if sizeAtEnd - prefixes[leastStart].size > maximum {
        // One line above the limit: a chunk of its own.
        least = prefixes[leastStart].openCost + costOfLongLine
      } else {
        // This runs a hundred times for each line. Of equal costs the longer chunk wins.
        let first = max(0, index - Segmentation.maximumLineCount)
        let starts = prefixes.span.extracting(first..<index)
        var start = starts.count
        while start > 0 {
          start &-= 1
          let prefix = starts[start]
          let size = sizeAtEnd &- prefix.size
          if size > maximum { break }
          let cost = prefix.openCost &+ Int(costOfSize[size >> 4])
          if cost <= least {
            least = cost
            leastStart = first &+ start
          }
        }
      }
      prefixes[index] = Prefix(size: sizeAtEnd, openCost: least + (end < count ? Int(cutCosts[end]) : 0))
      lineCounts[end] = UInt8(index - leastStart)
    }
    var cuts: [Int] = []
    var end = count
    while end > 0 {
      end -= Int(lineCounts[end])
      cuts.append(end)
    }
    return cuts.reversed()
  }
}
