package import Cairn
import Disk
import Settings

// What doors need that serve for long, such as the one of agents.

extension Workspace {
  /// Gives back what the process holds free of memory, after work that held much: some milliseconds. From then on large
  /// blocks are given back as soon as they are freed.
  package static func returnFreeMemory() {
    ProcessMemory.returnsLargeBlocks()
    ProcessMemory.returnFreeMemory()
  }
}

extension Configuration {
  /// Whether the tokens of answers to agents are added up.
  package var keepsSavings: Bool { values.boolean(.keepsSavings) }
}
