/// The directories in which the limits of this process' control groups stand, each group with those above it.
struct ControlGroups {
  var directories: [String] = []

  /// `text` is `/proc/self/cgroup`: lines of `NUMBER:CONTROLLERS:PATH`, where one without controllers is a group of the
  /// unified hierarchy (version 2) and the others are of the old kind, one hierarchy for each controller.
  init(of text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let controllers = parts[1].split(separator: ",")
      if parts[1].isEmpty {
        add("/sys/fs/cgroup", parts[2])
        add("/sys/fs/cgroup/unified", parts[2])
      } else if controllers.contains("memory") {
        add("/sys/fs/cgroup/memory", parts[2])
      }
    }
  }

  /// A process in a container sees the path from outside but only its own group, at the top: both are looked at.
  private mutating func add(_ top: String, _ path: Substring) {
    var directory = top
    directories.append(directory)
    for component in path.split(separator: "/") where component != ".." && component != "." {
      directory += "/\(component)"
      directories.append(directory)
    }
  }
}
