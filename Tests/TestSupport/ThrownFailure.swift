package import Primitives

/// The failure that `body` throws, or nil.
package func failure<Value>(_ body: () throws(Failure) -> Value) -> Failure? { failure(Failure.self, body) }

/// The error of that type that `body` throws, or nil.
package func failure<Problem: Error, Value>(
  _ type: Problem.Type, _ body: () throws(Problem) -> Value
) -> Problem? {
  do throws(Problem) {
    _ = try body()
    return nil
  } catch { return error }
}
