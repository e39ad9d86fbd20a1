import JSON
import JSONRPC
import Primitives
import Testing

@Suite struct RunningRequestsTests {
  /// What `body`, which waits, says; outside of the shared pool, whose threads the requests need.
  private func waited(_ body: @escaping @Sendable () -> Bool) async -> Bool {
    let outcome = await onBlockingThread { () -> Result<Bool, Failure> in .success(body()) }
    return (try? outcome.get()) ?? false
  }

  @Test func `some are answered at once, some wait, and more are refused`() async throws {
    let requests = RunningRequests(limit: 2, waitingLimit: 3)
    let gate = Monitor(false)
    let done = Monitor(0)
    for id in 0..<5 {
      try requests.start(.number(id)) {
        _ = await onBlockingThread { () -> Result<Bool, Failure> in .success(gate.wait { $0 ? true : nil }) }
        return { done.update { $0 += 1 } }
      }
    }
    #expect(requests.counts.running == 2 && requests.counts.waiting == 3)
    do throws(MessageError) {
      try requests.start(.number(5)) { {} }
      Issue.record("a sixth request was taken")
    } catch {
      #expect(error.code == MessageError.overloaded && error.id == .number(5))
    }
    do throws(MessageError) {
      try requests.start(.number(4)) { {} }
      Issue.record("a second request of the same id was taken")
    } catch { #expect(error.code == MessageError.invalidRequest) }
    gate.update { $0 = true }
    #expect(await waited { done.wait(for: .seconds(3_000)) { $0 == 5 } })
    #expect(
      await waited {
        requests.waitForEnd(within: .seconds(3_000)); return true
      })
    #expect(requests.counts.running == 0 && requests.counts.waiting == 0)
  }

  @Test func `a request that waits is cancelled without ever being begun`() async throws {
    let requests = RunningRequests(limit: 1, waitingLimit: 3)
    let begun = Monitor<[Int]>([])
    try requests.start(.number(0)) {
      begun.update { $0.append(0) }
      while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(2)) }
      return { begun.update { $0.append(100) } }
    }
    try requests.start(.text("1")) { { begun.update { $0.append(1) } } }
    try requests.start(.number(2)) { { begun.update { $0.append(2) } } }
    requests.cancel(.text("1"))
    requests.cancel(.text("nobody"))
    requests.cancel(.number(0))
    #expect(await waited { begun.wait(for: .seconds(3_000)) { $0 == [0, 2] } })
    requests.close()
  }

  @Test func `closing cancels all, and nothing is begun after it`() async throws {
    let requests = RunningRequests(limit: 1, waitingLimit: 3)
    let begun = Monitor(0)
    for id in 0..<3 {
      try requests.start(.number(id)) {
        begun.update { $0 += 1 }
        while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(2)) }
        return { begun.update { $0 += 100 } }
      }
    }
    requests.close()
    #expect(
      await waited {
        requests.waitForEnd(within: .seconds(3_000)); return true
      })
    try requests.start(.number(9)) { { begun.update { $0 += 1 } } }
    #expect(requests.counts.running == 0)
    #expect(await !waited { begun.wait(for: .milliseconds(50)) { $0 > 1 } })
  }

  @Test func `a reader that comes late gets all, and the end waits for it`() {
    let outbox = Outbox()
    let reads = Monitor(false)
    let (written, isFinished) = (Monitor<[UInt8]>([]), Monitor(false))
    let writer = BlockingThread {
      outbox.run { bytes in
        reads.wait { $0 ? () : nil }
        written.update { $0 += bytes }
        return true
      }
    }
    for number in 0..<3 { outbox.send(.integer(number)) }
    let end = BlockingThread {
      outbox.finish()
      isFinished.update { $0 = true }
    }
    #expect(!isFinished.wait(for: .milliseconds(50)) { $0 })
    reads.update { $0 = true }
    end?.join()
    writer?.join()
    #expect(written.wait { bytes -> [UInt8]? in bytes } == Array("0\n1\n2\n".utf8))
  }

  @Test func `messages go out whole and in their order, until nobody reads them`() {
    let outbox = Outbox()
    let written = Monitor<[UInt8]>([])
    let thread = BlockingThread {
      outbox.run { bytes in
        written.update { $0 += bytes }
        return true
      }
    }
    for number in 0..<200 { outbox.send(.integer(number)) }
    outbox.finish()
    thread?.join()
    let text = String(decoding: written.wait { bytes -> [UInt8]? in bytes }, as: UTF8.self)
    #expect(text == (0..<200).map { "\($0)\n" }.joined())

    let closed = Outbox()
    let other = BlockingThread { closed.run { _ in false } }
    closed.send("one")
    other?.join()
    #expect(closed.isClosed)
    closed.send("two")
  }
}
