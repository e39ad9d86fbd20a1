/// The best `limit` elements of a stream, by a strict order, in memory for `limit` and time n log limit.
///
/// Order is total everywhere in Cairn: `precedes` must never call two different elements equal, so that a page of 5 is
/// a prefix of the page of 50.
package struct TopK<Element> {
  private let limit: Int
  private let precedes: (Element, Element) -> Bool
  /// A heap whose root is the element that would leave first.
  private var heap: [Element] = []

  package init(limit: Int, by precedes: @escaping (Element, Element) -> Bool) {
    self.limit = limit
    self.precedes = precedes
    heap.reserveCapacity(min(limit, 1024))
  }

  package var count: Int { heap.count }
  /// The element that the next better one would push out, once `limit` elements are held.
  package var worst: Element? { heap.count == limit ? heap.first : nil }

  package mutating func insert(_ element: Element) {
    if limit == 0 { return }
    if heap.count < limit {
      heap.append(element)
      siftUp(heap.count - 1)
    } else if precedes(element, heap[0]) {
      heap[0] = element
      siftDown(0)
    }
  }

  /// The elements held, best first.
  package func sorted() -> [Element] { heap.sorted(by: precedes) }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(heap[parent], heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var worst = parent
      let left = 2 * parent + 1
      if left < heap.count, precedes(heap[worst], heap[left]) { worst = left }
      if left + 1 < heap.count, precedes(heap[worst], heap[left + 1]) { worst = left + 1 }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }
}

extension Float {
  /// A whole number that ascends with the score. Zeros of both signs are one.
  @inlinable
  package var rank: UInt32 {
    let bits = (self == 0 ? 0 : self).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }

  /// The score of a rank.
  @inlinable
  package init(rank: UInt32) { self.init(bitPattern: rank >> 31 == 1 ? rank & ~(1 << 31) : ~rank) }
}
