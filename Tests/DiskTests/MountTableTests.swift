import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// What is mounted below a directory.
@Suite struct MountTableTests {
  @Test func `where nothing is mounted or unmounted, nothing has changed`() throws {
    let tree = try TemporaryTree(inMemory: true)
    let table = try #require(MountTable(below: tree.root))
    #expect(!table.hasChanged())
    #expect(!table.hasChanged())
  }

  @Test func `only what is mounted below the directory is of interest, and paths are as the table has them`() {
    let table = """
      22 1 0:21 / / rw - ext4 /dev/sda rw
      23 22 0:22 / /tree rw - tmpfs none rw
      24 22 0:23 / /tree/a rw - tmpfs none rw
      25 22 0:24 / /trees rw - tmpfs none rw
      26 22 0:25 / /with\\040blank/b\\134c rw - tmpfs none rw
      27 22
      """
    func count(_ root: FilePath) -> Int { MountTable.mounts(below: root, in: Array(table.utf8)).count }
    #expect(count("/tree") == 1)
    #expect(count("/") == 4)
    #expect(count("/with blank") == 1)
    #expect(count("/with blank/b\\c") == 0)
    #expect(count("/nowhere") == 0)
  }
}

/// A tree's top that is held open.
@Suite struct HeldRootTests {
  @Test func `a root is in its place until its path leads elsewhere, and again when it is back`() throws {
    let tree = try TemporaryTree(inMemory: true)
    let path = tree.root.appending("top/root")
    try makeDirectory(path)
    let root = try HeldRoot(path)
    #expect(root.isInPlace)
    let (top, away) = (try OpenDirectory(tree.root), try OpenDirectory(tree.root.appending("top")))
    try away.rename("root", to: "moved")
    #expect(!root.isInPlace)
    try makeDirectory(path)
    #expect(!root.isInPlace)
    removeTree(path)
    try away.rename("moved", to: "root")
    #expect(root.isInPlace)
    // A directory above is exchanged for a link to another.
    try top.rename("top", to: "old")
    makeLink(tree.root.appending("top"), to: tree.root.appending("other"))
    try makeDirectory(tree.root.appending("other/root"))
    #expect(!root.isInPlace)
    #expect(throws: Failure.self) { _ = try HeldRoot(path) }
    #expect(root.names(to: path.appending(".cairn/x")) == [".cairn", "x"] && root.names(to: path) == [])
    #expect(root.names(to: tree.root) == nil)
  }

  @Test func `every link that is followed on the way to a file is named`() throws {
    let tree = try TemporaryTree(inMemory: true)
    let root = tree.root
    try tree.write("real/dir/file", "x")
    makeLink(root.appending("first"), to: "second")
    makeLink(root.appending("second"), to: root.appending("real/link"))
    makeLink(root.appending("real/link"), to: "../real/dir")
    makeLink(root.appending("circle"), to: "circle")
    #expect(
      linksFollowed(by: root.appending("first/file"))
        == [root.appending("first"), root.appending("second"), root.appending("real/link")])
    #expect(linksFollowed(by: root.appending("real/dir/file")).isEmpty)
    #expect(linksFollowed(by: root.appending("missing/first")).isEmpty)
    #expect(Set(linksFollowed(by: root.appending("circle/x"))) == [root.appending("circle")])
    #expect(linksFollowed(by: "relative/first").isEmpty)
  }
}

@Suite struct ProcessTests {
  @Test func `a process that works is told from one that is stopped, and from none`() throws {
    // The thread that asks is at work.
    #expect(isAtWork(processID: processID()))
    let program = try Program("/bin/sleep", [Array("60".utf8)], in: "/", environment: [:])
    program.send(SIGSTOP)
    let end = ContinuousClock.now + .seconds(10)
    // It may have been about to begin.
    while isAtWork(processID: program.processID), ContinuousClock.now < end {
      program.run(until: .now + .milliseconds(1))
    }
    #expect(!isAtWork(processID: program.processID))
    #expect(!isAtWork(processID: 1 << 30))
  }
}
