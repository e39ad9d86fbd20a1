import IndexStorage
import ModelOpening
import Primitives
import Searching
import Testing

@Suite struct SearchPolicyTests {
  @Test(
    arguments: [
      (UpdateWait.Sight.nothing, 5.0, nil, nil),
      (
        .partial, 0, "the index is being built; this answer may lack files",
        "another process is building the index; this answer may lack files"
      ),
      (.complete, 0.9, nil, nil),
      (
        .complete, 1, "the index is being brought up to date; this answer is from before",
        "another process is indexing; this answer is from before"
      ),
      (
        .otherModel("old", building: "new"), 0,
        "the index is being built anew with new; until then the answer is BM25-only, from the index of old",
        "another process is building the index anew with new; until then the answer is BM25-only, from the index of old"
      ),
    ] as [(UpdateWait.Sight, Double, String?, String?)])
  func `a search waits for an update as long as nothing can answer, and a moment where something can`(
    _ sight: UpdateWait.Sight, _ seconds: Double, _ own: String?, _ other: String?
  ) {
    for (writer, words) in [(UpdateWait.Writer.thisProcess, own), (.anotherProcess, other)] {
      let note = UpdateWait.note(sight, waited: .seconds(seconds), writer, indexDirectory: "/i")
      #expect(note?.message == words)
      #expect(note.map { $0.code == .locked && $0.path == "/i" } ?? true)
    }
  }

  @Test(
    arguments: [
      // filled, lag, needs mending, may update
      (false, 0, false, true, SecondaryIndex.Standing.isBehind), (true, 17, false, true, .isBehind),
      (true, 16, false, true, .answersAfterUpdate), (true, 16, false, false, .answers),
      (true, 0, true, true, .answersAfterUpdate), (true, 0, true, false, .answers), (true, 0, false, true, .answers),
    ] as [(Bool, Int, Bool, Bool, SecondaryIndex.Standing)])
  func `a slower model's index answers when it is filled and few files differ`(
    _ isFilled: Bool, _ lag: Int, _ needsMending: Bool, _ mayUpdate: Bool, _ standing: SecondaryIndex.Standing
  ) {
    #expect(
      SecondaryIndex.standing(isFilled: isFilled, lag: lag, needsMending: needsMending, mayUpdate: mayUpdate)
        == standing)
  }

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
