extension [UInt64] {
  /// Moves the `count` largest numbers to the front, in no order (Hoare, "Algorithm 65: find", 1961): linear time.
  /// Numbers are distinct.
  package mutating func moveLargestToFront(_ count: Int) {
    if count <= 0 || count >= self.count { return }
    var numbers = mutableSpan
    var low = 0
    var high = numbers.count - 1
    while low < high {
      let (a, b, c) = (numbers[low], numbers[(low + high) / 2], numbers[high])
      let pivot = Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
      var i = low
      var j = high
      while i <= j {
        while numbers[i] > pivot { i += 1 }
        while numbers[j] < pivot { j -= 1 }
        if i <= j {
          numbers.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if count - 1 <= j {
        high = j
      } else if count - 1 >= i {
        low = i
      } else {
        return
      }
    }
  }

  /// The `count` largest numbers, in their order. Numbers are distinct.
  package func largest(_ count: Int) -> [UInt64] {
    if count <= 0 { return [] }
    if self.count <= count { return self }
    var moved = self
    moved.moveLargestToFront(count)
    let least = moved[..<count].min() ?? 0
    return filter { $0 >= least }
  }
}
