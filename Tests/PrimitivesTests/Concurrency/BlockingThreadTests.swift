import Primitives
import TestSupport
import Testing

@Suite struct BlockingThreadTests {
  @Test func `what a body gives or throws is what the one who waits for it gets`() throws {
    #expect(try onBlockingThread(until: SearchContext()) { .success(3) } == 3)
    let late = SearchContext(deadline: .now + .seconds(3_000))
    #expect(try onBlockingThread(until: late) { .success("a") } == "a")
    let thrown = failure { () throws(Failure) -> Int in
      try onBlockingThread(until: late) { .failure(Failure(.inputOutput, "no")) }
    }
    #expect(thrown?.message == "no")
  }

  @Test func `a body that does not end is left behind when the request is over`() throws {
    let mayEnd = Monitor(false)
    defer { mayEnd.update { $0 = true } }
    let context = SearchContext()
    let left = failure { () throws(Failure) -> Int in
      try onBlockingThread(until: context) {
        context.cancellation.cancel()
        mayEnd.wait { $0 ? () : nil }
        return .success(1)
      }
    }
    #expect(left?.code == .cancelled)
    let late = failure { () throws(Failure) -> Int in
      try onBlockingThread(until: SearchContext(deadline: .now + .milliseconds(5))) {
        mayEnd.wait { $0 ? () : nil }
        return .success(1)
      }
    }
    #expect(late?.code == .timedOut)
  }

  @Test func `where the request is over already nothing is begun`() {
    let context = SearchContext()
    context.cancellation.cancel()
    let hasBegun = Monitor(false)
    let refused = failure { () throws(Failure) -> Int in
      try onBlockingThread(until: context) {
        hasBegun.update { $0 = true }
        return .success(1)
      }
    }
    #expect(refused?.code == .cancelled && hasBegun.wait { $0 == false })
  }
}
