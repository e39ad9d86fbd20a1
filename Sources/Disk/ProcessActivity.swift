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
    // `4711 (a name) with) T 1 ...`: the name may hold anything, so that the last parenthesis ends it.
    guard let text = read("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
    isStopped = fields[0] == "T" || fields[0] == "t"
    tickCount = user &+ system
  }
}
