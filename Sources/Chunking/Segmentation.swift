/// Where to cut a run of lines so that the whole costs least. A chunk costs something by being there, more when it is
/// very small or larger than the target; a cut costs what its place costs, which is below nothing between two definitions
/// that should stand apart. The cheapest set of cuts is found exactly, by dynamic programming over the lines; ties go to the
/// earlier cut, so the same input is cut the same way everywhere.
///
/// The figures were set by looking at the chunks of the Python library and the Linux kernel, not by a benchmark of ranking.
package struct Segmentation: Sendable {
  /// What one more chunk costs.
  package static let chunkCost = 1000
  /// No chunk of several lines has more lines than this, so that tables of short lines are cut as well.
  package static let maximumLineCount = 200

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

  /// What a chunk of this size costs; nothing for a size that only a single line may have.
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
    // sizeBefore[j]: the size of the first j entries; begun[j]: the least cost of them with a chunk that begins behind them;
    // previous[j]: where their last chunk begins.
    var sizeBefore = [Int](repeating: 0, count: count + 1)
    for index in 0..<count { sizeBefore[index + 1] = sizeBefore[index] + Int(sizes[index]) }
    var begun = [Int](repeating: 0, count: count + 1)
    var previous = [Int32](repeating: 0, count: count + 1)
    // The loop over the starts of a chunk runs a hundred times for each line.
    unsafe sizeBefore.withUnsafeBufferPointer { sizeBefore in
      unsafe begun.withUnsafeMutableBufferPointer { begun in
        unsafe costBySize.withUnsafeBufferPointer { costBySize in
          for end in 1...count {
            let sizeAtEnd = unsafe sizeBefore[end]
            let limit = max(0, end - Segmentation.maximumLineCount)
            var start = end - 1
            var least = Int.max
            var leastStart = start
            if unsafe sizeAtEnd - sizeBefore[start] > maximum {
              // One line above the limit: a chunk of its own.
              least = unsafe begun[start] + Int(costBySize[costBySize.count - 1])
            } else {
              while start >= limit {
                let size = unsafe sizeAtEnd - sizeBefore[start]
                if size > maximum { break }
                let cost = unsafe begun[start] + Int(costBySize[size >> 4])
                if cost <= least {
                  least = cost
                  leastStart = start
                }
                start -= 1
              }
            }
            unsafe begun[end] = least + (end < count ? Int(cutCosts[end]) : 0)
            previous[end] = Int32(truncatingIfNeeded: leastStart)
          }
        }
      }
    }
    var cuts: [Int] = []
    var end = count
    while end > 0 {
      end = Int(previous[end])
      cuts.append(end)
    }
    return cuts.reversed()
  }
}
