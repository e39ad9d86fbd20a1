import ModelOpening
import Primitives
import Testing

/// Values that are costly to open.
@Suite struct OpenedOnceTests {
  /// Values that are numbered in the order in which they were opened; "slow" waits until it is released.
  final class Opening: Sendable {
    private let values = OpenedOnce<String, Int>()
    private let state = Monitor((isOpen: false, isWaiting: false, count: 0))

    func value(_ key: String) async -> Result<Int, Failure> {
      await onBlockingThread { [self] in Result { () throws(Failure) in try values.value(key) { open(key) } } }
    }

    private func open(_ key: String) -> Int {
      state.update { $0.isWaiting = true }
      if key == "slow" { state.wait { $0.isOpen ? () : nil } }
      state.update { $0.count += 1 }
      return state.wait { $0.count }
    }

    func waitUntilOneWaits() async {
      _ = await onBlockingThread { [state] in
        state.wait { $0.isWaiting ? () : nil }
        return .success(true)
      }
    }

    func letGo() { state.update { $0.isOpen = true } }
  }

  @Test func `a value that is slow to open keeps only those waiting who want the same`() async throws {
    let opening = Opening()
    async let slow = opening.value("slow")
    await opening.waitUntilOneWaits()
    #expect(try await opening.value("quick").get() == 1)
    opening.letGo()
    #expect(try await slow.get() == 2)
    #expect(try await opening.value("slow").get() == 2)
  }

  @Test func `a value that could not be opened is tried again`() throws {
    let opened = OpenedOnce<String, Int>()
    #expect(throws: Failure.self) {
      try opened.value("a") { () throws(Failure) in throw Failure(.inputOutput, "not now") }
    }
    #expect(try opened.value("a") { () throws(Failure) in 3 } == 3)
  }
}
