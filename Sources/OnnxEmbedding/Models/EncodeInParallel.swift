import Embedding
import Primitives
import Tokenizing

/// The encodings of 0..<`count`, on several threads where there are many. Blocks.
func encodeInParallel(
  _ count: Int, threadCount: Int, _ encode: @escaping @Sendable (Int) throws(Failure) -> Encoding
) throws(Failure) -> [Encoding] {
  // Some 20 microseconds a text: for a few, threads cost more than they give.
  let portion = 32
  var encodings: [Encoding] = []
  encodings.reserveCapacity(count)
  try mapInOrder(
    count: (count + portion - 1) / portion, threadCount: count > 2 * portion ? threadCount : 1, costLimit: .max,
    cost: { _ in 1 },
    transform: { number, _ -> Result<[Encoding], Failure> in
      do throws(Failure) {
        var part: [Encoding] = []
        for i in number * portion..<min(count, (number + 1) * portion) { part.append(try encode(i)) }
        return .success(part)
      } catch {
        return .failure(error)
      }
    },
    consume: { (_, part) throws(Failure) in encodings += try part.get() })
  return encodings
}
