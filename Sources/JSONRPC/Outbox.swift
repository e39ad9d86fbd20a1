package import JSON
import Primitives

/// Messages on their way out, in the order in which they were sent, written by one thread: nobody else waits for a
/// reader that is slow, until much is on its way. Thread-safe.
package final class Outbox: Sendable {
  private struct State: Sendable {
    var lines: [[UInt8]] = []
    var byteCount = 0
    var isWriting = false
    var isEnding = false
    /// Nobody reads any more.
    var isClosed = false
  }
  private let state = Monitor(State())
  /// Who sends waits while so many bytes are not written.
  private static let byteLimit = 16 << 20

  package init() {}

  /// Whether nobody reads any more what is written.
  package var isClosed: Bool { state.wait { state -> Bool? in state.isClosed } }

  /// Sends a message. Waits where a reader that does not read has left too many; one that nobody will read is dropped.
  package func send(_ message: JSONValue) {
    var line = message.bytes
    line.append(UInt8(ascii: "\n"))
    let taken = line
    _ = state.wait { state -> Bool? in
      state.isClosed || state.isEnding || state.byteCount < Self.byteLimit ? true : nil
    }
    state.update { state in
      if state.isClosed { return }
      state.lines.append(taken)
      state.byteCount += taken.count
    }
  }

  /// Writes what is sent, until that fails or `finish` was called. Blocks: for a thread of its own.
  ///
  /// - Parameter write: writes all of it; false where that is not possible any more.
  package func run(_ write: ([UInt8]) -> Bool) {
    while true {
      let next: [UInt8] = state.wait { state -> [UInt8]? in
        if state.lines.isEmpty { return state.isEnding ? [] : nil }
        var all: [UInt8] = []
        for line in state.lines { all += line }
        state.lines = []
        state.isWriting = true
        return all
      }
      if next.isEmpty { break }
      let isWritten = write(next)
      state.update { state in
        state.isWriting = false
        state.byteCount = max(0, state.byteCount - next.count)
        if !isWritten { state.isClosed = true }
      }
      if !isWritten { break }
    }
    state.update { $0.isEnding = true }
  }

  /// Has `run` end once everything is written, and waits until it is, or nobody reads any more. A reader that comes
  /// late gets all of it: a process that ends before would leave it half a message.
  package func finish() {
    state.update { $0.isEnding = true }
    state.wait { state -> Void? in state.isClosed || state.lines.isEmpty && !state.isWriting ? () : nil }
  }
}
