import Primitives

/// What another process has done, as far as the system tells: by two of them it is known whether it gets on.
package struct ProcessActivity: Hashable, Sendable {
  /// Whether it was stopped (Ctrl-Z, SIGSTOP, a debugger) and does nothing until it is continued.
  package var isStopped: Bool
  /// Processor time that its threads have used, in ticks of the system's clock, 10 ms as a rule.
  package var tickCount: Int

  /// What there is to say of `process` now; nil where there is none, or the system does not tell. Some microseconds.
  ///
  /// - Parameter read: gives the text of a file below `/proc`, or nil if there is none.
  package init?(of process: Int, reading read: (String) -> String? = { try? readSystemFile(FilePath($0)) }) {
    guard let fields = read("/proc/\(process)/stat").flatMap({ statFields(of: $0) }) else { return nil }
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
    isStopped = fields[0] == "T" || fields[0] == "t"
    tickCount = user &+ system
  }
}

/// The fields of a `/proc/.../stat` from the state on. `4711 (a name) with) T 1 ...`: the name may hold anything, so
/// that the last parenthesis ends it.
func statFields(of text: String) -> [Substring]? {
  text.lastIndex(of: ")").map { text[text.index(after: $0)...].split(separator: " ") }
}
