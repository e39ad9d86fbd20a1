import Primitives

extension PartInput {
  /// Keeping the best hundred of a stream of numbers.
  func topK() -> Part {
    let count = isQuick ? 100_000 : 1_000_000
    var random = SeededRandom(seed: 7)
    let numbers = (0..<count).map { _ in random.next() }
    return Part("top-k", per: "element", count: count) {
      var best = TopK<UInt64>(limit: 100) { $0 > $1 }
      for number in numbers { best.insert(number) }
      keep(best.sorted().count)
    }
  }
}
