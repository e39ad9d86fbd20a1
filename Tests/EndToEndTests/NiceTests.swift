import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// At which priority the threads of the real program work.
@Suite struct NiceTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  /// The priority of each thread of the program that has used processor time, by its number.
  private func niceValues(of program: Program) throws -> [String: Int] {
    let tasks = FilePath("/proc/\(program.processID)/task")
    var values: [String: Int] = [:]
    for entry in (try? listDirectory(tasks)) ?? [] {
      // After the name, in parentheses, `utime` is the twelfth word and `nice` the seventeenth.
      guard let text = try? readSystemFile(tasks.appending(entry.name).appending("stat")),
        let end = text.lastIndex(of: ")")
      else { continue }
      let words = text[end...].split(separator: " ")
      if words.count > 17, (Int(words[12]) ?? 0) + (Int(words[13]) ?? 0) > 0 {
        values[entry.name.description] = Int(words[17])
      }
    }
    return values
  }

  /// Of all the looks while it indexes: the priorities of the three threads at least that worked.
  private func worked(_ arguments: String...) throws -> Set<Int> {
    var random = SeededRandom(seed: 8)
    try cairn.writeGenerated(files: 0..<1200, using: &random)
    let program = try cairn.start(arguments)
    var values: [String: Int] = [:]
    while program.isRunning, !program.outputSoFar.contains("\"event\":\"watching\"") {
      values.merge(try niceValues(of: program)) { $1 }
      program.run(until: .now + .milliseconds(5))
    }
    program.send(SIGKILL)
    _ = program.wait()
    // The one that only waits for the others has whatever it was started with.
    return Set(values.filter { $0.key != "\(program.processID)" }.values)
  }

  @Test func `index runs at the usual priority, and at a low one with nice`() throws {
    #expect(try worked("index", "-q").contains(0))
    removeTree(cairn.tree.root.appending(".cairn"))
    #expect(try worked("index", "-q", "--nice").contains(10))
  }

  @Test func `every thread of a watcher that works does so at a low priority, unless it is told not to`() throws {
    #expect(try worked("watch", "--json") == [10])
    removeTree(cairn.tree.root.appending(".cairn"))
    #expect(try !worked("watch", "--json", "--no-nice").contains(10))
  }
}
