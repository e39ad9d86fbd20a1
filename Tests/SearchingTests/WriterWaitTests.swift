import Disk
import IndexStorage
import Primitives
import Searching
import Testing

@Suite struct WriterWaitTests {
  private let start = ContinuousClock.now
  private func signs(ticks: Int, isStopped: Bool = false) -> WriterWait.Signs {
    var signs = WriterWait.Signs()
    signs.activity = ProcessActivity(of: 7) { _ in
      "7 (a (b) c) \(isStopped ? "T" : "S") 1 7 7 0 -1 0 0 0 0 0 \(ticks) 0 0 0 20 0 1 0"
    }
    return signs
  }

  @Test func `a process that gets on is waited for as long as that lasts`() {
    var wait = WriterWait()
    for second in 0..<300 {
      let now = start + .seconds(second)
      wait.note(7, signs(ticks: second / 20), at: now)
      #expect(wait.end(at: now, indexDirectory: "/x/.cairn") == nil)
    }
  }

  @Test func `one that does nothing, or was stopped, is named once its time is over`() throws {
    for (isStopped, patience) in [(false, WriterWait.patience), (true, WriterWait.patienceWithStopped)] {
      var wait = WriterWait()
      for second in 0...40 { wait.note(7, signs(ticks: 5, isStopped: isStopped), at: start + .seconds(second)) }
      #expect(wait.end(at: start + patience - .milliseconds(1), indexDirectory: "/x") == nil)
      let failure = try #require(wait.end(at: start + patience, indexDirectory: "/x/.cairn"))
      #expect(failure.code == .locked && failure.message.contains("process 7"), "\(failure)")
      #expect(failure.message.contains("kill -CONT 7") == isStopped)
    }
  }

  @Test func `another process has a time of its own`() {
    var wait = WriterWait()
    wait.note(7, signs(ticks: 5), at: start)
    wait.note(8, signs(ticks: 5), at: start + .seconds(29))
    #expect(wait.end(at: start + .seconds(31), indexDirectory: "/x") == nil)
    #expect(wait.end(at: start + .seconds(59), indexDirectory: "/x") != nil)
  }

  @Test func `what the system says of a process is read whatever its name is`() {
    let activity = signs(ticks: 12, isStopped: true).activity
    #expect(activity?.tickCount == 12 && activity?.isStopped == true)
    #expect(ProcessActivity(of: 7) { _ in nil } == nil)
    #expect(ProcessActivity(of: 7) { _ in "7 (x) S 1" } == nil)
    #expect(ProcessActivity(of: processID()) != nil)
  }
}
