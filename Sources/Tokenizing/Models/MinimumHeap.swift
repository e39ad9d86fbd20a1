/// Numbers, of which the lowest comes first.
struct MinimumHeap {
  private var numbers: [UInt64] = []

  var isEmpty: Bool { numbers.isEmpty }
  mutating func removeAll() { numbers.removeAll(keepingCapacity: true) }

  mutating func insert(_ number: UInt64) {
    var i = numbers.count
    numbers.append(number)
    while i > 0 {
      let parent = (i - 1) / 2
      if numbers[parent] <= number { break }
      numbers[i] = numbers[parent]
      i = parent
    }
    numbers[i] = number
  }

  mutating func popFirst() -> UInt64? {
    guard let first = numbers.first else { return nil }
    let last = numbers.removeLast()
    if numbers.isEmpty { return first }
    var i = 0
    while true {
      var child = 2 * i + 1
      if child >= numbers.count { break }
      if child + 1 < numbers.count, numbers[child + 1] < numbers[child] { child += 1 }
      if numbers[child] >= last { break }
      numbers[i] = numbers[child]
      i = child
    }
    numbers[i] = last
    return first
  }
}
