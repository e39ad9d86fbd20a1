extension [UInt64] {
  /// Moves the `count` largest numbers to the front, in no order (Hoare, "Algorithm 65: find", 1961): linear time. Numbers are
  /// distinct.
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

  /// Sorts the few hundred numbers that an answer is made of in ascending order (Hoare, "Algorithm 64: quicksort", 1961): in a third of the
  /// time that `sort`, which keeps the order of equals, takes for them. More than `quickSortLimit` numbers are left to that, whose time no
  /// order of theirs makes longer.
  package mutating func sortAscending() {
    if count > Self.quickSortLimit { return sort() }
    var numbers = mutableSpan
    Self.sort(&numbers, 0, numbers.count - 1)
  }
  private static let quickSortLimit = 4096

  private static func sort(_ numbers: inout MutableSpan<UInt64>, _ first: Int, _ last: Int) {
    var low = first
    var high = last
    while high - low >= 16 {
      let (a, b, c) = (numbers[low], numbers[(low + high) / 2], numbers[high])
      let pivot = Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
      var i = low
      var j = high
      while i <= j {
        while numbers[i] < pivot { i += 1 }
        while numbers[j] > pivot { j -= 1 }
        if i <= j {
          numbers.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      // The smaller part by a call, so that there are few of them.
      if j - low < high - i {
        sort(&numbers, low, j)
        low = i
      } else {
        sort(&numbers, i, high)
        high = j
      }
    }
    var next = low + 1
    while next <= high {
      let number = numbers[next]
      var place = next
      while place > low, numbers[place - 1] > number {
        numbers[place] = numbers[place - 1]
        place -= 1
      }
      numbers[place] = number
      next += 1
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
